import type { AlertKind } from '@switchyard/core/guardrails';
import { type AlertRuleKind, isMeasured } from '@switchyard/core/health';
import type { AlertDraft } from '../../alerts/raise-alert.ts';
import type { RuleBook } from './rule-book.ts';

const kindByAlert: Readonly<Partial<Record<AlertKind, AlertRuleKind>>> = {
  'provider.down': 'down',
  'provider.degraded': 'degraded',
  'provider.latency': 'latency',
  'provider.errorRate': 'error-rate',
  'provider.recovered': 'recovery',
};

/** What the team's rules make of what health says of an incident: the alert as it is told, or undefined. */
export function gateIncident(
  book: RuleBook,
  draft: AlertDraft,
  incident: { readonly subjectId: string; readonly startedAt: Date },
  nowMs: number,
): AlertDraft | undefined {
  const kind = kindByAlert[draft.kind];
  const rule = kind && book.choose(draft.teamId, kind, incident.subjectId);
  if (!rule) return draft;
  if (!rule.isEnabled || (rule.mutedUntilMs ?? 0) > nowMs) return undefined;
  // Its own figures tell in place of health.
  if (isMeasured(rule)) return undefined;
  const isLasting = draft.status === 'firing' && rule.windowMs !== undefined;
  if (isLasting && nowMs - incident.startedAt.getTime() < (rule.windowMs ?? 0)) return undefined;
  const facts = [...draft.facts, { name: 'rule', label: 'Rule', value: rule.name }];
  return { ...draft, facts, renotifyAfterMs: rule.renotifyAfterMs };
}
