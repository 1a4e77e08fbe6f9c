import type { CallOrigin } from '../metrics/index.ts';
import { type Budget, effectiveLimit } from './budget.ts';
import type {
  ActualUse,
  BudgetFigures,
  BudgetRefusal,
  BudgetWarning,
  RefusalReason,
  ReserveAnswer,
  ReserveRequest,
} from './budget-ledger.ts';
import type { AccountFigures, WindowAccount } from './budget-store.ts';
import { type WindowSpan, windowOf } from './budget-window.ts';
import { type BudgetMatch, matchBudgets, windowIdOf } from './match-budgets.ts';

/** What a call asks of one budget. */
export interface BudgetDemand {
  readonly budget: Budget;
  readonly account: WindowAccount;
  /** In force now. */
  readonly limit: bigint;
  /** In the budget's unit. */
  readonly amount: bigint;
  /** The call has no price and the budget takes no such calls. */
  readonly isUnpriced: boolean;
}

/** Knows in which window a budget is at a time, without asking the calendar for every call. */
export class WindowCalendar {
  readonly #spans = new Map<string, { readonly version: number; readonly span: WindowSpan }>();

  spanOf(budget: Budget, nowMs: number): WindowSpan {
    const known = this.#spans.get(budget.id);
    if (known && known.version === budget.version) {
      const { span } = known;
      if (span.startMs <= nowMs && (span.endMs === undefined || nowMs < span.endMs)) return span;
    }
    const span = windowOf(budget, nowMs);
    if (this.#spans.size > 10_000) this.#spans.clear();
    this.#spans.set(budget.id, { version: budget.version, span });
    return span;
  }
}

/** Everything that `request` asks of `budgets` at `nowMs` (epoch ms). */
export function demandsOf(
  request: ReserveRequest,
  budgets: readonly Budget[],
  calendar: WindowCalendar,
  nowMs: number,
): readonly BudgetDemand[] {
  const { attributes } = request;
  return matchBudgets(attributes, budgets).map((match) => {
    const { budget } = match;
    const asked = upperBoundFor(budget, request);
    return {
      budget,
      account: accountOf(match, attributes.origin, calendar.spanOf(budget, nowMs)),
      limit: effectiveLimit(budget, nowMs),
      amount: asked === undefined || asked < 0n ? 0n : asked,
      isUnpriced: asked === undefined && budget.mode === 'hard',
    };
  });
}

/** The account of a match in the window `span`. */
export function accountOf(match: BudgetMatch, origin: CallOrigin, span: WindowSpan): WindowAccount {
  const { budget, subject } = match;
  const { startMs, endMs } = span;
  const windowId = windowIdOf(match, origin, startMs);
  return { windowId, budgetId: budget.id, teamId: budget.teamId, origin, subject, startMs, endMs };
}

function upperBoundFor(budget: Budget, { upperBound }: ReserveRequest): bigint | undefined {
  if (budget.unit === 'requests') return 1n;
  if (budget.unit === 'tokens') return upperBound.tokens;
  if (upperBound.costNanoUsd !== undefined) return upperBound.costNanoUsd;
  return budget.unpriced.kind === 'flat-reserve' ? budget.unpriced.amountNanoUsd : undefined;
}

/** What a settled call adds to a budget of this unit, in place of the `reserved` amount. */
export function bookedAmount(
  unit: Budget['unit'],
  actual: ActualUse,
  reserved: bigint,
): { readonly amount: bigint; readonly isEstimated: boolean } {
  if (unit === 'requests') return { amount: 1n, isEstimated: false };
  const used = unit === 'tokens' ? actual.tokens : actual.costNanoUsd;
  if (used === undefined || used < 0n) return { amount: reserved, isEstimated: true };
  return { amount: used, isEstimated: actual.isEstimated ?? false };
}

/** The refusal of `demand`, with what is known of its account. */
export function createRefusal(
  demand: BudgetDemand,
  reason: RefusalReason,
  figures: AccountFigures | { readonly spent: bigint; readonly reserved: bigint } | undefined,
): BudgetRefusal {
  const reserved = figures ? ('reserved' in figures ? figures.reserved : figures.leased) : 0n;
  return {
    ...figuresOf(demand, figures?.spent ?? 0n, reserved),
    reason,
    requested: demand.amount,
    onBreach: demand.budget.onBreach,
    whenAllBreach: demand.budget.whenAllBreach,
  };
}

export function refuse(refusal: BudgetRefusal): ReserveAnswer {
  return { isGranted: false, refusal };
}

export function figuresOf({ budget, account, limit }: BudgetDemand, spent: bigint, reserved: bigint): BudgetFigures {
  return {
    budgetId: budget.id,
    budgetName: budget.name,
    isRate: budget.window === 'minute',
    unit: budget.unit,
    windowId: account.windowId,
    spent,
    reserved,
    limit,
    resetsAtMs: account.endMs,
  };
}

/** Soft budgets refuse nothing, and what costs nothing needs no room, also in a budget that is used up. */
export function needsRoom({ budget, amount }: BudgetDemand): boolean {
  return budget.mode === 'hard' && amount > 0n;
}

/** What a reservation of `demand` brings about, `before` being what was spent and reserved until then. */
export function* warningsOf(
  demand: BudgetDemand,
  slice: { readonly spent: bigint; readonly reserved: bigint },
  before: bigint,
): Iterable<BudgetWarning> {
  const { budget, limit, amount } = demand;
  // A rate that is used up is nothing to alarm people with.
  if (budget.window === 'minute') return;
  const after = before + amount;
  const figures = figuresOf(demand, slice.spent, slice.reserved);
  if (budget.mode === 'soft' && after > limit) yield { ...figures, type: 'over-limit', threshold: 1 };
  for (const threshold of budget.alertThresholds) {
    const line = (limit * BigInt(Math.round(threshold * 1_000_000))) / 1_000_000n;
    if (before < line && after >= line) yield { ...figures, type: 'threshold', threshold };
  }
}
