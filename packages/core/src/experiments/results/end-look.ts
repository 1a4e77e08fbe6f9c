import {
  adjustPValues,
  adjustWithCuped,
  type CannotTell,
  type Caution,
  cannotTell,
  clusterRobustMean,
  type Interval,
  mcnemarTest,
  momentsOf,
  oneSampleTTest,
  studentEstimate,
  varianceOf,
} from '../../stats/index.ts';
import type { ExperimentDefinition } from '../definition/experiment-definition.ts';
import type { AnsweredItem } from '../watch/answer-fact.ts';
import { pairOfItem } from '../watch/metric-value.ts';
import { goalsOf } from '../watch/paired-watch.ts';

/**
 * The difference by the ordinary test for one look at the planned end: narrower than the anytime interval beside it, and
 * right only for who looks once.
 */
export interface EndLook {
  readonly kind: 'end-look';
  /** 'mcnemar': exact, for yes and no. 'clustered': CR3 errors by cluster. */
  readonly method: 'mcnemar' | 'paired-t' | 'clustered';
  readonly estimate: number;
  readonly interval: Interval;
  readonly pValue: number;
  /** Of McNemar: closer to its level than the exact one. */
  readonly midPValue: number | undefined;
  /** Holm over all variants and the metrics that decide; undefined for metrics that are only shown. */
  readonly holmPValue: number | undefined;
  /** Items with a pair. */
  readonly n: number;
  /** Undefined when items have none. */
  readonly clusters: number | undefined;
  readonly cautions: readonly Caution[];
}

/** The same with less noise, by what was known of the items before the test. */
export interface AdjustedLook {
  readonly kind: 'adjusted';
  readonly covariate: ItemCovariate;
  readonly estimate: number;
  readonly interval: Interval;
  readonly pValue: number;
  /** Share of the variance of the estimate that is gone, 0 to 1. */
  readonly varianceSaved: number;
  readonly n: number;
}

/** 'history': what the baseline's model reached on the item in earlier tests. 'length': characters of the input, as a logarithm. */
export type ItemCovariate = 'history' | 'length';

/** What was known of items before the start. */
export interface ItemKnowledge {
  readonly covariate: ItemCovariate;
  /** By the key of the item. */
  readonly values: ReadonlyMap<string, number>;
  /** Of all items that the test's are a sample of, those still to come among them. */
  readonly population: { readonly count: number; readonly mean: number };
}

const fewestPairs = 3;

/** One metric of one variant, by its {@link pairsOf}. */
export function lookAtEnd(metric: string, pairs: readonly ItemPair[]): EndLook | CannotTell {
  const n = pairs.length;
  if (n < fewestPairs) {
    return cannotTell('too-few', `One look takes ${fewestPairs} pairs at least, there ${n === 1 ? 'is' : 'are'} ${n}.`);
  }
  const named = pairs.filter(({ cluster }) => cluster !== undefined);
  const base = { kind: 'end-look', holmPValue: undefined, n } as const;
  if (named.length > 0) {
    const values = pairs.map(({ item, cluster, difference }) => ({
      value: difference,
      cluster: cluster ?? `item ${item}`,
    }));
    const clusters = new Set(values.map(({ cluster }) => cluster)).size;
    const look = clusterRobustMean(values, { errors: 'cr3' });
    if (look.kind === 'cannot-tell') return look;
    const { estimate, interval, pValue, cautions } = look;
    return { ...base, method: 'clustered', estimate, interval, pValue, midPValue: undefined, clusters, cautions };
  }
  const isYesNo = pairs.every(({ before, after }) => (before === 0 || before === 1) && (after === 0 || after === 1));
  if (isYesNo && metric !== 'outputTokens') {
    const count = (before: number, after: number) =>
      pairs.filter((pair) => pair.before === before && pair.after === after).length;
    const look = mcnemarTest({
      bothSucceeded: count(1, 1),
      onlyBaselineSucceeded: count(1, 0),
      onlyVariantSucceeded: count(0, 1),
      bothFailed: count(0, 0),
    });
    if (look.kind === 'cannot-tell') return look;
    const { estimate, interval, pValue, midPValue } = look;
    const cautions: readonly Caution[] = n < 10 ? ['few-values'] : [];
    return { ...base, method: 'mcnemar', estimate, interval, pValue, midPValue, clusters: undefined, cautions };
  }
  const look = oneSampleTTest(pairs.map(({ difference }) => difference));
  if (look.kind === 'cannot-tell') return look;
  const { estimate, interval, pValue, cautions } = look;
  return {
    ...base,
    method: 'paired-t',
    estimate,
    interval,
    pValue,
    midPValue: undefined,
    clusters: undefined,
    cautions,
  };
}

/** Puts Holm's correction on the looks that decide: all variants and goals of the test together. */
export function withHolm(
  looks: readonly { readonly metric: string; readonly look: EndLook | CannotTell }[],
  definition: ExperimentDefinition,
): readonly (EndLook | CannotTell)[] {
  const goals = new Set(goalsOf(definition).map(({ metric }) => metric));
  // One that cannot tell yet is one that could still: it counts with a p-value of 1.
  const family = looks.flatMap(({ metric, look }, index) => (goals.has(metric) ? [{ index, look }] : []));
  const adjusted = adjustPValues(
    family.map(({ look }) => (look.kind === 'end-look' ? look.pValue : 1)),
    'holm',
  );
  const holmOf = new Map(family.map(({ index }, place) => [index, adjusted[place]!]));
  return looks.map(({ look }, index) => (look.kind === 'end-look' ? { ...look, holmPValue: holmOf.get(index) } : look));
}

const fewestAdjusted = 20;

/**
 * CUPED (Deng, Xu, Kohavi & Walker 2013) on the differences of pairs. Pairing has taken out already how hard an item is; what
 * is left to gain is that the items seen so far may be longer or harder than all of them: the difference is moved along its
 * slope to the mean of the population. The error counts that this mean is one of a sample too: s²(residual) / n +
 * θ² s²(covariate) / N (double sampling, Cochran 1977, sec. 12.5), so nothing is gained when all are in. One degree of freedom
 * goes for the slope. "Cannot tell" below 20 pairs, with clusters, and when the covariate is the same everywhere.
 */
export function adjustLook(
  pairs: readonly ItemPair[],
  { covariate, values, population }: ItemKnowledge,
): AdjustedLook | CannotTell {
  const n = pairs.length;
  if (n < fewestAdjusted) return cannotTell('too-few', `An adjustment takes ${fewestAdjusted} pairs, there are ${n}.`);
  if (pairs.some(({ cluster }) => cluster !== undefined)) {
    return cannotTell('out-of-range', 'Items in clusters are not adjusted.');
  }
  const known = pairs.flatMap(({ item, difference }) => {
    const value = values.get(item);
    return value === undefined ? [] : [{ value, difference }];
  });
  // Items of which nothing is known would have to be guessed.
  if (known.length < n)
    return cannotTell('not-identified', 'Of some of these items nothing was known before the test.');
  const covariates = known.map(({ value }) => value);
  const cuped = adjustWithCuped([{ outcomes: known.map(({ difference }) => difference), covariates }]);
  if (cuped.kind === 'cannot-tell') return cuped;
  const [residual, spread, plain] = [
    momentsOf(cuped.adjusted[0]!),
    momentsOf(covariates),
    momentsOf(known.map(({ difference }) => difference)),
  ];
  const residualVariance = (varianceOf(residual) * (n - 1)) / (n - 2);
  const variance = residualVariance / n + (cuped.theta ** 2 * varianceOf(spread)) / Math.max(n, population.count);
  const look = studentEstimate({
    estimate: plain.mean + cuped.theta * (population.mean - spread.mean),
    standardError: Math.sqrt(variance),
    degreesOfFreedom: n - 2,
  });
  if (look.kind === 'cannot-tell') return look;
  const { estimate, interval, pValue } = look;
  const varianceSaved = Math.max(0, 1 - variance / (varianceOf(plain) / n));
  return { kind: 'adjusted', covariate, estimate, interval, pValue, varianceSaved, n };
}

/** The values of one item for the baseline and a variant. */
export interface ItemPair {
  readonly item: string;
  readonly cluster: string | undefined;
  readonly before: number;
  readonly after: number;
  readonly difference: number;
}

/** Items with a value for both, in the order of `items`. */
export function pairsOf(
  metric: string,
  variant: string,
  definition: ExperimentDefinition,
  items: readonly AnsweredItem[],
): readonly ItemPair[] {
  return items.flatMap((item) => {
    const pair = pairOfItem(metric, item, variant, definition);
    if ('missing' in pair) return [];
    const { baseline: before, variant: after } = pair;
    return [{ item: item.itemId, cluster: item.cluster, before, after, difference: after - before }];
  });
}
