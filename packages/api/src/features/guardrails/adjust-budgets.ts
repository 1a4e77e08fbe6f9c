import {
  type BudgetScopeKind,
  type BudgetUnit,
  type BudgetWindowKind,
  validateBudget,
} from '@switchyard/core/guardrails';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import type { StoredBudget } from './budget.mapping.ts';
import { changeBudgets, readCall } from './budget-transaction.ts';
import { changedMeanwhile, issue } from './save-budget.ts';

const highestPercent = 1_000;

export interface AdjustFields {
  readonly percent?: number | null | undefined;
  readonly isEnabled?: boolean | null | undefined;
  readonly filter?: AdjustFilter | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface AdjustFilter {
  readonly budgetIds?: readonly string[] | null | undefined;
  readonly units?: readonly BudgetUnit[] | null | undefined;
  readonly windows?: readonly BudgetWindowKind[] | null | undefined;
  readonly modes?: readonly ('hard' | 'soft')[] | null | undefined;
  readonly scopeKinds?: readonly BudgetScopeKind[] | null | undefined;
}

export interface AdjustedBudgets {
  readonly changed: readonly string[];
  /** Those that the filter names and the configuration file keeps. */
  readonly readOnly: readonly string[];
}

/**
 * Changes many budgets of the team at once, all or none: their limits by a percentage, or whether they hold. Throws
 * `ForbiddenFailure`, `NotFoundFailure`, `ValidationFailure`, `ConflictFailure`, `IdempotencyFailure`.
 */
export async function adjustTeamBudgets(
  services: Services,
  identity: Identity,
  input: AdjustFields,
): Promise<AdjustedBudgets> {
  assertMayManage(identity, 'GUARDRAILS', 'adjust budgets');
  const call = readCall('adjustBudgets', identity, input);
  const { percent, isEnabled, filter } = input;
  const issues = [
    ...((percent == null) === (isEnabled == null) ? [issue('Give either percent or isEnabled.', 'percent')] : []),
    ...(percent != null && !(percent >= -100 && percent <= highestPercent && percent !== 0)
      ? [issue(`From -100 to ${highestPercent}, and not 0.`, 'percent')]
      : []),
  ];
  if (issues.length > 0) throw new ValidationFailure(issues);
  return changeBudgets(services, call, async ({ budgets }) => {
    const matching = select(await budgets.list(identity.teamId), filter ?? {});
    const [own, readOnly] = [
      matching.filter(({ source }) => source === 'dashboard'),
      matching.filter(({ source }) => source !== 'dashboard'),
    ];
    const ids = own.map(({ id }) => id);
    await budgets.lock(identity.teamId, ids);
    const locked = (await budgets.list(identity.teamId)).filter(({ id }) => ids.includes(id));
    const wanted = locked.map((budget) => ({
      ...budget,
      ...(percent != null && { limit: scaleLimit(budget.limit, percent) }),
      ...(isEnabled != null && { isEnabled }),
    }));
    const refused = wanted.flatMap((budget) =>
      validateBudget(budget)
        .filter(({ severity }) => severity === 'error')
        .map(({ message }) => issue(`${budget.name}: ${message}`, 'percent')),
    );
    if (refused.length > 0) throw new ValidationFailure(refused);
    for (const budget of wanted) if (!(await budgets.update(budget))) throw changedMeanwhile();
    return { changed: wanted.map(({ id }) => id), readOnly: readOnly.map(({ id }) => id) };
  });
}

/** The limit with `percent` more, exact to a thousandth of a percent, rounded to the nearest unit; never below 0. */
export function scaleLimit(limit: bigint, percent: number): bigint {
  const parts = 100_000n + BigInt(Math.round(percent * 1_000));
  return (limit * parts + 50_000n) / 100_000n;
}

function select(budgets: readonly StoredBudget[], filter: AdjustFilter): readonly StoredBudget[] {
  const { budgetIds, units, windows, modes, scopeKinds } = filter;
  const ids = budgetIds?.map((id, index) => {
    const raw = decodeId(id, 'Budget');
    if (!budgets.some((budget) => budget.id === raw))
      throw new NotFoundFailure('budget', ['input', 'filter', 'budgetIds', `${index}`]);
    return raw;
  });
  return budgets.filter(
    ({ id, unit, window, mode, scope }) =>
      (!ids || ids.includes(id)) &&
      (!units || units.includes(unit)) &&
      (!windows || windows.includes(window)) &&
      (!modes || modes.includes(mode)) &&
      (!scopeKinds || scope.some(({ kind }) => scopeKinds.includes(kind))),
  );
}
