import { addToMoments, noMoments, type RunningMoments } from '../../stats/index.ts';
import type { ExperimentDefinition, ExperimentGoal } from '../definition/experiment-definition.ts';
import { usualDirection } from '../definition/metric.ts';
import type { AnsweredItem, MissingReason } from './answer-fact.ts';
import { pairOfItem } from './metric-value.ts';

/** What a test watches: its rules, and the size that it was planned for. */
export interface WatchPlan {
  readonly definition: ExperimentDefinition;
  /** Items (or clusters, where items have them) that the test was planned for. Fixed before the start. */
  readonly plannedUnits: number;
  /** Items of each cluster; absent when items have none. A cluster counts when all its items are in. */
  readonly clusterSizes?: ReadonlyMap<string, number>;
}

/** One metric of one variant against the baseline, so far. Plain data. */
export interface WatchedMetric {
  /** Of the differences, variant minus baseline. */
  readonly differences: RunningMoments;
  readonly baseline: RunningMoments;
  readonly variant: RunningMoments;
  /** Items without a pair, by reason. */
  readonly missing: Readonly<Record<MissingReason, number>>;
}

export interface PairedWatch {
  /** Items that are in, with or without a pair. */
  readonly items: number;
  /** By variant (without the baseline), then by metric. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, WatchedMetric>>>>;
  /** Smallest p-value so far that a variant wins, by variant: what a look has shown, later looks do not take back. */
  readonly winPValues: Readonly<Record<string, number>>;
  /** The same that a metric of a variant is harmed: `variant metric`. */
  readonly harmPValues: Readonly<Record<string, number>>;
  /** Clusters that are not complete yet. */
  readonly openClusters: Readonly<Record<string, readonly AnsweredItem[]>>;
}

const emptyMetric: WatchedMetric = { differences: noMoments, baseline: noMoments, variant: noMoments, missing: {} };

export function startPairedWatch({ definition }: Pick<WatchPlan, 'definition'>): PairedWatch {
  const metrics = Object.fromEntries(metricsOf(definition).map((metric) => [metric, emptyMetric]));
  return {
    items: 0,
    metrics: Object.fromEntries(comparedVariants(definition).map((variant) => [variant, metrics])),
    winPValues: {},
    harmPValues: {},
    openClusters: {},
  };
}

/** One item more, in the order in which items were completed. Looks are taken by `lookAtWatch`. */
export function addItem(watch: PairedWatch, plan: WatchPlan, item: AnsweredItem): PairedWatch {
  const next = { ...watch, items: watch.items + 1 };
  const size = item.cluster === undefined ? undefined : plan.clusterSizes?.get(item.cluster);
  if (item.cluster === undefined || size === undefined) return addUnit(next, plan.definition, [item]);
  const together = [...(watch.openClusters[item.cluster] ?? []), item];
  const { [item.cluster]: _open, ...others } = watch.openClusters;
  if (together.length < size) return { ...next, openClusters: { ...others, [item.cluster]: together } };
  return addUnit({ ...next, openClusters: others }, plan.definition, together);
}

/** At the end of the test: what came of clusters that will never be complete counts too. */
export function closeClusters(watch: PairedWatch, plan: WatchPlan): PairedWatch {
  const open = Object.values(watch.openClusters);
  return open.reduce((each, items) => addUnit(each, plan.definition, items), { ...watch, openClusters: {} });
}

/** The mean differences of one independent unit: an item, or all items of a cluster. */
function addUnit(watch: PairedWatch, definition: ExperimentDefinition, items: readonly AnsweredItem[]): PairedWatch {
  const metrics = Object.fromEntries(
    Object.entries(watch.metrics).map(([variant, all]) => [
      variant,
      Object.fromEntries(
        Object.entries(all).map(([metric, watched]) => {
          const pairs = items.map((item) => pairOfItem(metric, item, variant, definition));
          return [metric, addPairs(watched, pairs)];
        }),
      ),
    ]),
  );
  return { ...watch, metrics };
}

function addPairs(watched: WatchedMetric, pairs: readonly ReturnType<typeof pairOfItem>[]): WatchedMetric {
  const missing: Record<MissingReason, number> = { ...watched.missing };
  let [before, after, count] = [0, 0, 0];
  for (const pair of pairs) {
    if ('missing' in pair) missing[pair.missing] = (missing[pair.missing] ?? 0) + 1;
    else {
      before += pair.baseline;
      after += pair.variant;
      count += 1;
    }
  }
  if (count === 0) return { ...watched, missing };
  return {
    differences: addToMoments(watched.differences, (after - before) / count),
    baseline: addToMoments(watched.baseline, before / count),
    variant: addToMoments(watched.variant, after / count),
    missing,
  };
}

export function comparedVariants(definition: ExperimentDefinition): readonly string[] {
  return definition.variants.map(({ key }) => key).filter((key) => key !== definition.baseline);
}

/** The primary metric first, then the guardrails. */
export function goalsOf(
  definition: Pick<ExperimentDefinition, 'primary' | 'guardrails'>,
): readonly (ExperimentGoal & { readonly isPrimary: boolean })[] {
  const goals = [definition.primary, ...definition.guardrails];
  return goals.map((goal, index) => ({
    ...goal,
    better: goal.better ?? usualDirection(goal.metric),
    isPrimary: index === 0,
  }));
}

/** What is decided by, and what else is measured and shown. */
export function metricsOf(definition: ExperimentDefinition): readonly string[] {
  const scores = Object.keys(definition.scorers).map((id) => `score:${id}`);
  const goals = goalsOf(definition).map(({ metric }) => metric);
  return [...new Set([...goals, 'success', ...scores, 'costUsd', 'latencyMs', 'timeToFirstTokenMs', 'outputTokens'])];
}
