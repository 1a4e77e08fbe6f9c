import { tighter } from './amounts.ts';
import type { Budget } from './budget.ts';
import type { BudgetRefusal, UpperBound } from './budget-ledger.ts';

/** What one model may use in one step (or lane), all its attempts together. */
export interface ModelLimits {
  readonly costLimitNanoUsd?: bigint;
  /** Input and output together. */
  readonly tokenLimit?: number;
  /** Soft: a slower answer stands, and is told. In milliseconds, for the whole answer. */
  readonly latencyTargetMs?: number;
  /** Over a limit the next model is asked; otherwise the step ends with the refusal. */
  readonly dropIfOverBudget?: boolean;
}

/** What one request may use, all attempts at all models together. */
export interface RequestLimits {
  readonly costNanoUsd?: bigint;
  readonly tokens?: number;
}

/** What was used so far, in nano-USD and tokens. */
export interface UsedSoFar {
  readonly costNanoUsd: bigint;
  readonly tokens: bigint;
}

export const nothingUsed: UsedSoFar = { costNanoUsd: 0n, tokens: 0n };

/** A limit in cost or tokens as the refusals of budgets tell it. */
interface Limit {
  readonly name: string;
  readonly unit: Budget['unit'];
  readonly limit: bigint;
  readonly spent: bigint;
  readonly requested: bigint | undefined;
  readonly onBreach: Budget['onBreach'];
}

/** What the limits of `model` leave for a call after what it used already. */
export function roomOfLimits(
  model: ModelLimits | undefined,
  usedByModel: UsedSoFar,
  request: RequestLimits | undefined,
  used: UsedSoFar,
): { readonly costNanoUsd?: bigint | undefined; readonly tokens?: bigint | undefined } | undefined {
  const cost = tighter(
    minus(model?.costLimitNanoUsd, usedByModel.costNanoUsd),
    minus(request?.costNanoUsd, used.costNanoUsd),
  );
  const tokens = tighter(
    minus(toBigInt(model?.tokenLimit), usedByModel.tokens),
    minus(toBigInt(request?.tokens), used.tokens),
  );
  return cost === undefined && tokens === undefined ? undefined : { costNanoUsd: cost, tokens };
}

/**
 * Whether a call with this upper bound keeps the limits of its model and of its request: undefined when it does, else
 * the refusal. A call without a known price is refused by a limit in money.
 */
export function checkLimits(
  modelId: string,
  model: ModelLimits | undefined,
  usedByModel: UsedSoFar,
  request: RequestLimits | undefined,
  used: UsedSoFar,
  bound: UpperBound,
): { readonly limitedBy: 'model' | 'request'; readonly refusal: BudgetRefusal } | undefined {
  const onBreach = model?.dropIfOverBudget === false ? 'fail-fast' : 'skip-to-next';
  const ofModel = refusalOf([
    {
      name: `cost limit of ${modelId}`,
      unit: 'cost',
      limit: model?.costLimitNanoUsd,
      spent: usedByModel.costNanoUsd,
      requested: bound.costNanoUsd,
      onBreach,
    },
    {
      name: `token limit of ${modelId}`,
      unit: 'tokens',
      limit: toBigInt(model?.tokenLimit),
      spent: usedByModel.tokens,
      requested: bound.tokens,
      onBreach,
    },
  ]);
  if (ofModel) return { limitedBy: 'model', refusal: ofModel };
  const ofRequest = refusalOf([
    {
      name: 'cost limit per request',
      unit: 'cost',
      limit: request?.costNanoUsd,
      spent: used.costNanoUsd,
      requested: bound.costNanoUsd,
      onBreach: 'skip-to-next',
    },
    {
      name: 'token limit per request',
      unit: 'tokens',
      limit: toBigInt(request?.tokens),
      spent: used.tokens,
      requested: bound.tokens,
      onBreach: 'skip-to-next',
    },
  ]);
  return ofRequest && { limitedBy: 'request', refusal: ofRequest };
}

function refusalOf(limits: readonly (Omit<Limit, 'limit'> & { limit: bigint | undefined })[]) {
  for (const { limit, ...rest } of limits) {
    if (limit === undefined) continue;
    if (rest.requested === undefined || rest.spent + rest.requested > limit) return toRefusal({ ...rest, limit });
  }
  return undefined;
}

function toRefusal({ name, unit, limit, spent, requested, onBreach }: Limit): BudgetRefusal {
  return {
    budgetId: '',
    budgetName: name,
    unit,
    windowId: '',
    spent,
    reserved: 0n,
    limit,
    resetsAtMs: undefined,
    reason: requested === undefined ? 'unpriced' : 'budget-exceeded',
    requested: requested ?? 0n,
    onBreach,
    whenAllBreach: 'fail',
  };
}

function toBigInt(count: number | undefined): bigint | undefined {
  return count === undefined ? undefined : BigInt(Math.floor(count));
}

function minus(limit: bigint | undefined, used: bigint): bigint | undefined {
  if (limit === undefined) return undefined;
  return limit > used ? limit - used : 0n;
}
