import {
  addToMoments,
  anytimeDifference,
  type CannotTell,
  cannotTell,
  differenceOfArms,
  type MarginResult,
  type RunningMoments,
  type SequentialPlan,
  testMarginAnytime,
  varianceOf,
} from '../../stats/index.ts';
import type { ExperimentDefinition } from '../definition/experiment-definition.ts';
import { isShareMetric } from '../definition/metric.ts';
import { isFutile } from './is-futile.ts';
import type { LiveWatch } from './live-watch.ts';
import { boundariesOf, type WatchBoundaries } from './look-at-metric.ts';
import { concludeLook, type ShownSoFar, type WatchLook } from './look-at-watch.ts';

/**
 * A look at a live split, readable at every time: each variant against the baseline, two arms of independent units. While the
 * split is broken nothing is concluded: all verdicts are open, and what earlier looks have shown stays as it was.
 */
export function lookAtLive(
  watch: LiveWatch,
  plannedUnits: number,
  before: ShownSoFar,
  options: { readonly isWhole?: boolean } = {},
): { readonly look: WatchLook; readonly shown: ShownSoFar; readonly isSplitBroken: boolean } {
  const { definition } = watch;
  const boundaries = new Map<string, WatchBoundaries>();
  const boundariesFor = (variant: string) => {
    const known =
      boundaries.get(variant) ?? boundariesOf(definition, plannedUnitsOf(definition, variant, plannedUnits));
    boundaries.set(variant, known);
    return known;
  };
  const armsOf = (variant: string, metric: string) =>
    [watch.arm(definition.baseline, metric), watch.arm(variant, metric)].map((arm) => padded(metric, arm)) as [
      RunningMoments,
      RunningMoments,
    ];
  const { shown, variants } = concludeLook(definition, before, {
    level: definition.stop.alpha / 2,
    isWhole: options.isWhole ?? false,
    effectOf: (variant, metric) => anytimeDifference(...armsOf(variant, metric), boundariesFor(variant).interval),
    marginOf: (variant, goal) => lookAtArms(armsOf(variant, goal.metric), goal, boundariesFor(variant).conclusion),
    isHopeless: (variant, effect) => {
      if (effect.kind === 'cannot-tell') return false;
      const { estimate: mean, observations: count, standardError } = effect;
      const plan = { definition, plannedUnits: plannedUnitsOf(definition, variant, plannedUnits) };
      const deviation = standardError * Math.sqrt(count);
      return isFutile({ count, mean, deviation }, effect, plan, boundariesFor(variant));
    },
  });
  const { isBroken } = watch.lookAtSplit();
  const items = watch.units;
  if (!isBroken) return { look: { items, variants }, shown, isSplitBroken: false };
  const open = variants.map((each) => ({ ...each, verdict: 'open' as const }));
  return { look: { items, variants: open }, shown: before, isSplitBroken: true };
}

/** Of all units, those that fall to a variant and the baseline. */
export function plannedUnitsOf({ variants, baseline }: ExperimentDefinition, variant: string, planned: number): number {
  const all = variants.reduce((sum, { weight }) => sum + weight, 0);
  const both = variants.reduce((sum, { key, weight }) => (key === variant || key === baseline ? sum + weight : sum), 0);
  return Math.max(1, Math.round((planned * both) / all));
}

/**
 * An arm of shares that are all alike has no variance, and would be believed too soon: one success and one failure are added
 * (Agresti & Caffo 2000), which only makes the answer more careful.
 */
function padded(metric: string, arm: RunningMoments): RunningMoments {
  if (!isShareMetric(metric) || arm.count < 2 || varianceOf(arm) > 0) return arm;
  return addToMoments(addToMoments(arm, 0), 1);
}

function lookAtArms(
  [baseline, variant]: readonly [RunningMoments, RunningMoments],
  goal: { readonly better: 'higher' | 'lower'; readonly margin: number },
  plan: SequentialPlan,
): MarginResult | CannotTell {
  const needed = Math.ceil(plan.firstLook / 2);
  const smaller = Math.min(baseline.count, variant.count);
  if (smaller < needed)
    return cannotTell('too-few', `The first look takes ${needed} units of each variant, one has ${smaller}.`);
  return testMarginAnytime(differenceOfArms(baseline, variant), goal, plan);
}
