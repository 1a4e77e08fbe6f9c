import { formatUsd } from '../kernel/index.ts';
import { type Difference, decideJointly, type MarginResult, testMargin } from '../stats/index.ts';
import { differenceOf } from './compare-subjects.ts';
import { type MeasuredCriterion, measureCriterion, reportCriteria } from './measure-criteria.ts';
import type { ReportSubject } from './report-subject.ts';

/** Where one model could stand in for another: a step of a workflow, or a kind of task. */
export interface RecommendationPlace {
  readonly dimension: 'step' | 'taskClass';
  readonly value: string;
  readonly label: string;
  /** The models that answered there, by `provider/model`. */
  readonly models: readonly ReportSubject[];
}

/** What was measured of one side, so that a reader can judge the advice. */
export interface RecommendationEvidence {
  readonly model: string;
  readonly calls: number;
  /** Decimal text. */
  readonly costPerSuccessUsd: string;
  readonly quality: number;
  readonly qualityLow: number;
  readonly qualityHigh: number;
  readonly judged: number;
  readonly successRate: number;
  readonly latencyP50Ms: number;
}

export interface Recommendation {
  readonly kind: 'cheaper-model';
  readonly dimension: RecommendationPlace['dimension'];
  readonly value: string;
  readonly label: string;
  /** What the calls of `from` would have cost less, and at least (95 %). */
  readonly savedUsd: string;
  readonly savedAtLeastUsd: string;
  readonly from: RecommendationEvidence;
  readonly to: RecommendationEvidence;
  /** Calls of both that stand behind it. */
  readonly calls: number;
  /** In words, for people. */
  readonly text: string;
}

/** Losses that count as equal: five points of a hundred in quality, two in a hundred successes, a quarter slower. */
const qualityMargin = 0.05;
const reliabilityMargin = 0.02;
const latencyMargin = Math.log(1.25);
/** Savings below this share of what is spent are not worth a change. */
const leastShare = 0.05;
/** Requests are not alike when one side's are so many times longer. */
const mostLengthRatio = 1.5;
const mostRecommendations = 5;
/** Of a false advice in a report; who reads one every week should not meet a false one every few months. */
const alpha = 0.01;
const alphaOfBound = 0.05;

type Measured = Readonly<Record<(typeof reportCriteria)[number], MeasuredCriterion>>;

/**
 * Models that would have done the same for less. Said only where the calls show it: at the same place, with requests of like
 * length, cheaper per success, and not worse than the margins in quality, success and speed (non-inferiority, one intersection–
 * union test at 1 %, shared by Bonferroni over all pairs that were looked at). `span` says the time in words: "the four weeks".
 */
export function findRecommendations(places: readonly RecommendationPlace[], span: string): readonly Recommendation[] {
  const pairs = places.flatMap((place) => {
    const told = place.models.flatMap((subject) => {
      const measured = measureAll(subject);
      return measured ? [{ subject, measured }] : [];
    });
    return told.flatMap((from) =>
      told.filter((to) => to !== from && isAlike(from.subject, to.subject)).map((to) => ({ place, from, to })),
    );
  });
  const best = new Map<string, { readonly found: Recommendation; readonly saved: number }>();
  for (const { place, from, to } of pairs) {
    const judged = judge(from.measured, to.measured, alpha / pairs.length);
    if (!judged) continue;
    const successes = from.subject.succeeded;
    const saved = successes * judged.savedPerSuccess;
    const spent = Number(from.subject.costNanoUsd) / 1e9;
    if (saved < leastShare * spent) continue;
    const key = `${place.dimension} ${place.value} ${from.subject.key}`;
    if ((best.get(key)?.saved ?? 0) >= saved) continue;
    const savedUsd = toUsd(saved);
    const found: Recommendation = {
      kind: 'cheaper-model',
      ...{ dimension: place.dimension, value: place.value, label: place.label },
      savedUsd,
      savedAtLeastUsd: toUsd(successes * judged.atLeastPerSuccess),
      from: evidenceOf(from.subject, from.measured),
      to: evidenceOf(to.subject, to.measured),
      calls: from.subject.calls + to.subject.calls,
      text: describe(place, from.subject, to.subject, savedUsd, span),
    };
    best.set(key, { found, saved });
  }
  return [...best.values()]
    .sort((a, b) => b.saved - a.saved || (a.found.text < b.found.text ? -1 : 1))
    .slice(0, mostRecommendations)
    .map(({ found }) => found);
}

function measureAll(subject: ReportSubject): Measured | undefined {
  const entries = reportCriteria.map((criterion) => [criterion, measureCriterion(subject, criterion)] as const);
  if (entries.some(([, measured]) => measured.kind !== 'measured')) return undefined;
  return Object.fromEntries(entries) as unknown as Measured;
}

function isAlike(from: ReportSubject, to: ReportSubject): boolean {
  const ratio = from.inputTokens / from.calls / (to.inputTokens / to.calls);
  return ratio <= mostLengthRatio && ratio >= 1 / mostLengthRatio;
}

function judge(
  from: Measured,
  to: Measured,
  level: number,
): { readonly savedPerSuccess: number; readonly atLeastPerSuccess: number } | undefined {
  const test = (name: keyof Measured, better: 'higher' | 'lower', margin: number, at = level): MarginResult =>
    testMargin(differenceOf(from[name].test, to[name].test) satisfies Difference, { better, margin, alpha: at });
  const decision = decideJointly(
    [
      { name: 'cost', result: test('cost', 'lower', 0) },
      { name: 'quality', result: test('quality', 'higher', qualityMargin) },
      { name: 'reliability', result: test('reliability', 'higher', reliabilityMargin) },
      { name: 'latency', result: test('latency', 'lower', latencyMargin) },
    ],
    { alpha: level },
  );
  if (decision.verdict !== 'adopt') return undefined;
  return {
    savedPerSuccess: from.cost.value - to.cost.value,
    atLeastPerSuccess: Math.max(0, test('cost', 'lower', 0, alphaOfBound).benefitAtLeast),
  };
}

function evidenceOf(subject: ReportSubject, measured: Measured): RecommendationEvidence {
  return {
    model: subject.key,
    calls: subject.calls,
    costPerSuccessUsd: formatUsd(BigInt(Math.round(measured.cost.value * 1e9))),
    quality: measured.quality.value,
    qualityLow: measured.quality.interval.low,
    qualityHigh: measured.quality.interval.high,
    judged: measured.quality.samples,
    successRate: measured.reliability.value,
    latencyP50Ms: measured.latency.value,
  };
}

function describe(
  { dimension, label }: RecommendationPlace,
  from: ReportSubject,
  to: ReportSubject,
  savedUsd: string,
  span: string,
): string {
  const place = dimension === 'step' ? `step ${label}` : `tasks of the kind ${label}`;
  const count = (from.calls + to.calls).toLocaleString('en-US');
  return `Moving ${place} from ${from.label} to ${to.label} would have saved $${shorten(savedUsd)} in ${span}, at equal quality over ${count} calls.`;
}

/** Dollars as text; what is estimated has no more than six decimals. */
function toUsd(amount: number): string {
  return formatUsd(BigInt(Math.round(amount * 1e6)) * 1_000n);
}

function shorten(usd: string): string {
  const amount = Number(usd);
  return amount >= 1 ? amount.toFixed(2) : String(Number(amount.toPrecision(2)));
}
