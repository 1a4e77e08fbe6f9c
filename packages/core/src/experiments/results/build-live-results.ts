import { type CannotTell, cannotTell, quantileDifference, ratioOfSums, sequentialPower } from '../../stats/index.ts';
import type { AnsweredItem, AnswerFact } from '../watch/answer-fact.ts';
import { LiveWatch } from '../watch/live-watch.ts';
import { lookAtLive, plannedUnitsOf } from '../watch/look-at-live.ts';
import type { ShownSoFar, StopDecision, VariantLook } from '../watch/look-at-watch.ts';
import { goalsOf, type WatchPlan } from '../watch/paired-watch.ts';
import { effectWords, headlineWords } from './result-words.ts';
import type { ExperimentResults, MetricResult, TestHealth, VariantResult, VariantSummary } from './results.ts';

/**
 * Everything there is to say about a live split, from its executions in the order in which they ended. `plan.plannedUnits`
 * counts users, sessions or runs of all variants; so do `items` and `pairs` of the results: a unit counts once.
 */
export function buildLiveResults(
  plan: WatchPlan,
  items: readonly AnsweredItem[],
  stop: StopDecision | undefined,
  shown: ShownSoFar & {
    readonly maxLogEvidence?: number | undefined;
    /** Units that were put on each variant. */
    readonly assigned?: Readonly<Record<string, number>>;
  },
): ExperimentResults {
  const { definition, plannedUnits } = plan;
  const watch = new LiveWatch(definition, shown.maxLogEvidence);
  for (const item of items) watch.add(item);
  if (shown.assigned) watch.noteAssigned(shown.assigned);
  const { look, isSplitBroken } = lookAtLive(watch, plannedUnits, shown, { isWhole: true });
  const variants = look.variants.map((each) => toVariantResult(each, watch, items));
  const summaries = definition.variants.map(({ key }) => summarize(key, items));
  const health = judgeHealth(plan, watch, summaries, look.variants, isSplitBroken);
  const { baseline } = definition;
  const state = { items: watch.units, plannedItems: plannedUnits, baseline, hasCaution: health.cautions.length > 0 };
  const { source } = definition;
  const unit = source.type === 'live-split' ? `${source.unit}s` : 'units';
  return {
    items: watch.units,
    plannedItems: plannedUnits,
    baseline,
    variants,
    summaries,
    health,
    stop,
    winner: stop?.winner,
    headline: headlineWords(stop, state)
      .replace('items are in', `${unit} are in`)
      .replace(/ items\b/, ` ${unit}`),
  };
}

function toVariantResult(look: VariantLook, watch: LiveWatch, items: readonly AnsweredItem[]): VariantResult {
  const { definition } = watch;
  const goals = goalsOf(definition);
  const metrics = look.metrics.map(({ metric, effect, margin }): MetricResult => {
    const goal = goals.find((each) => each.metric === metric);
    const [before, after] = [watch.arm(definition.baseline, metric), watch.arm(look.variant, metric)];
    const result = {
      metric,
      isPrimary: goal?.isPrimary ?? false,
      isGuardrail: goal !== undefined && !goal.isPrimary,
      baselineMean: before.count > 0 ? before.mean : undefined,
      variantMean: after.count > 0 ? after.mean : undefined,
      pairs: before.count + after.count,
      effect,
      margin,
      missing: addCounts(watch.missing(definition.baseline, metric), watch.missing(look.variant, metric)),
    };
    return { ...result, words: effectWords(look.variant, result, goal?.better) };
  });
  const quantile = (probability: number) =>
    quantileDifference(latencies(definition.baseline, items), latencies(look.variant, items), probability);
  const { variant, verdict, winPValue, harmed, open } = look;
  const [latencyP50Ms, latencyP95Ms] = [quantile(0.5), quantile(0.95)];
  return { variant, verdict, winPValue, harmed, open, metrics, latencyP50Ms, latencyP95Ms };
}

/** One of each unit, its first: more of one unit are alike. */
function latencies(variant: string, items: readonly AnsweredItem[]): readonly number[] {
  const first = new Map<string, number>();
  for (const { itemId, cluster = itemId, answers } of items) {
    const [answer] = answers;
    if (answer?.variant !== variant || answer.contamination || answer.latencyMs === undefined) continue;
    if (answer.failure === undefined && !first.has(cluster)) first.set(cluster, answer.latencyMs);
  }
  return [...first.values()];
}

function summarize(variant: string, items: readonly AnsweredItem[]): VariantSummary {
  const own = items.flatMap(({ itemId, cluster = itemId, answers }) =>
    answers.filter((answer) => answer.variant === variant).map((answer) => ({ cluster, answer })),
  );
  const answers = own.map(({ answer }) => answer);
  const came = ({ failure }: AnswerFact) => failure === undefined;
  const units = [...Map.groupBy(own, ({ cluster }) => cluster).values()].filter((each) =>
    each.every(({ answer }) => answer.costNanoUsd !== undefined),
  );
  return {
    variant,
    answers: answers.filter(came).length,
    failed: answers.filter((answer) => !came(answer)).length,
    contaminated: countBy(answers.flatMap(({ contamination }) => contamination ?? [])),
    failures: countBy(answers.flatMap(({ failure }) => failure ?? [])),
    costNanoUsd: answers.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n),
    unknownCosts: answers.filter(({ costNanoUsd }) => costNanoUsd === undefined).length,
    costPerSuccessUsd: ratioOfSums(
      units.map((each) => Number(each.reduce((sum, { answer }) => sum + (answer.costNanoUsd ?? 0n), 0n)) / 1e9),
      units.map((each) => each.filter(({ answer }) => came(answer)).length),
    ),
  };
}

function judgeHealth(
  { definition, plannedUnits }: WatchPlan,
  watch: LiveWatch,
  summaries: readonly VariantSummary[],
  looks: readonly VariantLook[],
  isBroken: boolean,
): TestHealth {
  const { pValue } = watch.lookAtSplit();
  const hoped = definition.primary.margin > 0 ? definition.primary.margin : definition.smallestEffect;
  const power = Object.fromEntries(
    looks.map(({ variant, metrics }): [string, number | CannotTell] => {
      const effect = metrics[0]?.effect;
      if (effect?.kind !== 'anytime')
        return [variant, effect ?? cannotTell('too-few', 'Nothing of the primary metric is known yet.')];
      const deviation = effect.standardError * Math.sqrt(effect.observations);
      const planned = plannedUnitsOf(definition, variant, plannedUnits);
      const design = { deviation, confidence: 1 - definition.stop.alpha / 2, sides: 1 as const };
      return [variant, sequentialPower(design, hoped, planned).power];
    }),
  );
  const moved = summaries.reduce((sum, { contaminated }) => sum + (contaminated['moved-unit'] ?? 0), 0);
  const perUnit = watch.units > 0 ? watch.executions / watch.units : 0;
  const cautions = [
    ...(isBroken
      ? ['The units do not come to the variants as planned: something treats them differently. Nothing is concluded.']
      : []),
    ...summaries.flatMap(({ variant, answers, failed }) =>
      failed > 0 && answers === 0 ? [`"${variant}" has not given a single answer; look at its failures.`] : [],
    ),
    ...(moved > 0
      ? [
          `${moved} executions were of units that had been in another variant: the app changes what it calls a user or session. They count nowhere.`,
        ]
      : []),
    ...summaries.flatMap(({ variant, answers, failed, contaminated }) => {
      const spoilt = Object.values(contaminated).reduce((sum, count) => sum + count, 0);
      if (spoilt * 10 <= answers + failed) return [];
      return [
        `${spoilt} of ${answers + failed} executions of "${variant}" were not its own doing and are kept apart; the others may not be typical.`,
      ];
    }),
    ...summaries.flatMap(({ variant, unknownCosts }) =>
      unknownCosts > 0 ? [`The cost of ${unknownCosts} answers of "${variant}" is unknown; sums are too low.`] : [],
    ),
    ...(perUnit > 1.5
      ? [
          `Each unit was seen ${perUnit.toFixed(1)} times on average and counts once: ${watch.executions} executions are worth ${watch.units}.`,
        ]
      : []),
  ];
  return { sampleRatio: { counts: watch.counts(), pValue, isBroken }, power, cautions };
}

function countBy(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

function addCounts(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries([...keys].map((key) => [key, (left[key] ?? 0) + (right[key] ?? 0)]));
}
