import type { Budget, BudgetCondition, BudgetRaise, UnpricedPolicy } from '@switchyard/core/guardrails';
import type { Budget as BudgetRow, Prisma } from '../../generated/prisma/client.ts';

/** A raise with what people want to know of it. */
export interface DatedRaise extends BudgetRaise {
  /** Unique in its budget. */
  readonly id: string;
  readonly reason: string;
  /** Undefined: an API key of the installation. */
  readonly raisedById: string | undefined;
  readonly raisedAtMs: number;
}

/** A budget as it is kept: beside what the ledger asks, who raised it and where it comes from. */
export interface StoredBudget extends Budget {
  readonly raises: readonly DatedRaise[];
  /** A budget of the configuration file is changed there alone; raises are given here all the same. */
  readonly source: 'dashboard' | 'file';
  /** What the file calls it. */
  readonly fileKey: string | undefined;
}

/** Amounts have no JSON form of their own: they are kept as text. Rows of old have raises without the rest. */
interface StoredRaise {
  readonly id?: string;
  readonly amount: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly reason?: string;
  readonly raisedById?: string | null;
  readonly raisedAtMs?: number;
}
type StoredUnpriced = { readonly kind: 'refuse' } | { readonly kind: 'flat-reserve'; readonly amountNanoUsd: string };

/** A row as the domain's budget. The columns are written by {@link toBudgetColumns} alone and trusted. */
export function toBudget(row: BudgetRow): StoredBudget {
  const raises = row.raises as unknown as readonly StoredRaise[];
  const unpriced = row.unpriced as unknown as StoredUnpriced;
  return {
    id: row.id,
    teamId: row.teamId,
    name: row.name,
    scope: row.scope as unknown as readonly BudgetCondition[],
    unit: row.unit as Budget['unit'],
    window: row.window as Budget['window'],
    timeZone: row.timeZone,
    limit: row.limitAmount,
    mode: row.mode as Budget['mode'],
    alertThresholds: row.alertThresholds as unknown as readonly number[],
    onBreach: row.onBreach as Budget['onBreach'],
    whenAllBreach: row.whenAllBreach as Budget['whenAllBreach'],
    unpriced: toUnpriced(unpriced),
    raises: raises.map(toRaise),
    isEnabled: row.isEnabled,
    source: row.source === 'file' ? 'file' : 'dashboard',
    fileKey: row.fileKey ?? undefined,
    version: row.version,
  };
}

function toRaise(stored: StoredRaise, index: number): DatedRaise {
  const { id = `raise-${index}`, amount, fromMs, untilMs, reason = '', raisedById, raisedAtMs = fromMs } = stored;
  return { id, amount: BigInt(amount), fromMs, untilMs, reason, raisedById: raisedById ?? undefined, raisedAtMs };
}

function toUnpriced(stored: StoredUnpriced): UnpricedPolicy {
  return stored.kind === 'refuse' ? stored : { ...stored, amountNanoUsd: BigInt(stored.amountNanoUsd) };
}

/** What is stored of a budget, without its key. */
export function toBudgetColumns(budget: StoredBudget) {
  const { unpriced, raises } = budget;
  return {
    name: budget.name,
    scope: budget.scope as unknown as Prisma.InputJsonValue,
    unit: budget.unit,
    window: budget.window,
    timeZone: budget.timeZone,
    limitAmount: budget.limit,
    mode: budget.mode,
    alertThresholds: [...budget.alertThresholds],
    onBreach: budget.onBreach,
    whenAllBreach: budget.whenAllBreach,
    unpriced: unpriced.kind === 'refuse' ? unpriced : { ...unpriced, amountNanoUsd: `${unpriced.amountNanoUsd}` },
    raises: raises.map(({ amount, raisedById, ...rest }) => {
      return { ...rest, amount: `${amount}`, raisedById: raisedById ?? null };
    }),
    isEnabled: budget.isEnabled,
    source: budget.source,
    fileKey: budget.fileKey ?? null,
    version: budget.version,
  };
}
