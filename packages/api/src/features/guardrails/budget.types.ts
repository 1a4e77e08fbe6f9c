import { effectiveLimit, windowOf } from '@switchyard/core/guardrails';
import { formatUsd } from '@switchyard/core/kernel';
import type { Budget as BudgetRow } from '../../generated/prisma/client.ts';
import { builder, listCost } from '../../graphql/builder.ts';
import type { GraphContext } from '../../graphql/context.ts';
import { badInput } from '../../graphql/errors.ts';
import {
  AllBreachPolicyEnum,
  BreachPolicyEnum,
  BudgetModeEnum,
  BudgetSourceEnum,
  BudgetUnitEnum,
  BudgetWindowKindEnum,
} from './budget.enums.ts';
import { type DatedRaise, type StoredBudget, toBudget } from './budget.mapping.ts';
import { BudgetRepository } from './budget.repository.ts';
import { BudgetConditionType } from './budget-condition.types.ts';
import { findBudgetWarnings } from './budget-warnings.ts';
import { BudgetWindowType } from './budget-window.types.ts';
import { toDecimal } from './decimal-amount.ts';
import { readLiveWindows } from './read-live-windows.ts';
import { sharedLoad } from './shared-load.ts';
import { readTeamValues } from './team-values.ts';

const domain = new WeakMap<BudgetRow, StoredBudget>();

/** The row as the domain's budget, worked out once. */
function budgetOf(row: BudgetRow): StoredBudget {
  let budget = domain.get(row);
  if (!budget) {
    budget = toBudget(row);
    domain.set(row, budget);
  }
  return budget;
}

const findUser = (userId: string | undefined | null, { services, identity }: GraphContext, query: object) =>
  userId == null
    ? null
    : services.prisma.user.findFirst({
        ...query,
        where: { id: userId, memberships: { some: { teamId: identity.teamId } } },
      });

const BudgetRaiseType = builder
  .objectRef<DatedRaise & { readonly unit: StoredBudget['unit']; readonly nowMs: number }>('BudgetRaise')
  .implement({
    description: 'An addition to the limit of a budget for a while.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Names it within its budget.' }),
      amount: t.field({
        type: 'Decimal',
        description: "What it adds, in the budget's unit.",
        resolve: ({ unit, amount }) => toDecimal(unit, amount),
      }),
      startsAt: t.field({
        type: 'DateTime',
        description: 'From when on it holds.',
        resolve: ({ fromMs }) => new Date(fromMs),
      }),
      endsAt: t.field({
        type: 'DateTime',
        description: 'When it ends, or ended.',
        resolve: ({ untilMs }) => new Date(untilMs),
      }),
      isActive: t.boolean({
        description: 'Whether it holds now.',
        resolve: ({ fromMs, untilMs, nowMs }) => fromMs <= nowMs && nowMs < untilMs,
      }),
      reason: t.exposeString('reason', { description: 'Why it was given.' }),
      raisedBy: t.prismaField({
        type: 'User',
        nullable: true,
        description: 'Who gave it; null for keys of the installation and for people who left the team.',
        resolve: (query, { raisedById }, _args, context) => findUser(raisedById, context, query),
      }),
      raisedAt: t.field({
        type: 'DateTime',
        description: 'When it was given.',
        resolve: ({ raisedAtMs }) => new Date(raisedAtMs),
      }),
    }),
  });

const BudgetWarningType = builder
  .objectRef<{ readonly path: readonly string[]; readonly message: string }>('BudgetWarning')
  .implement({
    description: 'Something odd about a budget: no call can match it, or another budget contradicts it.',
    fields: (t) => ({
      path: t.stringList({ description: 'The part of the budget concerned.', resolve: ({ path }) => [...path] }),
      message: t.exposeString('message', { description: 'What is odd.' }),
    }),
  });

/** What all budgets of one answer share: the team's budgets, its names, and the books of this moment. */
const readBudgets = (context: GraphContext) =>
  sharedLoad(context, 'budgets', () => new BudgetRepository(context.services.prisma).list(context.identity.teamId));

export const BudgetType = builder.prismaNode('Budget', {
  nullable: true,
  description: 'A limit on what some of the calls of your team may use in a window of time.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For people.' }),
    scope: t.field({
      type: [BudgetConditionType],
      description: 'The calls that count: those that meet all conditions. None: every call of the team.',
      complexity: listCost(3),
      resolve: (row) => [...budgetOf(row).scope],
    }),
    unit: t.field({
      type: BudgetUnitEnum,
      description: 'What it counts, and so the unit of all its amounts.',
      resolve: (row) => budgetOf(row).unit,
    }),
    window: t.field({
      type: BudgetWindowKindEnum,
      description: 'When it begins anew.',
      resolve: (row) => budgetOf(row).window,
    }),
    timeZone: t.exposeString('timeZone', { description: 'IANA name of the zone whose calendar it goes by.' }),
    limit: t.field({
      type: 'Decimal',
      description: 'The limit of each window, without raises: USD, tokens or calls, as `unit` says.',
      resolve: (row) => toDecimal(budgetOf(row).unit, row.limitAmount),
    }),
    effectiveLimit: t.field({
      type: 'Decimal',
      description: 'The limit with the raises that hold now, in the unit of the budget.',
      resolve: (row, _args, { services }) => {
        const budget = budgetOf(row);
        return toDecimal(budget.unit, effectiveLimit(budget, services.clock.nowMs()));
      },
    }),
    mode: t.field({
      type: BudgetModeEnum,
      description: 'Whether it refuses or only warns.',
      resolve: (row) => budgetOf(row).mode,
    }),
    alertThresholds: t.floatList({
      description: 'Shares of the limit at which people are told, ascending, for example 0.8.',
      resolve: (row) => [...budgetOf(row).alertThresholds],
    }),
    onBreach: t.field({
      type: BreachPolicyEnum,
      description: 'What to do in place of a call that it refused.',
      resolve: (row) => budgetOf(row).onBreach,
    }),
    whenAllBreach: t.field({
      type: AllBreachPolicyEnum,
      description: 'What to do when every model was refused.',
      resolve: (row) => budgetOf(row).whenAllBreach,
    }),
    unpricedReserveUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'What a call of a model without a known price reserves and is booked with; null: such calls are refused. Only budgets in USD look at it.',
      resolve: (row) => {
        const { unpriced } = budgetOf(row);
        return unpriced.kind === 'flat-reserve' ? formatUsd(unpriced.amountNanoUsd) : null;
      },
    }),
    raises: t.field({
      type: [BudgetRaiseType],
      description: 'Additions to the limit, newest first; those of the past are kept for a while.',
      resolve: (row, _args, { services }) => {
        const { raises, unit } = budgetOf(row);
        const nowMs = services.clock.nowMs();
        return raises.map((raise) => ({ ...raise, unit, nowMs })).reverse();
      },
    }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether calls are held to it.' }),
    source: t.field({
      type: BudgetSourceEnum,
      description: 'Where it is kept, and so where it is changed.',
      resolve: (row) => budgetOf(row).source,
    }),
    version: t.exposeInt('version', {
      description: 'Counts up with every change. Send along the one that you saw when you change the budget.',
    }),
    createdBy: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'Who made it; null for the configuration file, keys of the installation and people who left.',
      resolve: (query, row, _args, context) => findUser(row.createdById, context, query),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
    startsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the present window began; null for windows that are no span of time.',
      resolve: (row, _args, { services }) => {
        const { startMs, endMs } = windowOf(budgetOf(row), services.clock.nowMs());
        return endMs === undefined ? null : new Date(startMs);
      },
    }),
    resetsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the present window ends; null when it never does.',
      resolve: (row, _args, { services }) => {
        const { endMs } = windowOf(budgetOf(row), services.clock.nowMs());
        return endMs === undefined ? null : new Date(endMs);
      },
    }),
    windows: t.field({
      type: [BudgetWindowType],
      description:
        'The present windows in which calls were made, as of this moment and fullest first: one for each origin, and for each value of an `isEach` condition and each run. Live and simulated figures are never added up.',
      complexity: ({ first }: { first?: number | null | undefined }) => ({ field: 1, multiplier: first ?? 10 }),
      args: { first: t.arg.int({ defaultValue: 10, description: 'How many, at most 100.' }) },
      resolve: async (row, { first }, context) => {
        const size = first ?? 10;
        if (size < 0 || size > 100) throw badInput('Ask for 0 to 100 windows of a budget.');
        const { services, identity } = context;
        const all = await sharedLoad(context, 'live-windows', () => readLiveWindows(services, identity.teamId));
        const budget = budgetOf(row);
        return (all.get(budget.id) ?? []).slice(0, size).map((window) => ({ ...window, budget }));
      },
    }),
    warnings: t.field({
      type: [BudgetWarningType],
      description: 'What is odd about it: no call can match it, or another budget contradicts it.',
      resolve: async (row, _args, context) => {
        const [budgets, values] = await Promise.all([
          readBudgets(context),
          sharedLoad(context, 'team-values', () => readTeamValues(context.services, context.identity.teamId)),
        ]);
        return findBudgetWarnings(budgetOf(row), budgets, values);
      },
    }),
  }),
});
