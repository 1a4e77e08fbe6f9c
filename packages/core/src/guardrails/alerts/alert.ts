/** Everything an alert can be about. A kind is public (webhooks and filters switch on it) and is never renamed. */
export const alertKinds = [
  'budget.threshold',
  'budget.forecast',
  'budget.breached',
  'budget.approvalRequested',
  'model.latencyWarning',
  'provider.down',
  'provider.degraded',
  'provider.latency',
  'provider.errorRate',
  'provider.recovered',
  'provider.burnRate',
  'report.weekly',
  'channel.disabled',
  'channel.test',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** Kinds that a channel is sent only when it names them: they are no trouble. */
export const optionalAlertKinds: readonly AlertKind[] = ['report.weekly'];

/** From harmless to urgent. */
export const alertSeverities = ['info', 'warning', 'critical'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

/** One figure or name behind an alert: `name` for programs (camel case, unit in it), `label` for people. */
export interface AlertFact {
  readonly name: string;
  readonly label: string;
  readonly value: string | number | boolean | null;
}

/** Something that people should know, complete in itself: whoever reads it needs no other page to understand it. */
export interface Alert {
  readonly id: string;
  readonly teamId: string;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  /** `resolved`: what an earlier alert with the same key told of is over. */
  readonly status: 'firing' | 'resolved';
  /** Whether real or simulated calls brought it about. */
  readonly origin: 'live' | 'simulated';
  /** One line, at most {@link maxTitleCharacters}. */
  readonly title: string;
  /** What happened, what it means and what to do; plain text, at most {@link maxMessageCharacters}. */
  readonly message: string;
  /** A path of the dashboard that begins with a slash, for example `/guardrails`. */
  readonly link: string;
  readonly facts: readonly AlertFact[];
  /** Alerts with equal keys are about the same thing, for example `budget.threshold:bud_1:2026-11:0.8`. */
  readonly dedupeKey: string;
  /** When it happened, epoch ms. */
  readonly atMs: number;
}

export const maxTitleCharacters = 150;
export const maxMessageCharacters = 2_000;
export const maxFacts = 20;
const maxFactCharacters = 300;

/** The alert with every text cut to what all targets take, its title one line; a cut text ends with an ellipsis. */
export function clipAlert(alert: Alert): Alert {
  return {
    ...alert,
    title: clip(alert.title.replace(/\s+/g, ' ').trim(), maxTitleCharacters),
    message: clip(alert.message, maxMessageCharacters),
    facts: alert.facts.slice(0, maxFacts).map((fact) => ({
      ...fact,
      label: clip(fact.label, maxFactCharacters),
      value: typeof fact.value === 'string' ? clip(fact.value, maxFactCharacters) : fact.value,
    })),
  };
}

/** At most `maxCharacters` UTF-16 units of `text`, never half a character. */
export function clip(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const isSplit = /[\ud800-\udbff]/.test(text[maxCharacters - 2] ?? '');
  return `${text.slice(0, maxCharacters - (isSplit ? 2 : 1))}…`;
}
