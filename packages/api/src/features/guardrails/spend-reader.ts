import type { BudgetCondition, BudgetUnit, SpendBucket } from '@switchyard/core/guardrails';
import type { CallOrigin } from '@switchyard/core/metrics';

/** By what spending can be told apart. */
export const spendDimensions = [
  'provider',
  'model',
  'member',
  'key',
  'role',
  'workflow',
  'step',
  'tag',
  'source',
] as const;
export type SpendDimension = (typeof spendDimensions)[number];

/** What a number of calls used. */
export interface SpendFigures {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the calls whose cost is known. */
  readonly costNanoUsd: bigint;
  readonly callsWithUnknownCost: number;
  /** Calls whose tokens are our own count. */
  readonly callsWithEstimatedUsage: number;
}

/** The figures of one group in one stretch of time. */
export interface SpendRow extends SpendFigures {
  /** One value for each dimension asked for, in that order; null where the calls have none. */
  readonly keys: readonly (string | null)[];
  /** Which of the stretches, from 0. */
  readonly bucket: number;
}

export interface SpendQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  /** Where stretches begin, ascending, and behind them where the last one ends; epoch ms. */
  readonly boundariesMs: readonly number[];
  readonly groupBy: readonly SpendDimension[];
  /** Only these groups; all when absent. */
  readonly among?: readonly SpendRow['keys'][];
}

/** More groups than anybody looks through: of more, the dearest are read. */
export const mostGroups = 5_000;

/** Which calls a budget counts: all of these hold. */
export type SpendCondition = Extract<BudgetCondition, { readonly value: string }>;

export interface BudgetSpendQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  readonly conditions: readonly SpendCondition[];
  readonly unit: BudgetUnit;
  /** What a call of unknown cost counts, in nano-USD. */
  readonly unknownCostNanoUsd: bigint;
}

/** Where recorded spending is read from: the call records, or what was rolled up from them. All of one team. */
export interface SpendReader {
  /** Figures by group and stretch; those without calls are absent. A call with two tags counts for both when grouped by tag. */
  readSpend(question: SpendQuestion): Promise<readonly SpendRow[]>;
  /** What a budget's calls used from `fromMs` until before `untilMs` (epoch ms), by buckets of `bucketMs`. */
  readBuckets(
    question: BudgetSpendQuestion,
    fromMs: number,
    untilMs: number,
    bucketMs: number,
  ): Promise<readonly SpendBucket[]>;
  /** What the last `limit` of a budget's calls used since `fromMs`; of whole runs when most calls belong to runs. */
  readRecentUse(
    question: BudgetSpendQuestion,
    fromMs: number,
    limit: number,
  ): Promise<{ readonly kind: 'calls' | 'runs'; readonly amounts: readonly bigint[] }>;
  /** Output tokens of the last `limit` complete answers of each model since `fromMs`, of one step when it is named. */
  readOutputTokens(
    question: {
      readonly teamId: string;
      readonly modelIds: readonly string[];
      readonly stepId: string | undefined;
    },
    fromMs: number,
    limit: number,
  ): Promise<ReadonlyMap<string, readonly number[]>>;
}
