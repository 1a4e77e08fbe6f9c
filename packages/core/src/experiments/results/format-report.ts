import { formatUsd } from '../../kernel/index.ts';
import type { PreRegistration } from '../definition/pre-registration.ts';
import { metricWords, valueWords } from './result-words.ts';
import type { ExperimentResults, MetricResult } from './results.ts';

export interface ReportedTest {
  readonly name: string;
  readonly hypothesis: string;
  readonly preRegistration: PreRegistration;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly results: ExperimentResults;
}

/** The whole test as one page of Markdown. */
export function formatReportMarkdown(test: ReportedTest): string {
  const { results } = test;
  const lines = [
    `# ${inline(test.name)}`,
    '',
    `**${inline(results.headline)}**`,
    '',
    `Hypothesis: ${inline(test.hypothesis)}`,
    '',
    `Started ${test.startedAt}${test.endedAt ? `, ended ${test.endedAt}` : ', still running'}. Pre-registered as \`${test.preRegistration.hash}\`.`,
    '',
    ...results.variants.flatMap(({ variant, metrics, verdict }) => [
      `## ${inline(variant)} against ${inline(results.baseline)}: ${verdict}`,
      '',
      '| metric | baseline | variant | effect | interval | p, any look | p, one look, Holm | pairs |',
      '| --- | ---: | ---: | ---: | :---: | ---: | ---: | ---: |',
      ...metrics.map((metric) => `| ${cellsOf(metric).map(inline).join(' | ')} |`),
      '',
      ...metrics
        .filter(({ isPrimary, isGuardrail }) => isPrimary || isGuardrail)
        .map(({ words }) => `- ${inline(words)}`),
      '',
    ]),
    '## Answers',
    '',
    '| variant | answers | failed | cost | cost per success |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...results.summaries.map(({ variant, answers, failed, costNanoUsd, costPerSuccessUsd }) => {
      const each =
        costPerSuccessUsd.kind === 'estimate' ? valueWords('costUsd', costPerSuccessUsd.estimate) : 'cannot tell';
      return `| ${inline(variant)} | ${answers} | ${failed} | $${formatUsd(costNanoUsd)} | ${each} |`;
    }),
    '',
    ...(results.health.cautions.length > 0
      ? ['## Cautions', '', ...results.health.cautions.map((each) => `- ${inline(each)}`), '']
      : []),
    '## What was decided before the start',
    '',
    fenced(test.preRegistration.text),
    '',
  ];
  return lines.join('\n');
}

/** Plain data, money as decimal text. */
export function formatReportJson(test: ReportedTest): string {
  const { preRegistration, ...rest } = test;
  const content = {
    version: 1,
    ...rest,
    preRegistration: { ...preRegistration, content: JSON.parse(preRegistration.text) },
  };
  return JSON.stringify(content, (_, value) => (typeof value === 'bigint' ? formatUsd(value) : value), 2);
}

/** One row for each variant and metric (RFC 4180, CRLF). */
export function formatReportCsv({ results }: ReportedTest): string {
  const head = [
    'variant',
    'metric',
    'role',
    'pairs',
    'baseline_mean',
    'variant_mean',
    'effect',
    'low',
    'high',
    'p_value',
    'verdict',
    'note',
    'method_at_end',
    'low_at_end',
    'high_at_end',
    'p_value_at_end',
    'p_value_at_end_holm',
    'variance_saved',
  ];
  const rows = results.variants.flatMap(({ variant, metrics, verdict }) =>
    metrics.map(({ metric, isPrimary, isGuardrail, pairs, baselineMean, variantMean, effect, atEnd, adjusted }) => {
      const once = atEnd?.kind === 'end-look' ? atEnd : undefined;
      const told = effect.kind === 'anytime' ? effect : undefined;
      return [
        ...[
          variant,
          metric,
          isPrimary ? 'primary' : isGuardrail ? 'guardrail' : 'shown',
          pairs,
          baselineMean,
          variantMean,
        ],
        ...[told?.estimate, told?.interval.low, told?.interval.high, told?.pValue, verdict],
        effect.kind === 'cannot-tell' ? effect.message : '',
        ...[once?.method, once?.interval.low, once?.interval.high, once?.pValue, once?.holmPValue],
        adjusted?.kind === 'adjusted' ? adjusted.varianceSaved : undefined,
      ];
    }),
  );
  return `${[head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function csvCell(value: string | number | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  // A spreadsheet must not take a text for a formula.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const pWords = (value: number | undefined): string =>
  value === undefined ? 'cannot tell' : value < 0.001 ? '< 0.001' : value.toFixed(3);

function cellsOf({ metric, baselineMean, variantMean, effect, pairs, atEnd }: MetricResult): readonly string[] {
  const shown = (value: number | undefined) => (value === undefined ? 'none' : valueWords(metric, value));
  const told = effect.kind === 'anytime' ? effect : undefined;
  const interval = told ? `${shown(told.interval.low)} to ${shown(told.interval.high)}` : 'cannot tell';
  const once = atEnd?.kind === 'end-look' ? (atEnd.holmPValue ?? atEnd.pValue) : undefined;
  return [
    ...[metricWords(metric), shown(baselineMean), shown(variantMean), shown(told?.estimate), interval],
    ...[pWords(told?.pValue), pWords(once), String(pairs)],
  ];
}

/** Text of others on one line, without effect on the page. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}json\n${text}\n${fence}`;
}
