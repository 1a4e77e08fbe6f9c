import {
  type AnytimeEstimate,
  adjustPValues,
  type BetterDirection,
  type CannotTell,
  decideJointly,
  type MarginResult,
  varianceOf,
} from '../../stats/index.ts';
import type { ExperimentDefinition } from '../definition/experiment-definition.ts';
import { isFutile } from './is-futile.ts';
import { boundariesOf, lookAtMargin, lookAtMetric, type WatchBoundaries } from './look-at-metric.ts';
import { comparedVariants, goalsOf, metricsOf, type PairedWatch, type WatchPlan } from './paired-watch.ts';

/** What one look shows of one metric of one variant. */
export interface MetricLook {
  readonly metric: string;
  readonly effect: AnytimeEstimate | CannotTell;
  /** Undefined for metrics that decide nothing. */
  readonly margin: MarginResult | CannotTell | undefined;
}

export interface VariantLook {
  readonly variant: string;
  readonly metrics: readonly MetricLook[];
  /** 'wins': better by the primary metric, no guardrail harmed. 'harmed': worse for sure in what `harmed` names. */
  readonly verdict: 'wins' | 'harmed' | 'futile' | 'open';
  /** Holm over the variants; holds at every look. */
  readonly winPValue: number;
  readonly harmed: readonly string[];
  /** Metrics that stand in the way of a win. */
  readonly open: readonly string[];
}

export interface WatchLook {
  readonly items: number;
  readonly variants: readonly VariantLook[];
}

/**
 * A look at what decides, or with `isWhole` at all metrics. The returned watch remembers what the look has shown: wins and
 * harms are kept as the smallest p-values so far, which hold at every look, and so does Holm's correction of them.
 */
export function lookAtWatch(
  watch: PairedWatch,
  plan: WatchPlan,
  options: { readonly boundaries?: WatchBoundaries; readonly isWhole?: boolean } = {},
): { readonly watch: PairedWatch; readonly look: WatchLook } {
  const boundaries = options.boundaries ?? boundariesOf(plan.definition, plan.plannedUnits);
  const watched = (variant: string, metric: string) => watch.metrics[variant]![metric]!;
  const { shown, variants } = concludeLook(plan.definition, watch, {
    level: boundaries.conclusion.alpha,
    isWhole: options.isWhole ?? false,
    effectOf: (variant, metric) => lookAtMetric(metric, watched(variant, metric), boundaries),
    marginOf: (variant, goal) => lookAtMargin(goal.metric, watched(variant, goal.metric), goal, boundaries),
    isHopeless: (variant, effect) => {
      const { differences } = watched(variant, plan.definition.primary.metric);
      const { count, mean } = differences;
      return isFutile({ count, mean, deviation: Math.sqrt(varianceOf(differences)) }, effect, plan, boundaries);
    },
  });
  return { watch: { ...watch, ...shown }, look: { items: watch.items, variants } };
}

/** What looks have shown: later ones do not take it back. */
export type ShownSoFar = Pick<PairedWatch, 'winPValues' | 'harmPValues'>;

/** How a look sees the figures of a test, be they of pairs or of two arms. */
export interface LookFigures {
  /** Error rate of a conclusion, one-sided. */
  readonly level: number;
  /** Look at all metrics, not only at what decides. */
  readonly isWhole: boolean;
  readonly effectOf: (variant: string, metric: string) => AnytimeEstimate | CannotTell;
  readonly marginOf: (
    variant: string,
    goal: { readonly metric: string; readonly better: BetterDirection; readonly margin: number },
  ) => MarginResult | CannotTell;
  /** Whether a win is out of reach; `effect` is that of the primary metric. */
  readonly isHopeless: (variant: string, effect: AnytimeEstimate | CannotTell) => boolean;
}

/** The verdicts of one look, Holm over variants and metrics. */
export function concludeLook(
  definition: ExperimentDefinition,
  before: ShownSoFar,
  { level, isWhole, effectOf, marginOf, isHopeless }: LookFigures,
): { readonly shown: ShownSoFar; readonly variants: readonly VariantLook[] } {
  const variants = comparedVariants(definition);
  const goals = goalsOf(definition);
  const margins = variants.map((variant) =>
    goals.map(({ metric, better, margin }) => ({
      name: metric,
      result: marginOf(variant, { metric, better: better ?? 'higher', margin }),
    })),
  );
  const winPValues = { ...before.winPValues };
  const harmPValues = { ...before.harmPValues };
  variants.forEach((variant, v) => {
    const joint = decideJointly(margins[v]!, { alpha: level });
    winPValues[variant] = Math.min(winPValues[variant] ?? 1, joint.pValue);
    for (const { name, result } of margins[v]!) {
      const key = harmKey(variant, name);
      if (result.kind === 'margin') harmPValues[key] = Math.min(harmPValues[key] ?? 1, result.harmPValue);
    }
  });
  const wins = adjustPValues(
    variants.map((variant) => winPValues[variant]!),
    'holm',
  );
  const harmKeys = variants.flatMap((variant) => goals.map(({ metric }) => harmKey(variant, metric)));
  const harms = adjustPValues(
    harmKeys.map((key) => harmPValues[key] ?? 1),
    'holm',
  );
  const isHarmed = (variant: string, metric: string) => harms[harmKeys.indexOf(harmKey(variant, metric))]! <= level;
  const looks = variants.map((variant, v): VariantLook => {
    const shown = isWhole ? metricsOf(definition) : goals.map(({ metric }) => metric);
    const metrics = shown.map((metric): MetricLook => {
      const goal = goals.findIndex((each) => each.metric === metric);
      const margin = goal < 0 ? undefined : margins[v]![goal]!.result;
      return { metric, effect: effectOf(variant, metric), margin };
    });
    const harmed = goals.map(({ metric }) => metric).filter((metric) => isHarmed(variant, metric));
    const open = margins[v]!.filter(({ result }) => result.kind !== 'margin' || result.passPValue > level);
    const isOut = isHopeless(variant, metrics[0]!.effect);
    const verdict = wins[v]! <= level ? 'wins' : harmed.length > 0 ? 'harmed' : isOut ? 'futile' : 'open';
    return { variant, metrics, verdict, winPValue: wins[v]!, harmed, open: open.map(({ name }) => name) };
  });
  return { shown: { winPValues, harmPValues }, variants: looks };
}

const harmKey = (variant: string, metric: string): string => `${variant} ${metric}`;

/** The sides of money and size, which end a test whatever it shows. */
export interface TestLimits {
  readonly isBudgetGone: boolean;
  readonly areItemsDone: boolean;
}

export type StopReason = 'win' | 'harm' | 'futility' | 'budget' | 'end';

export interface StopDecision {
  readonly reason: StopReason;
  /** The variant to adopt; undefined keeps the baseline. */
  readonly winner: string | undefined;
}

/**
 * Whether the test is over; undefined while it goes on. A win stops as soon as one variant wins and no other one can still
 * do so better: with several variants the others must have won too, be harmed or be hopeless. Harm and futility stop when
 * nothing is left to hope for.
 */
export function decideStop(
  look: WatchLook,
  definition: ExperimentDefinition,
  limits: TestLimits,
): StopDecision | undefined {
  const { onWin, onHarm, onFutility } = definition.stop;
  const winner = bestWinner(look, definition);
  const isSettled = ({ verdict }: VariantLook) =>
    verdict === 'wins' || (verdict === 'harmed' && onHarm) || (verdict === 'futile' && onFutility);
  const areAllSettled = look.variants.every(isSettled);
  if (onWin && winner !== undefined && areAllSettled) return { reason: 'win', winner };
  if (winner === undefined && areAllSettled) {
    const reason = look.variants.every(({ verdict }) => verdict === 'harmed') ? 'harm' : 'futility';
    return { reason, winner: undefined };
  }
  if (limits.areItemsDone) return { reason: winner === undefined ? 'end' : 'win', winner };
  return limits.isBudgetGone ? { reason: 'budget', winner } : undefined;
}

/** Of those that win, the one with the greatest benefit in the primary metric. */
function bestWinner(look: WatchLook, definition: ExperimentDefinition): string | undefined {
  const [primary] = goalsOf(definition);
  const sign = primary?.better === 'lower' ? -1 : 1;
  const benefit = ({ metrics }: VariantLook) => {
    const effect = metrics[0]?.effect;
    return effect?.kind === 'anytime' ? sign * effect.estimate : Number.NEGATIVE_INFINITY;
  };
  const winners = look.variants.filter(({ verdict }) => verdict === 'wins');
  return winners.toSorted((a, b) => benefit(b) - benefit(a))[0]?.variant;
}
