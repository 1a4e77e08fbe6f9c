import type { Budget as BudgetRow } from '../../generated/prisma/client.ts';
import { toBudget } from '../guardrails/budget.mapping.ts';
import { changeBudgets } from '../guardrails/budget-transaction.ts';
import { deleteTeamBudget } from '../guardrails/change-budgets.ts';
import {
  type BudgetSettings,
  changedMeanwhile,
  createBudget,
  findBudget,
  updateBudget,
} from '../guardrails/save-budget.ts';
import { readTeamValues, toKnownValues } from '../guardrails/team-values.ts';
import type { JsonRecord } from './audit-payload.ts';
import type { Reverter } from './reverters.ts';

/** Budgets: a change is set back, a new one is deleted, a deleted one is made anew with the same settings and empty books. */
export const revertBudget: Reverter = {
  area: 'GUARDRAILS',
  unsupported: ({ operation }, { before, after }) => {
    if ((before ?? after)?.source === 'file') return 'This budget stands in the configuration file: change it there.';
    if (operation === 'UPDATE' && Object.keys(before ?? {}).every((name) => name === 'raises'))
      return 'Raises end by themselves: end this one on the page of the budget.';
    return undefined;
  },
  revert: async (services, identity, { entry, payload, current }) => {
    const { teamId, userId } = identity;
    if (entry.operation === 'INSERT') return deleteTeamBudget(services, identity, entry.objectId ?? undefined);
    const settings = toSettings({ ...current, ...payload.before, teamId });
    const values = toKnownValues(await readTeamValues(services, teamId));
    return changeBudgets(services, undefined, async (dependencies) => {
      if (entry.operation === 'DELETE') {
        const { budget } = await createBudget(teamId, settings, userId, values, dependencies);
        return { id: budget.id };
      }
      const before = await findBudget(teamId, entry.objectId ?? undefined, dependencies);
      if (before.version !== Number(current.version)) throw changedMeanwhile();
      await updateBudget(before, settings, values, dependencies);
      return { id: before.id };
    });
  },
};

function toSettings(row: JsonRecord): BudgetSettings {
  const {
    id: _id,
    teamId: _team,
    version: _version,
    raises: _raises,
    source: _source,
    fileKey: _file,
    ...settings
  } = toBudget({ ...row, limitAmount: BigInt(String(row.limitAmount)) } as unknown as BudgetRow);
  return settings;
}
