import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { ValidationFailure, type ValidationIssue } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { type BudgetFieldsInput, longestReason, readAmount, readBudgetFields } from './budget-input.ts';
import { changeBudgets, readCall } from './budget-transaction.ts';
import { declineAllOf } from './resolve-approval.ts';
import {
  type BudgetSettings,
  changedMeanwhile,
  createBudget,
  deleteBudget,
  endRaise,
  findBudget,
  issue,
  raiseBudget,
  updateBudget,
} from './save-budget.ts';
import { readTeamValues, toKnownValues } from './team-values.ts';

/** What a budget is where nothing else was said. */
const usualSettings: Omit<BudgetSettings, 'name' | 'unit' | 'window' | 'limit'> = {
  scope: [],
  timeZone: 'UTC',
  mode: 'hard',
  alertThresholds: [0.8, 1],
  onBreach: 'skip-to-next',
  whenAllBreach: 'fail',
  unpriced: { kind: 'refuse' },
  isEnabled: true,
};

export type CreateBudgetFields = BudgetFieldsInput &
  Required<{ readonly [Field in 'name' | 'unit' | 'window' | 'limit']: NonNullable<BudgetFieldsInput[Field]> }> & {
    readonly idempotencyKey?: string | null | undefined;
  };

/**
 * Makes a budget of the team; it holds for calls that start from now on, in this process at once. Answers its id.
 * Throws `ForbiddenFailure`, `ValidationFailure`, `ConflictFailure`, `IdempotencyFailure`.
 */
export async function createTeamBudget(
  services: Services,
  identity: Identity,
  input: CreateBudgetFields,
): Promise<{ readonly id: string }> {
  assertMayManage(identity, 'GUARDRAILS', 'make budgets');
  const { teamId, userId } = identity;
  const call = readCall('createBudget', identity, input);
  // Before the transaction: on the embedded database whoever asks beside one waits for its end.
  const values = await readTeamValues(services, teamId);
  return changeBudgets(services, call, async (dependencies) => {
    const { settings, issues } = readBudgetFields(input, input.unit, values);
    const { name, unit, window } = input;
    // Of a rate limit nobody is told.
    const thresholds = window === 'minute' && { alertThresholds: [] };
    const timeZone = services.teamSettings.of(teamId).timeZone ?? usualSettings.timeZone;
    const complete = { ...usualSettings, ...thresholds, timeZone, name, unit, window, limit: 0n, ...settings };
    const { budget } = await createBudget(teamId, complete, userId, toKnownValues(values), dependencies, issues);
    return { id: budget.id };
  });
}

/**
 * Changes a budget of the team: what is absent stays. `version` is the one that the caller saw. Throws as
 * {@link createTeamBudget} does, `NotFoundFailure`, and `ConflictFailure` when somebody else was faster.
 */
export async function updateTeamBudget(
  services: Services,
  identity: Identity,
  budgetId: string | undefined,
  version: number,
  input: BudgetFieldsInput,
): Promise<{ readonly id: string }> {
  assertMayManage(identity, 'GUARDRAILS', 'change budgets');
  parseInput(z.object({}), input);
  const values = await readTeamValues(services, identity.teamId);
  return changeBudgets(services, undefined, async (dependencies) => {
    const before = await findBudget(identity.teamId, budgetId, dependencies);
    if (before.version !== version) throw changedMeanwhile();
    const { settings, issues } = readBudgetFields(input, before.unit, values);
    await updateBudget(before, settings, toKnownValues(values), dependencies, issues);
    return { id: before.id };
  });
}

/** Deletes a budget of the team; its books stay. Answers its id. Throws as {@link updateTeamBudget} does. */
export async function deleteTeamBudget(
  services: Services,
  identity: Identity,
  budgetId: string | undefined,
): Promise<{ readonly id: string }> {
  assertMayManage(identity, 'GUARDRAILS', 'delete budgets');
  return changeBudgets(services, undefined, async (dependencies, tx) => {
    const before = await findBudget(identity.teamId, budgetId, dependencies);
    await deleteBudget(before, dependencies);
    await declineAllOf(services, tx, before.id);
    return { id: before.id };
  });
}

export interface RaiseFields {
  readonly amount: string;
  readonly startsAt?: Date | null | undefined;
  readonly endsAt: Date;
  readonly reason: string;
  readonly idempotencyKey?: string | null | undefined;
}

/** Raises a budget for a while. Answers the ids of budget and raise. Throws as {@link updateTeamBudget} does. */
export async function raiseTeamBudget(
  services: Services,
  identity: Identity,
  budgetId: string | undefined,
  input: RaiseFields,
): Promise<{ readonly id: string; readonly raiseId: string }> {
  assertMayManage(identity, 'GUARDRAILS', 'raise budgets');
  const call = readCall('raiseBudget', identity, input, { budgetId });
  return changeBudgets(services, call, async (dependencies) => {
    const before = await findBudget(identity.teamId, budgetId, dependencies);
    const nowMs = services.clock.nowMs();
    const issues: ValidationIssue[] = [];
    const reason = input.reason.trim();
    if (reason === '') issues.push(issue('Say why, for those who look at it later.', 'reason'));
    if (reason.length > longestReason) issues.push(issue(`At most ${longestReason} characters.`, 'reason'));
    const endMs = input.endsAt.getTime();
    if (endMs <= nowMs) issues.push(issue('Name an instant in the future.', 'endsAt'));
    const amount = readAmount(before.unit, input.amount, 'amount', issues);
    // What could not be read is told with the rest: the amount stands in for nothing that is stored.
    if (amount === undefined) throw new ValidationFailure(issues);
    const fromMs = input.startsAt?.getTime() ?? nowMs;
    const asked = { amount, fromMs, untilMs: endMs, reason, raisedById: identity.userId, raisedAtMs: nowMs };
    const { raise } = await raiseBudget(before, asked, dependencies, issues);
    return { id: before.id, raiseId: raise.id };
  });
}

/** Ends a raise now. Throws as {@link updateTeamBudget} does. */
export async function endTeamRaise(
  services: Services,
  identity: Identity,
  budgetId: string | undefined,
  raiseId: string,
): Promise<{ readonly id: string }> {
  assertMayManage(identity, 'GUARDRAILS', 'end raises');
  return changeBudgets(services, undefined, async (dependencies) => {
    const before = await findBudget(identity.teamId, budgetId, dependencies);
    await endRaise(before, raiseId, services.clock.nowMs(), dependencies);
    return { id: before.id };
  });
}
