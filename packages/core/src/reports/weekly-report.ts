import type { CallOrigin } from '../metrics/index.ts';
import type { Recommendation } from './find-recommendations.ts';

/** What the calls of a span came to, as it is stored and sent: money is decimal text, unknown is null. */
export interface ReportFigures {
  readonly calls: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly successRate: number | null;
  readonly costUsd: string;
  readonly unknownCostCalls: number;
  readonly costPerSuccessUsd: string | null;
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly timeToFirstTokenP50Ms: number | null;
  readonly tokensPerSecond: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What the four weeks before say of the week: `unusual` lies outside of what they let expect (95 %). */
export type WeekVerdict = 'usual' | 'higher' | 'lower' | 'cannot-tell';

/** One day of the team's time zone. */
export interface ReportDay {
  /** `2026-11-16`. */
  readonly date: string;
  readonly calls: number;
  readonly failed: number;
  readonly costUsd: string;
}

/** Whose spend changed most against the week before. */
export interface Mover {
  readonly dimension: 'model' | 'workflow' | 'step' | 'member' | 'apiKey';
  readonly value: string;
  readonly label: string;
  readonly costUsd: string;
  readonly previousCostUsd: string;
  /** With a sign. */
  readonly changeUsd: string;
  readonly calls: number;
  readonly previousCalls: number;
}

export interface ReportModel {
  readonly model: string;
  readonly figures: ReportFigures;
  readonly previousCostUsd: string;
}

export interface ReportIncident {
  readonly id: string;
  readonly provider: string;
  readonly severity: string;
  readonly startedAt: string;
  /** Null while it goes on. */
  readonly closedAt: string | null;
  readonly failedCalls: number;
  readonly fallbackCalls: number;
  /** Failed attempts that were paid, and what fallbacks cost more. */
  readonly billUsd: string;
  /** Some of it could not be added up. */
  readonly isPartial: boolean;
}

export interface ReportBudget {
  readonly id: string;
  readonly name: string;
  /** cost, tokens or requests. */
  readonly unit: string;
  readonly window: string;
  /** Decimal text in the unit. */
  readonly limit: string;
  /** The fullest window that touched the week. */
  readonly spent: string;
  readonly share: number | null;
  /** Calls that it refused in the week. */
  readonly refused: number;
}

/** A week of a team, complete in itself: it is stored once and never changes. */
export interface WeeklyReport {
  readonly version: 1;
  readonly origin: CallOrigin;
  readonly timeZone: string;
  /** The Monday that it begins with, in the time zone: `2026-11-16`. */
  readonly weekStart: string;
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly builtAt: string;
  readonly total: ReportFigures;
  readonly previous: ReportFigures;
  /** Of a week, on average of those of the four before in which there were calls; null when there was none. */
  readonly mean: ReportFigures | null;
  /** How many weeks that is. */
  readonly meanWeeks: number;
  readonly verdicts: { readonly calls: WeekVerdict; readonly cost: WeekVerdict; readonly successRate: WeekVerdict };
  readonly days: readonly ReportDay[];
  readonly models: readonly ReportModel[];
  readonly movers: readonly Mover[];
  readonly incidents: readonly ReportIncident[];
  readonly budgets: readonly ReportBudget[];
  readonly recommendations: readonly Recommendation[];
}
