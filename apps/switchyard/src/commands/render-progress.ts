import { formatUsd } from '@switchyard/core/kernel';
import type { Palette } from './palette.ts';
import { printableText } from './printable-text.ts';
import { type RunProgress, type StepMark, type StepProgress, seconds } from './run-progress.ts';

const signs: Readonly<Record<StepMark, readonly [sign: string, colour: keyof Palette]>> = {
  pending: ['·', 'faint'],
  running: ['▸', 'strong'],
  waiting: ['?', 'doubtful'],
  completed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  skipped: ['–', 'faint'],
};

const titleWidth = 28;

/** The step as one line of at most `columns` characters, colours apart. */
export function renderStep(step: StepProgress, nowMs: number, columns: number, palette: Palette): string {
  const [sign, colour] = signs[step.mark];
  const title = shorten(printableText(step.title), titleWidth).padEnd(titleWidth);
  const tookMs = step.startedAtMs === undefined ? undefined : (step.endedAtMs ?? nowMs) - step.startedAtMs;
  const facts = [
    step.modelId,
    tookMs === undefined || step.mark === 'waiting' ? undefined : seconds(Math.max(0, tookMs)),
    step.outputTokens > 0 ? `${step.outputTokens} tokens` : undefined,
    step.answers > 1 ? `${step.answers} answers` : undefined,
  ].filter((fact) => fact !== undefined);
  // While a model writes, its last words are the news.
  const news = step.mark === 'running' && step.text !== '' ? tail(printableText(step.text), columns) : step.note;
  const head = `${title} ${printableText(facts.join(' · '))}`.trimEnd();
  const room = columns - head.length - 6;
  const rest = news !== undefined && room > 8 ? `  ${fit(printableText(news), room, step.text !== '')}` : '';
  return `${palette[colour](sign)} ${shorten(head, columns - 2)}${palette.faint(rest)}`;
}

/** All lines of a live display: the steps that fit into `rows`, those at work first to stay, and the sum. */
export function renderRun(
  run: RunProgress,
  nowMs: number,
  size: { readonly columns: number; readonly rows: number },
  palette: Palette,
): readonly string[] {
  const room = Math.max(1, size.rows - 3);
  const shown = run.steps.length <= room ? run.steps : mostTelling(run.steps, room - 1);
  const lines = shown.map((step) => renderStep(step, nowMs, size.columns, palette));
  const hidden = run.steps.length - shown.length;
  if (hidden > 0) lines.push(palette.faint(`  and ${hidden} more steps`));
  return [...lines, palette.faint(shorten(renderSum(run), size.columns))];
}

/** What it came to so far: steps, money, failovers. */
export function renderSum({ steps, costNanoUsd, failovers }: RunProgress): string {
  const settled = steps.filter(({ mark }) => mark === 'completed' || mark === 'failed' || mark === 'skipped').length;
  const facts = [
    `${settled} of ${steps.length} steps`,
    `$${formatUsd(costNanoUsd)}`,
    failovers > 0 ? `${failovers} ${failovers === 1 ? 'failover' : 'failovers'}` : undefined,
  ];
  return facts.filter((fact) => fact !== undefined).join(' · ');
}

const weights: Readonly<Record<StepMark, number>> = {
  running: 0,
  waiting: 0,
  failed: 1,
  pending: 2,
  completed: 3,
  skipped: 4,
};

function mostTelling(steps: readonly StepProgress[], count: number): readonly StepProgress[] {
  const chosen = new Set([...steps].sort((a, b) => weights[a.mark] - weights[b.mark]).slice(0, Math.max(1, count)));
  return steps.filter((step) => chosen.has(step));
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

const tail = (text: string, width: number): string => text.slice(-width);

function fit(text: string, width: number, isTail: boolean): string {
  if (text.length <= width) return text;
  return isTail ? `…${text.slice(-(width - 1))}` : shorten(text, width);
}
