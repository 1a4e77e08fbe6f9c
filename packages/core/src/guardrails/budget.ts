import type { CallOrigin } from '../metrics/index.ts';

/** What a budget counts: nano-USD, tokens (input and output together) or calls of models. */
export type BudgetUnit = 'cost' | 'tokens' | 'requests';

/** By what calls can be told apart. A `step` is named by an id that is unique in the team. */
export const budgetScopeKinds = ['member', 'api-key', 'role', 'workflow', 'step', 'provider', 'model', 'tag'] as const;
export type BudgetScopeKind = (typeof budgetScopeKinds)[number];

/**
 * One condition on a call: it has this `value`, or, with `each`, it has any value and every value has a budget of its
 * own. For `tag` and `each` a call counts in the budget of every tag it carries.
 */
export type BudgetCondition =
  | { readonly kind: BudgetScopeKind; readonly value: string }
  | { readonly kind: BudgetScopeKind; readonly each: true };

export const budgetWindowKinds = ['run', 'minute', 'hour', 'day', 'week', 'month', 'lifetime'] as const;
/**
 * `minute` makes the budget a rate limit over all processes: nobody is told of its thresholds, and who is refused may
 * come back when the minute is over. `run`: each run of a workflow has its own window; a call outside a run does not
 * count. Weeks start on Monday.
 */
export type BudgetWindowKind = (typeof budgetWindowKinds)[number];

/** What to do instead of the call that the budget refused. */
export type BreachPolicy = 'skip-to-next' | 'cheaper-equivalent' | 'ask-approval' | 'fail-fast';

/** What a budget in money does with a call whose price nobody knows: refuse it, or reserve and book a flat amount. */
export type UnpricedPolicy =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'flat-reserve'; readonly amountNanoUsd: bigint };

/** An admin's dated addition to a limit, in the budget's unit: holds from `fromMs` until before `untilMs` (epoch ms). */
export interface BudgetRaise {
  readonly amount: bigint;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * A limit on what some of a team's calls may use in a window of time.
 *
 * Live money and simulated money are never added up: every window exists twice, once for each origin, both with this
 * limit. So a demonstration on simulated vendors meets its budgets without touching the live ones.
 */
export interface Budget {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  /** All conditions must hold; none at all means the whole team. */
  readonly scope: readonly BudgetCondition[];
  readonly unit: BudgetUnit;
  readonly window: BudgetWindowKind;
  /** IANA name by whose calendar days, weeks and months begin. */
  readonly timeZone: string;
  /** In the budget's unit. 0 forbids the calls (when hard). */
  readonly limit: bigint;
  /** `hard` refuses what would go over the limit; `soft` only warns. */
  readonly mode: 'hard' | 'soft';
  /** Shares of the limit, for example 0.8, ascending. */
  readonly alertThresholds: readonly number[];
  readonly onBreach: BreachPolicy;
  /** When every candidate breached: fail, or wait for a person. */
  readonly whenAllBreach: 'fail' | 'ask';
  readonly unpriced: UnpricedPolicy;
  readonly raises: readonly BudgetRaise[];
  readonly isEnabled: boolean;
  /** Counts up with every change, so that a process with an old copy cannot lease by an old limit. */
  readonly version: number;
}

/** What a call is, as far as budgets can tell calls apart. */
export interface CallAttributes {
  readonly teamId: string;
  readonly origin: CallOrigin;
  readonly providerId: string;
  /** `provider/model`. */
  readonly modelId: string;
  readonly memberId?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly role?: string | undefined;
  readonly workflowId?: string | undefined;
  readonly runId?: string | undefined;
  readonly stepId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** The budget's limit at `nowMs` (epoch ms) with the raises that hold then, in the budget's unit. */
export function effectiveLimit(budget: Pick<Budget, 'limit' | 'raises'>, nowMs: number): bigint {
  let limit = budget.limit;
  for (const raise of budget.raises) if (raise.fromMs <= nowMs && nowMs < raise.untilMs) limit += raise.amount;
  return limit;
}
