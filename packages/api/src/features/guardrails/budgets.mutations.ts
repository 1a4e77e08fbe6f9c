import { builder } from '../../graphql/builder.ts';
import type { GraphContext } from '../../graphql/context.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { type AdjustedBudgets, adjustTeamBudgets } from './adjust-budgets.ts';
import {
  AdjustBudgetsInput,
  CreateBudgetInput,
  DeleteBudgetInput,
  EndBudgetRaiseInput,
  RaiseBudgetInput,
  UpdateBudgetInput,
} from './budget.inputs.ts';
import { BudgetType } from './budget.types.ts';
import {
  createTeamBudget,
  deleteTeamBudget,
  endTeamRaise,
  raiseTeamBudget,
  updateTeamBudget,
} from './change-budgets.ts';
import { outcomes } from './outcomes.ts';

/** The budget that was changed; deleted by somebody meanwhile, it is an error of its own. */
const findChanged = (query: object, { id }: { readonly id: string }, { services, identity }: GraphContext) =>
  services.prisma.budget.findUniqueOrThrow({ ...query, where: { id_teamId: { id, teamId: identity.teamId } } });

const changedBudget = (name: string, description: string) =>
  builder.objectRef<{ readonly id: string }>(name).implement({
    description,
    fields: (t) => ({
      budget: t.prismaField({
        type: BudgetType,
        description: 'The budget as it now is.',
        resolve: (query, changed, _args, context) => findChanged(query, changed, context),
      }),
    }),
  });
const CreateBudgetSuccess = changedBudget(
  'CreateBudgetSuccess',
  'The budget was made. It holds for calls from now on.',
);
const UpdateBudgetSuccess = changedBudget('UpdateBudgetSuccess', 'The budget was changed.');
const EndBudgetRaiseSuccess = changedBudget('EndBudgetRaiseSuccess', 'The raise is over.');

const RaiseBudgetSuccess = builder
  .objectRef<{ readonly id: string; readonly raiseId: string }>('RaiseBudgetSuccess')
  .implement({
    description: 'The budget was raised.',
    fields: (t) => ({
      budget: t.prismaField({
        type: BudgetType,
        description: 'The budget as it now is.',
        resolve: (query, changed, _args, context) => findChanged(query, changed, context),
      }),
      raiseId: t.exposeID('raiseId', { description: 'The raise, among the raises of the budget.' }),
    }),
  });

const DeleteBudgetSuccess = builder.objectRef<{ readonly id: string }>('DeleteBudgetSuccess').implement({
  description: 'The budget is gone. What it counted and what it refused stays on record.',
  fields: (t) => ({
    budgetId: t.id({ description: 'What its id was.', resolve: ({ id }) => encodeId('Budget', id) }),
  }),
});

const AdjustBudgetsSuccess = builder.objectRef<AdjustedBudgets>('AdjustBudgetsSuccess').implement({
  description: 'The budgets were changed, all of them.',
  fields: (t) => ({
    budgets: t.prismaField({
      type: [BudgetType],
      description: 'The budgets that were changed, as they now are.',
      resolve: (query, { changed }, _args, { services, identity }) =>
        services.prisma.budget.findMany({
          ...query,
          where: { teamId: identity.teamId, id: { in: [...changed] } },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        }),
    }),
    readOnlyBudgets: t.prismaField({
      type: [BudgetType],
      description: 'Those that were meant and stand in the configuration file: they are as they were.',
      resolve: (query, { readOnly }, _args, { services, identity }) =>
        services.prisma.budget.findMany({
          ...query,
          where: { teamId: identity.teamId, id: { in: [...readOnly] } },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        }),
    }),
  }),
});

builder.mutationFields((t) => ({
  createBudget: t.field({
    type: CreateBudgetSuccess,
    description: 'Makes a budget of your team. Needs the scope MANAGE.',
    errors: outcomes('CreateBudgetResult', ValidationFailure, ConflictFailure, ForbiddenFailure, IdempotencyFailure),
    args: { input: t.arg({ type: CreateBudgetInput, required: true, description: 'What to make.' }) },
    resolve: (_root, { input }, { services, identity }) => createTeamBudget(services, identity, input),
  }),
  updateBudget: t.field({
    type: UpdateBudgetSuccess,
    description: 'Changes a budget of your team. Needs the scope MANAGE.',
    errors: outcomes('UpdateBudgetResult', ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: UpdateBudgetInput, required: true, description: 'What to change.' }) },
    resolve: (_root, { input: { budgetId, version, ...changes } }, { services, identity }) =>
      updateTeamBudget(services, identity, decodeId(budgetId, 'Budget'), version, changes),
  }),
  deleteBudget: t.field({
    type: DeleteBudgetSuccess,
    description: 'Deletes a budget of your team. Needs the scope MANAGE.',
    errors: outcomes('DeleteBudgetResult', NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: DeleteBudgetInput, required: true, description: 'What to delete.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      deleteTeamBudget(services, identity, decodeId(input.budgetId, 'Budget')),
  }),
  raiseBudget: t.field({
    type: RaiseBudgetSuccess,
    description: 'Adds to the limit of a budget for a while. Needs the scope MANAGE.',
    errors: outcomes(
      'RaiseBudgetResult',
      ValidationFailure,
      NotFoundFailure,
      ConflictFailure,
      ForbiddenFailure,
      IdempotencyFailure,
    ),
    args: { input: t.arg({ type: RaiseBudgetInput, required: true, description: 'What to add.' }) },
    resolve: (_root, { input: { budgetId, ...raise } }, { services, identity }) =>
      raiseTeamBudget(services, identity, decodeId(budgetId, 'Budget'), raise),
  }),
  endBudgetRaise: t.field({
    type: EndBudgetRaiseSuccess,
    description: 'Ends a raise now; one that has not begun is taken back. Needs the scope MANAGE.',
    errors: outcomes('EndBudgetRaiseResult', ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: EndBudgetRaiseInput, required: true, description: 'What to end.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      endTeamRaise(services, identity, decodeId(input.budgetId, 'Budget'), input.raiseId),
  }),
  adjustBudgets: t.field({
    type: AdjustBudgetsSuccess,
    description: 'Changes many budgets of your team at once. Needs the scope MANAGE.',
    errors: outcomes(
      'AdjustBudgetsResult',
      ValidationFailure,
      NotFoundFailure,
      ConflictFailure,
      ForbiddenFailure,
      IdempotencyFailure,
    ),
    args: { input: t.arg({ type: AdjustBudgetsInput, required: true, description: 'What to change.' }) },
    resolve: (_root, { input }, { services, identity }) => adjustTeamBudgets(services, identity, input),
  }),
}));
