import type { ExperimentDefinition, ExperimentScorer } from '../definition/experiment-definition.ts';
import { isShareMetric, scorerOfMetric } from '../definition/metric.ts';
import type { AnsweredItem, AnswerFact, MissingReason } from './answer-fact.ts';

export type MetricValue = number | { readonly missing: MissingReason };

export interface ValueRules {
  readonly failedAnswers: ExperimentDefinition['failedAnswers'];
  readonly baseline: string;
  readonly scorers: Readonly<Record<string, ExperimentScorer>>;
}

/** The value of one answer. Never NaN: what is not a finite number is missing. */
export function metricValue(metric: string, answer: AnswerFact, rules: ValueRules): MetricValue {
  if (answer.contamination) return { missing: answer.contamination };
  if (metric === 'success') {
    if (answer.failure === undefined) return 1;
    return isBlameless(answer.failure) ? { missing: answer.failure } : 0;
  }
  if (answer.failure !== undefined) {
    if (isBlameless(answer.failure)) return { missing: answer.failure };
    if (isShareMetric(metric) && rules.failedAnswers === 'count-as-worst') return 0;
    return { missing: answer.failure };
  }
  const value = read(metric, answer, rules);
  if (typeof value === 'string') return { missing: value };
  return value !== undefined && Number.isFinite(value) ? value : { missing: 'not-measured' };
}

/** Failures that say nothing about a variant: it was not asked, or could not be. */
const blameless: ReadonlySet<string> = new Set(['cancelled', 'budget', 'not-available', 'no-model', 'invalid-input']);

const isBlameless = (failure: string): boolean => blameless.has(failure);

function read(metric: string, answer: AnswerFact, rules: ValueRules): number | string | undefined {
  const scorerId = scorerOfMetric(metric);
  if (scorerId !== undefined) {
    const scorer = rules.scorers[scorerId];
    const isPairwise = scorer !== undefined && 'judge' in scorer && scorer.judge.type === 'pairwise';
    // A pair's verdict is the variant's share of it; the baseline's own is one half by definition.
    if (isPairwise && answer.variant === rules.baseline) return 0.5;
    return answer.scores[scorerId];
  }
  switch (metric) {
    case 'costUsd':
      return answer.costNanoUsd === undefined ? undefined : Number(answer.costNanoUsd) / 1e9;
    case 'latencyMs':
      return answer.latencyMs;
    case 'timeToFirstTokenMs':
      return answer.timeToFirstTokenMs;
    case 'outputTokens':
      return answer.outputTokens;
    case 'rating':
      return answer.rating;
    default:
      return undefined;
  }
}

/**
 * The mean over the repeats of an item, where both variants of a pair have a value in that repeat. A pair with no common
 * repeat is missing, with the reason of the first side that lacks one.
 */
export function pairOfItem(
  metric: string,
  item: AnsweredItem,
  variant: string,
  rules: ValueRules,
): { readonly baseline: number; readonly variant: number } | { readonly missing: MissingReason } {
  const of = (key: string) =>
    new Map(item.answers.filter((each) => each.variant === key).map((each) => [each.repeat, each]));
  const [before, after] = [of(rules.baseline), of(variant)];
  let [sumBefore, sumAfter, count] = [0, 0, 0];
  let missing: MissingReason | undefined;
  for (const repeat of new Set([...before.keys(), ...after.keys()])) {
    const values = [before.get(repeat), after.get(repeat)].map(
      (answer): MetricValue => (answer ? metricValue(metric, answer, rules) : { missing: 'not-answered' }),
    );
    const [left, right] = values;
    if (typeof left === 'number' && typeof right === 'number') {
      sumBefore += left;
      sumAfter += right;
      count += 1;
    } else for (const value of values) if (typeof value === 'object') missing ??= value.missing;
  }
  return count > 0
    ? { baseline: sumBefore / count, variant: sumAfter / count }
    : { missing: missing ?? 'not-answered' };
}
