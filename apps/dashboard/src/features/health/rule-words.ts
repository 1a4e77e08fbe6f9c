import type { AlertRuleFieldsFragment, AlertRuleKind } from '../../gql/health.ts';
import { formatLeft } from '../guardrails/budget-words.ts';

export type Rule = AlertRuleFieldsFragment;

/** What a kind is called in lists to choose from, in one order. */
export const kindWords: Readonly<Record<AlertRuleKind, string>> = {
  DOWN: 'Provider down',
  DEGRADED: 'Provider degraded',
  LATENCY: 'Provider slow',
  ERROR_RATE: 'Calls fail too often',
  RECOVERY: 'Provider well again',
  BURN_RATE: 'Objective burns too fast',
  LATENCY_TARGET: 'Latency target missed',
};

/** Whether figures of a window decide, in place of what health says. A threshold is null where none is given. */
export function isMeasured({ kind, threshold }: { kind: AlertRuleKind; threshold: number | null }): boolean {
  return kind === 'BURN_RATE' || ((kind === 'LATENCY' || kind === 'ERROR_RATE') && threshold !== null);
}

/** How a rule decides and how often it tells, behind its sentence. */
export function detailsInWords(rule: Pick<Rule, 'kind' | 'threshold' | 'minCalls' | 'renotifyAfterMs'>): string {
  const { kind, minCalls, renotifyAfterMs } = rule;
  const parts: string[] = [];
  if (isMeasured(rule)) parts.push(`Fewer than ${countOfCalls(minCalls ?? 10)} in the window decide nothing.`);
  if (kind !== 'RECOVERY') parts.push(`What lasts is told again after ${formatLeft(renotifyAfterMs)}.`);
  return parts.join(' ');
}

const countOfCalls = (count: number) => (count === 1 ? 'one call' : `${count.toLocaleString('en')} calls`);

export interface RuleState {
  readonly tone: 'on' | 'off' | 'muted' | 'firing';
  readonly text: string;
}

/** The state that matters most: off before muted before firing before on. `now` is epoch milliseconds. */
export function stateOfRule(rule: Pick<Rule, 'isEnabled' | 'mutedUntil' | 'firing'>, now: number): RuleState {
  if (!rule.isEnabled) return { tone: 'off', text: 'Off' };
  const mutedMs = rule.mutedUntil === null ? 0 : Date.parse(rule.mutedUntil) - now;
  if (mutedMs > 0) return { tone: 'muted', text: `Muted for ${formatLeft(mutedMs)} more` };
  if (rule.firing.length > 0) return { tone: 'firing', text: 'Firing now' };
  return { tone: 'on', text: 'On' };
}
