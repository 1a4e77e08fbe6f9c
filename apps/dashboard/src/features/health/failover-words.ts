import { formatDuration, formatShare } from '../../format/number-format.ts';
import type { FailoverPlanFieldsFragment } from '../../gql/health.ts';
import { formatLeft } from '../guardrails/budget-words.ts';

export type Plan = FailoverPlanFieldsFragment;
type Outage = Plan['passedOver'][number];

/** `All calls of the team`, `Calls of the role coder`. */
export function scopeInWords(scope: string): string {
  const [kind = '', ...rest] = scope.split(':');
  const name = rest.join(':');
  if (kind === 'role') return `Calls of the role ${name}`;
  if (kind === 'workflow') return `Calls of the workflow ${name}`;
  return 'All calls of the team';
}

/** The triggers of a plan, each as the end of "passed over when …"; empty: it is asked until it fails. */
export function triggersInWords({
  errorRateAbove,
  firstTokenP95AboveMs,
  consecutiveFailures,
  statusFrom,
  windowMs,
  minCalls,
}: Plan['triggers']): readonly string[] {
  const window = `within ${formatLeft(windowMs)}, from ${minCalls} calls on`;
  return [
    statusFrom === 'DOWN'
      ? 'its provider is down'
      : statusFrom === 'DEGRADED'
        ? 'its provider is degraded or down'
        : '',
    consecutiveFailures === null
      ? ''
      : `${consecutiveFailures} ${consecutiveFailures === 1 ? 'call fails' : 'calls in a row fail'}`,
    errorRateAbove === null ? '' : `more than ${formatShare(errorRateAbove)} of its calls fail (${window})`,
    firstTokenP95AboveMs === null
      ? ''
      : `5 of 100 first tokens take longer than ${formatDuration(firstTokenP95AboveMs)} (${window})`,
  ].filter((words) => words !== '');
}

/** When a model that was passed over is asked first again. */
export function returnInWords({
  returnKind,
  returnAfterAnswers,
}: Pick<Plan, 'returnKind' | 'returnAfterAnswers'>): string {
  if (returnKind === 'BY_HAND') return 'It is asked first again when somebody says so here.';
  if (returnKind === 'AFTER_ANSWERS') {
    const answers = returnAfterAnswers ?? 3;
    return `It is asked first again after ${answers === 1 ? 'a good answer' : `${answers} good answers in a row`}.`;
  }
  return 'It is asked first again as soon as it shows that it is back.';
}

/** Why a model is passed over, with what was measured and what the trigger says. */
export function outageInWords({
  reason,
  measured,
  threshold,
}: Pick<Outage, 'reason' | 'measured' | 'threshold'>): string {
  switch (reason) {
    case 'TRIGGER_ERROR_RATE':
      return `${formatShare(measured)} of its calls failed, the plan allows ${formatShare(threshold)}`;
    case 'TRIGGER_LATENCY':
      return `first tokens took ${formatDuration(measured)}, the plan allows ${formatDuration(threshold)}`;
    case 'TRIGGER_CONSECUTIVE_FAILURES':
      return `${measured} calls in a row failed, the plan allows fewer than ${threshold}`;
    case 'TRIGGER_STATUS':
      return measured >= 2 ? 'its provider is down' : 'its provider is degraded';
  }
}

const reasonWords: Readonly<Record<string, string>> = {
  'rate-limit': 'rate limit',
  'invalid-response': 'malformed answer',
  'invalid-request': 'refused request',
  'model-not-found': 'unknown model',
  'context-length': 'prompt too long',
  'content-filter': 'refused content',
  'circuit-open': 'its circuit was open',
  'trigger-error-rate': 'trigger: error rate',
  'trigger-latency': 'trigger: latency',
  'trigger-consecutive-failures': 'trigger: failures in a row',
  'trigger-status': 'trigger: status',
};

/** A reason of a failover, as people say it; unknown ones with their dashes taken out. */
export const reasonInWords = (reason: string): string => reasonWords[reason] ?? reason.replaceAll('-', ' ');
