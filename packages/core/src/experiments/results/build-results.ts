import {
  type CannotTell,
  cannotTell,
  observeSampleRatio,
  quantileDifference,
  ratioOfSums,
  sequentialPower,
  startSampleRatioWatch,
  varianceOf,
} from '../../stats/index.ts';
import type { AnsweredItem, AnswerFact } from '../watch/answer-fact.ts';
import { boundariesOf } from '../watch/look-at-metric.ts';
import { lookAtWatch, type StopDecision, type VariantLook } from '../watch/look-at-watch.ts';
import { pairOfItem } from '../watch/metric-value.ts';
import {
  addItem,
  closeClusters,
  goalsOf,
  type PairedWatch,
  startPairedWatch,
  type WatchPlan,
} from '../watch/paired-watch.ts';
import { adjustLook, type ItemKnowledge, lookAtEnd, pairsOf, withHolm } from './end-look.ts';
import { effectWords, headlineWords } from './result-words.ts';
import type { ExperimentResults, MetricResult, TestHealth, VariantResult, VariantSummary } from './results.ts';

/**
 * Everything there is to say about a paired test, from its items in the order in which they were completed: the same while
 * it runs and after it, and the same after a restart. `stop` is what was stored when the test ended, `shown` what earlier looks
 * have shown: later looks do not take it back. `knowledge` is what was known of the items before the start.
 */
export function buildResults(
  plan: WatchPlan,
  items: readonly AnsweredItem[],
  stop: StopDecision | undefined,
  shown?: Pick<PairedWatch, 'winPValues' | 'harmPValues'>,
  knowledge?: ItemKnowledge,
): ExperimentResults {
  const { definition } = plan;
  const seen = items.reduce((watch, item) => addItem(watch, plan, item), { ...startPairedWatch(plan), ...shown });
  const { look, watch } = lookAtWatch(stop ? closeClusters(seen, plan) : seen, plan, { isWhole: true });
  const watched = look.variants.map((each) => toVariantResult(each, watch, plan, items));
  const variants = withEndLooks(watched, plan, items, knowledge);
  const summaries = definition.variants.map(({ key }) => summarize(key, items));
  const health = judgeHealth(plan, watch, summaries, items);
  const { baseline } = definition;
  const state = {
    items: items.length,
    plannedItems: plan.plannedUnits,
    baseline,
    hasCaution: health.cautions.length > 0,
  };
  return {
    items: items.length,
    plannedItems: plan.plannedUnits,
    baseline,
    variants,
    summaries,
    health,
    stop,
    winner: stop?.winner,
    headline: headlineWords(stop, state),
  };
}

function withEndLooks(
  variants: readonly VariantResult[],
  { definition }: WatchPlan,
  items: readonly AnsweredItem[],
  knowledge: ItemKnowledge | undefined,
): readonly VariantResult[] {
  const pairs = variants.map(({ variant, metrics }) =>
    metrics.map(({ metric }) => ({ metric, of: pairsOf(metric, variant, definition, items) })),
  );
  const looks = pairs.flat().map(({ metric, of }) => ({ metric, look: lookAtEnd(metric, of) }));
  const corrected = [...withHolm(looks, definition)];
  return variants.map((each, v) => ({
    ...each,
    metrics: each.metrics.map((result, m) => ({
      ...result,
      atEnd: corrected.shift()!,
      ...(knowledge && { adjusted: adjustLook(pairs[v]![m]!.of, knowledge) }),
    })),
  }));
}

function toVariantResult(
  look: VariantLook,
  watch: PairedWatch,
  { definition }: WatchPlan,
  items: readonly AnsweredItem[],
): VariantResult {
  const goals = goalsOf(definition);
  const metrics = look.metrics.map(({ metric, effect, margin }): MetricResult => {
    const watched = watch.metrics[look.variant]![metric]!;
    const goal = goals.find((each) => each.metric === metric);
    const pairs = watched.differences.count;
    const result = {
      metric,
      isPrimary: goal?.isPrimary ?? false,
      isGuardrail: goal !== undefined && !goal.isPrimary,
      baselineMean: pairs > 0 ? watched.baseline.mean : undefined,
      variantMean: pairs > 0 ? watched.variant.mean : undefined,
      pairs,
      effect,
      margin,
      missing: watched.missing,
    };
    return { ...result, words: effectWords(look.variant, result, goal?.better) };
  });
  const latencies = items.flatMap((item) => {
    const pair = pairOfItem('latencyMs', item, look.variant, definition);
    return 'missing' in pair ? [] : [pair];
  });
  const quantile = (probability: number) =>
    quantileDifference(
      latencies.map((pair) => pair.baseline),
      latencies.map((pair) => pair.variant),
      probability,
    );
  const { variant, verdict, winPValue, harmed, open } = look;
  return {
    variant,
    verdict,
    winPValue,
    harmed,
    open,
    metrics,
    latencyP50Ms: quantile(0.5),
    latencyP95Ms: quantile(0.95),
    latencyPairs: latencies.length,
  };
}

function summarize(variant: string, items: readonly AnsweredItem[]): VariantSummary {
  const perItem = items.map(({ answers }) => answers.filter((answer) => answer.variant === variant));
  const answers = perItem.flat();
  const known = perItem.filter((each) => each.every(({ costNanoUsd }) => costNanoUsd !== undefined));
  const came = ({ failure }: AnswerFact) => failure === undefined;
  return {
    variant,
    answers: answers.filter(came).length,
    failed: answers.filter((answer) => !came(answer)).length,
    contaminated: countBy(answers.flatMap(({ contamination }) => contamination ?? [])),
    failures: countBy(answers.flatMap(({ failure }) => failure ?? [])),
    costNanoUsd: answers.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n),
    unknownCosts: answers.filter(({ costNanoUsd }) => costNanoUsd === undefined).length,
    costPerSuccessUsd: ratioOfSums(
      known.map((each) => Number(each.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n)) / 1e9),
      known.map((each) => each.filter(came).length),
    ),
    costPerSuccessItems: known.length,
  };
}

function judgeHealth(
  plan: WatchPlan,
  watch: PairedWatch,
  summaries: readonly VariantSummary[],
  items: readonly AnsweredItem[],
): TestHealth {
  const { definition } = plan;
  const clean = summaries.map(({ variant }) =>
    items.reduce(
      (sum, item) => sum + item.answers.filter((each) => each.variant === variant && isClean(each)).length,
      0,
    ),
  );
  const weights = definition.variants.map(({ weight }) => (definition.source.type === 'paired' ? 1 : weight));
  const { pValue } = observeSampleRatio(startSampleRatioWatch(clean.length), clean, weights);
  const isBroken = pValue < 0.01;
  const power = Object.fromEntries(
    Object.entries(watch.metrics).map(([variant, metrics]) => [
      variant,
      powerSoFar(plan, Math.sqrt(varianceOf(metrics[definition.primary.metric]!.differences))),
    ]),
  );
  const cautions = [
    ...(isBroken
      ? [
          'The variants have unequal numbers of clean answers: something treats them differently, so no result can be trusted.',
        ]
      : []),
    ...summaries.flatMap(({ variant, answers, failed }) =>
      failed > 0 && answers === 0 ? [`"${variant}" has not given a single answer; look at its failures.`] : [],
    ),
    ...Object.entries(watch.metrics).flatMap(([variant, metrics]) => {
      const { differences, missing } = metrics[definition.primary.metric]!;
      const lost = Object.values(missing).reduce((sum, count) => sum + count, 0);
      if (lost * 10 <= differences.count + lost) return [];
      return [
        `${lost} of ${differences.count + lost} items of "${variant}" have no pair for the primary metric; those that do may not be typical.`,
      ];
    }),
    ...summaries.flatMap(({ variant, unknownCosts }) =>
      unknownCosts > 0 ? [`The cost of ${unknownCosts} answers of "${variant}" is unknown; sums are too low.`] : [],
    ),
  ];
  const counts = Object.fromEntries(summaries.map(({ variant }, index) => [variant, clean[index]!]));
  return { sampleRatio: { counts, pValue, isBroken }, power, cautions };
}

/** A failure counts as an answer here: it was asked for. */
const isClean = ({ contamination }: AnswerFact): boolean => contamination === undefined;

function powerSoFar({ definition, plannedUnits }: WatchPlan, deviation: number): number | CannotTell {
  if (!(deviation > 0)) return cannotTell('zero-variance', 'The differences show no variation yet.');
  const hoped = definition.primary.margin > 0 ? definition.primary.margin : definition.smallestEffect;
  const { conclusion } = boundariesOf(definition, plannedUnits);
  return sequentialPower({ deviation, confidence: 1 - conclusion.alpha, sides: 1 }, hoped, plannedUnits).power;
}

function countBy(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}
