import {
  type BreachPolicy,
  type BudgetRefusal,
  type BudgetUnit,
  describeRefusal,
  type RefusalReason,
} from '@switchyard/core/guardrails';
import { UserFailure } from '../../user-errors.ts';

const codes: Readonly<Record<RefusalReason, string>> = {
  'budget-exceeded': 'BUDGETS.EXCEEDED',
  unpriced: 'BUDGETS.UNPRICED',
  'ledger-unavailable': 'BUDGETS.UNAVAILABLE',
};

/** A budget or limit stood against a call. Amounts in the budget's unit. */
export class BudgetExceededFailure extends UserFailure {
  /** Undefined for a limit of a request or a step, which is no budget. */
  readonly budgetId: string | undefined;
  readonly budgetName: string;
  readonly unit: BudgetUnit;
  readonly spent: bigint;
  readonly reserved: bigint;
  readonly limit: bigint;
  readonly requested: bigint;
  /** Epoch ms; undefined when the window never ends. */
  readonly resetsAtMs: number | undefined;
  readonly reason: RefusalReason;
  readonly onBreach: BreachPolicy;
  /** The request for more that was made in its course. */
  readonly approvalId: string | undefined;

  constructor(refusal: BudgetRefusal, message: string, approvalId: string | undefined) {
    super(codes[refusal.reason], message);
    this.budgetId = refusal.budgetId === '' ? undefined : refusal.budgetId;
    this.budgetName = refusal.budgetName;
    this.unit = refusal.unit;
    this.spent = refusal.spent;
    this.reserved = refusal.reserved;
    this.limit = refusal.limit;
    this.requested = refusal.requested;
    this.resetsAtMs = refusal.resetsAtMs;
    this.reason = refusal.reason;
    this.onBreach = refusal.onBreach;
    this.approvalId = approvalId;
  }
}

/** The typed error for a call that was refused. `modelId` is the model that was to be called, for the message. */
export function toBudgetExceeded(
  refusal: BudgetRefusal,
  approval?: { readonly id: string } | undefined,
  modelId = 'the model',
): BudgetExceededFailure {
  return new BudgetExceededFailure(refusal, describeRefusal(refusal, modelId), approval?.id);
}
