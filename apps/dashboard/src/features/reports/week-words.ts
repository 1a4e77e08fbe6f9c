import { formatCompact, formatCount, formatDuration, formatShare, formatUsd } from '../../format/number-format.ts';
import type { WeekContentFragment, WeekVerdict } from '../../gql/reports.ts';

export type WeekReport = WeekContentFragment;
type Figures = WeekReport['total'];

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayMs = 86_400_000;

/** A calendar day is the same everywhere: it is written as it stands, `16 Nov 2026`. */
export const weekWords = (weekStart: string): string => day.format(new Date(`${weekStart}T00:00:00Z`));
export const weekdayWords = (date: string): string => weekday.format(new Date(`${date}T00:00:00Z`));
export const weekEndWords = (weekStart: string): string => day.format(Date.parse(`${weekStart}T00:00:00Z`) + 6 * dayMs);

export interface WeekLine {
  readonly label: string;
  /** Undefined where the figure is unknown. */
  read(figures: Figures): number | undefined;
  format(value: number): string;
  verdict?(report: WeekReport): WeekVerdict;
}

/** The figures of a week in the order of the page. */
export const weekLines: readonly WeekLine[] = [
  {
    label: 'Spend',
    read: ({ costUsd }) => Number(costUsd),
    format: formatUsd,
    verdict: ({ costVerdict }) => costVerdict,
  },
  { label: 'Calls', read: ({ calls }) => calls, format: formatCount, verdict: ({ callsVerdict }) => callsVerdict },
  {
    label: 'Success',
    read: ({ successRate }) => successRate ?? undefined,
    format: formatShare,
    verdict: ({ successVerdict }) => successVerdict,
  },
  {
    label: 'Cost per success',
    read: ({ costPerSuccessUsd }) => (costPerSuccessUsd === null ? undefined : Number(costPerSuccessUsd)),
    format: formatUsd,
  },
  { label: 'Median latency', read: ({ latencyP50Ms }) => latencyP50Ms ?? undefined, format: formatDuration },
  { label: '95 % within', read: ({ latencyP95Ms }) => latencyP95Ms ?? undefined, format: formatDuration },
  {
    label: 'First token, median',
    read: ({ timeToFirstTokenP50Ms }) => timeToFirstTokenP50Ms ?? undefined,
    format: formatDuration,
  },
  {
    label: 'Input tokens',
    read: ({ inputTokens }) => inputTokens,
    format: (value) => formatCompact(Math.round(value)),
  },
  {
    label: 'Output tokens',
    read: ({ outputTokens }) => outputTokens,
    format: (value) => formatCompact(Math.round(value)),
  },
];

export const verdictWords: Record<WeekVerdict, string> = {
  USUAL: 'as usual',
  HIGHER: 'higher than usual',
  LOWER: 'lower than usual',
  CANNOT_TELL: '',
};

export const dimensionWords: Record<string, string> = {
  model: 'model',
  workflow: 'workflow',
  step: 'step',
  member: 'member',
  apiKey: 'API key',
};

/** Where the calls of a mover are explored; days are those of the reader, so the week is named by its dates. */
export function moverLink(report: WeekReport, dimension: string, value: string): string {
  const name = dimension === 'apiKey' ? 'key' : dimension;
  const next = new URLSearchParams({
    days: 'custom',
    from: report.days[0]?.date ?? '',
    to: report.days.at(-1)?.date ?? '',
  });
  next.set('by', name);
  next.set(name, value);
  next.set('data', report.origin === 'LIVE' ? 'live' : 'simulated');
  return `/reports?${next}`;
}
