import type { AnytimeEstimate, CannotTell, Estimate, MarginResult, QuantileEstimate } from '../../stats/index.ts';
import type { MissingReason } from '../watch/answer-fact.ts';
import type { StopDecision, VariantLook } from '../watch/look-at-watch.ts';
import type { AdjustedLook, EndLook } from './end-look.ts';

/** One metric of one variant against the baseline. Values in the unit of the metric. */
export interface MetricResult {
  readonly metric: string;
  readonly isPrimary: boolean;
  readonly isGuardrail: boolean;
  /** Means over the pairs; undefined without any. */
  readonly baselineMean: number | undefined;
  readonly variantMean: number | undefined;
  readonly pairs: number;
  /** Variant minus baseline; its interval holds at every look. */
  readonly effect: AnytimeEstimate | CannotTell;
  readonly margin: MarginResult | CannotTell | undefined;
  /** By the ordinary test, for one look at the planned end; undefined for live splits. */
  readonly atEnd?: EndLook | CannotTell;
  /** With less noise, by what was known of the items; undefined when nothing was. */
  readonly adjusted?: AdjustedLook | CannotTell;
  /** Items that are not in it, by reason. */
  readonly missing: Readonly<Record<MissingReason, number>>;
  /** For people. */
  readonly words: string;
}

export interface VariantResult {
  readonly variant: string;
  readonly verdict: VariantLook['verdict'];
  readonly winPValue: number;
  readonly harmed: readonly string[];
  readonly open: readonly string[];
  readonly metrics: readonly MetricResult[];
  /** Median and 95th percentile of the whole answer, variant minus baseline, ms. */
  readonly latencyP50Ms: QuantileEstimate | CannotTell;
  readonly latencyP95Ms: QuantileEstimate | CannotTell;
  /** Pairs that both rest on; undefined for live splits. */
  readonly latencyPairs?: number;
}

/** What one variant did, the baseline among them. */
export interface VariantSummary {
  readonly variant: string;
  readonly answers: number;
  readonly failed: number;
  /** Kept apart, by reason. */
  readonly contaminated: Readonly<Record<string, number>>;
  /** By error kind. */
  readonly failures: Readonly<Record<string, number>>;
  readonly costNanoUsd: bigint;
  readonly unknownCosts: number;
  /** Money for each answer that came, USD. */
  readonly costPerSuccessUsd: Estimate | CannotTell;
  /** Items whose cost is known, which it rests on; undefined for live splits. */
  readonly costPerSuccessItems?: number;
}

export interface TestHealth {
  /** Clean answers by variant against the plan; a p-value under 0.01 says that the split is broken. Holds at every look. */
  readonly sampleRatio: {
    readonly counts: Readonly<Record<string, number>>;
    readonly pValue: number;
    readonly isBroken: boolean;
  };
  /** Chance that the test finds the smallest effect by its planned end, with the variance seen so far; by variant. */
  readonly power: Readonly<Record<string, number | CannotTell>>;
  /** Sentences about what needs care, the gravest first. */
  readonly cautions: readonly string[];
}

export interface ExperimentResults {
  readonly items: number;
  readonly plannedItems: number;
  readonly baseline: string;
  readonly variants: readonly VariantResult[];
  readonly summaries: readonly VariantSummary[];
  readonly health: TestHealth;
  /** Undefined while the test runs. */
  readonly stop: StopDecision | undefined;
  readonly winner: string | undefined;
  /** One sentence: who won and by how much, or why nobody can tell. */
  readonly headline: string;
}
