import { durationText } from './incident.ts';

export const alertRuleKinds = [
  'down',
  'degraded',
  'latency',
  'error-rate',
  'recovery',
  'burn-rate',
  'latency-target',
] as const;
/** What a rule tells of. */
export type AlertRuleKind = (typeof alertRuleKinds)[number];

/** When a team is told of one kind of trouble. Times in milliseconds. */
export interface AlertRule {
  readonly kind: AlertRuleKind;
  readonly isEnabled: boolean;
  /** The provider; undefined: each one. */
  readonly subjectId: string | undefined;
  /** Above which figure it tells; undefined: when health itself says so. */
  readonly threshold: number | undefined;
  /** How far back is looked; of `down` and `degraded`: how long it must last. */
  readonly windowMs: number | undefined;
  /** Of burn rates: the second, shorter window that must be over the threshold too. */
  readonly shortWindowMs: number | undefined;
  /** Fewer calls than this in the window decide nothing. */
  readonly minCalls: number | undefined;
  /** Share of calls that should succeed, of burn rates. */
  readonly objective: number | undefined;
  readonly renotifyAfterMs: number;
  /** Epoch milliseconds. */
  readonly mutedUntilMs: number | undefined;
}

const hourMs = 3_600_000;

/** What lasts is told again after this time where a rule says nothing else. */
export const defaultRenotifyAfterMs = 24 * hourMs;
export const defaultObjective = 0.99;
/** Burn rates after the SRE workbook: the long window shows that it matters, the short one that it goes on. */
export const defaultBurnWindowMs = hourMs;
export const defaultBurnShortWindowMs = 300_000;
export const defaultBurnRate = 2;
export const defaultRuleWindowMs = 300_000;
export const defaultRuleMinCalls = 10;
/** A target that is missed more often than this in a row is told. */
export const defaultMissesInRow = 3;

const standard = {
  subjectId: undefined,
  threshold: undefined,
  windowMs: undefined,
  shortWindowMs: undefined,
  minCalls: undefined,
  objective: undefined,
  renotifyAfterMs: defaultRenotifyAfterMs,
  mutedUntilMs: undefined,
} as const;

/** The rule of a kind that every team has until it changes it. */
export function standardRule(kind: AlertRuleKind): AlertRule {
  if (kind === 'burn-rate') {
    return {
      ...standard,
      kind,
      isEnabled: false,
      threshold: defaultBurnRate,
      windowMs: defaultBurnWindowMs,
      shortWindowMs: defaultBurnShortWindowMs,
      minCalls: defaultRuleMinCalls,
    };
  }
  if (kind === 'latency-target') return { ...standard, kind, isEnabled: true, threshold: defaultMissesInRow };
  return { ...standard, kind, isEnabled: true };
}

/** Whether a rule is looked at again and again, by figures, in place of following incidents. */
export function isMeasured({ kind, threshold }: Pick<AlertRule, 'kind' | 'threshold'>): boolean {
  return kind === 'burn-rate' || ((kind === 'latency' || kind === 'error-rate') && threshold !== undefined);
}

/**
 * The rule that says whether incidents of a provider are told: one for it alone before one for all. Of several for all
 * the last that is switched on and follows incidents: what a team added holds in place of the standard rule.
 */
export function chooseRule<Rule extends AlertRule>(
  rules: readonly Rule[],
  kind: AlertRuleKind,
  subjectId: string,
): Rule | undefined {
  const ofKind = rules.filter((rule) => rule.kind === kind);
  const ofAll = ofKind.filter((rule) => rule.subjectId === undefined);
  return (
    ofKind.find((rule) => rule.subjectId === subjectId) ??
    ofAll.findLast((rule) => rule.isEnabled && !isMeasured(rule)) ??
    ofAll[0]
  );
}

/** Calls of a window: by outcome, and how soon answers began. */
export interface RuleFigures {
  readonly successes: number;
  /** By the provider's fault. */
  readonly failures: number;
  /** 95th percentile of the time to the first token in milliseconds; undefined without an answer. */
  readonly firstTokenP95Ms: number | undefined;
}

export interface RuleVerdict {
  readonly isFiring: boolean;
  /** What was measured over the window; undefined when there were too few calls. */
  readonly measured: number | undefined;
  readonly threshold: number;
  /** The same over the short window, of burn rates. */
  readonly measuredShort: number | undefined;
}

/**
 * Judges a measured rule. A burn rate is the share of failures over the share that the objective allows, after "Alerting on
 * SLOs" of the SRE workbook (Google 2018): it fires when both windows are above the threshold, and ends when the short one
 * is not.
 */
export function judgeRule(
  rule: Pick<AlertRule, 'kind' | 'threshold' | 'minCalls'> & { readonly objective: number },
  long: RuleFigures,
  short: RuleFigures | undefined,
): RuleVerdict {
  const minCalls = Math.max(1, rule.minCalls ?? defaultRuleMinCalls);
  const calls = long.successes + long.failures;
  if (rule.kind === 'burn-rate') {
    const threshold = rule.threshold ?? defaultBurnRate;
    const measured = calls < minCalls ? undefined : burnRateOf(long, rule.objective);
    const measuredShort = short && burnRateOf(short, rule.objective);
    const isFiring = (measured ?? 0) > threshold && (measuredShort ?? 0) > threshold;
    return { isFiring, measured, threshold, measuredShort };
  }
  const threshold = rule.threshold ?? Number.POSITIVE_INFINITY;
  const figure = rule.kind === 'latency' ? long.firstTokenP95Ms : calls === 0 ? undefined : long.failures / calls;
  const measured = calls < minCalls ? undefined : figure;
  return { isFiring: measured !== undefined && measured > threshold, measured, threshold, measuredShort: undefined };
}

/** How many times faster than allowed the failures of an objective are used up; 0 without calls. */
export function burnRateOf({ successes, failures }: RuleFigures, objective: number): number {
  const calls = successes + failures;
  return calls === 0 ? 0 : failures / calls / Math.max(1e-9, 1 - objective);
}

/** A rule in words, for people. */
export function describeRule(rule: AlertRule, providerName: string | undefined, objective: number): string {
  const who = providerName ?? 'any provider';
  const over = durationText(rule.windowMs ?? defaultRuleWindowMs);
  const lasting = rule.windowMs ? ` for ${durationText(rule.windowMs)}` : '';
  switch (rule.kind) {
    case 'down':
      return `Tells when ${who} is down${lasting}.`;
    case 'degraded':
      return `Tells when ${who} is degraded by failures and slowness together${lasting}.`;
    case 'recovery':
      return `Tells when ${who} is well again, to those who heard of the trouble.`;
    case 'latency':
      return rule.threshold === undefined
        ? `Tells when ${who} answers slower than usual.`
        : `Tells when the 95th percentile of the time to the first token of ${who} is above ${Math.round(rule.threshold)} ms over ${over}.`;
    case 'error-rate':
      return rule.threshold === undefined
        ? `Tells when too many calls of ${who} fail.`
        : `Tells when more than ${percentText(rule.threshold)} of the calls of ${who} fail over ${over}.`;
    case 'burn-rate': {
      const long = durationText(rule.windowMs ?? defaultBurnWindowMs);
      const short = durationText(rule.shortWindowMs ?? defaultBurnShortWindowMs);
      return `Tells when the failures that ${percentText(objective)} of success allow are used up more than ${rule.threshold ?? defaultBurnRate} times too fast at ${who}, over ${long} and over ${short}.`;
    }
    case 'latency-target':
      return `Tells when a model misses its latency target more than ${rule.threshold ?? defaultMissesInRow} times in a row.`;
  }
}

export function percentText(share: number): string {
  return `${Math.round(share * 100_000) / 1_000} %`;
}
