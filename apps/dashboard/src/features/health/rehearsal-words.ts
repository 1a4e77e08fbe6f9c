import { formatDuration, formatShare } from '../../format/number-format.ts';
import type { RehearsalPhase, RehearsalSummaryFragment } from '../../gql/health.ts';

export type Rehearsal = RehearsalSummaryFragment;

export const phaseWords: readonly (readonly [RehearsalPhase, string])[] = [
  ['STARTING', 'Begins'],
  ['BASELINE', 'Calls while all is well'],
  ['BROKEN', 'Broken'],
  ['RESTORED', 'Restored, recovers'],
  ['DONE', 'Over'],
];

export const stateWords: Readonly<
  Record<Rehearsal['state'], { word: string; tone: 'good' | 'bad' | 'warn' | 'idle' }>
> = {
  RUNNING: { word: 'Goes on', tone: 'warn' },
  FINISHED: { word: 'Finished', tone: 'good' },
  CANCELLED: { word: 'Stopped', tone: 'idle' },
  FAILED: { word: 'Went wrong', tone: 'bad' },
  INTERRUPTED: { word: 'Interrupted', tone: 'bad' },
};

/** How the provider was broken: `no answer at all`, `60 % of calls answered 503`. */
export function faultInWords({ kind, status, share, delayMs, afterTokens }: Rehearsal['fault']): string {
  switch (kind) {
    case 'OUTAGE':
      return 'no answer at all';
    case 'ERROR':
      return `${share >= 1 ? 'every call' : `${formatShare(share)} of calls`} answered ${status}`;
    case 'LATENCY':
      return `every answer ${formatDuration(delayMs)} late`;
    case 'CUT':
      return `answers cut after ${afterTokens} tokens`;
  }
}

/** What the form holds; numbers as text. */
export interface RehearsalForm {
  readonly providerId: string;
  readonly model: string;
  readonly fallbacks: readonly string[];
  readonly fault: Rehearsal['fault']['kind'];
  readonly status: string;
  readonly percent: string;
  readonly delaySeconds: string;
  readonly calls: string;
  readonly maxCostUsd: string;
}

export const emptyRehearsalForm: RehearsalForm = {
  ...{ providerId: '', model: '', fallbacks: [], fault: 'OUTAGE', status: '503', percent: '100', delaySeconds: '15' },
  ...{ calls: '20', maxCostUsd: '0.50' },
};

/** What is wrong with a form by field; names of models are looked at by the server. */
export function rehearsalProblems(form: RehearsalForm): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  if (form.providerId === '') problems.providerId = 'Choose a provider.';
  if (form.model.trim() === '') problems.model = 'Name what the calls ask for.';
  const within = (field: 'calls' | 'percent' | 'delaySeconds', low: number, high: number) => {
    const value = Number(form[field]);
    if (form[field].trim() === '' || !(value >= low && value <= high))
      problems[field] = `A number from ${low} to ${high}.`;
  };
  within('calls', 5, 200);
  if (form.fault === 'ERROR') within('percent', 1, 100);
  if (form.fault === 'LATENCY') within('delaySeconds', 0.001, 120);
  if (!/^\d{1,4}(\.\d{1,9})?$/.test(form.maxCostUsd.trim()))
    problems.maxCostUsd = 'An amount of US dollars, such as 0.50.';
  return problems;
}

/** A form as the API takes it. Call only when `rehearsalProblems` found nothing. */
export function rehearsalInput(form: RehearsalForm) {
  return {
    providerId: form.providerId,
    model: form.model.trim(),
    fallbacks: [...form.fallbacks],
    fault: {
      kind: form.fault,
      ...(form.fault === 'ERROR' ? { status: Number(form.status), share: Number(form.percent) / 100 } : {}),
      ...(form.fault === 'LATENCY' ? { delayMs: Math.round(Number(form.delaySeconds) * 1000) } : {}),
    },
    calls: Math.round(Number(form.calls)),
    maxCostUsd: form.maxCostUsd.trim(),
  };
}
