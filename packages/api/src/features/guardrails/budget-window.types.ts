import type { Budget } from '@switchyard/core/guardrails';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum } from '../../graphql/enums.ts';
import { BudgetUnitEnum } from './budget.enums.ts';
import { toDecimal } from './decimal-amount.ts';
import type { LiveWindow } from './live-windows.ts';
import { sharedLoad } from './shared-load.ts';
import { describeSubject } from './subject-label.ts';
import { readTeamValues } from './team-values.ts';

/** A window with the budget that it is one of. */
export type BudgetWindow = LiveWindow & { readonly budget: Budget };

export const BudgetWindowType = builder.objectRef<BudgetWindow>('BudgetWindow').implement({
  description: 'One present window of a budget, with what was used in it until this moment.',
  fields: (t) => ({
    windowId: t.exposeString('windowId', { description: 'Names it for good, also when it is over.' }),
    origin: t.field({
      type: DataOriginEnum,
      description: 'Whether real or simulated calls are counted in it.',
      resolve: ({ origin }) => (origin === 'live' ? 'LIVE' : 'SIMULATED'),
    }),
    subject: t.string({
      nullable: true,
      description: 'Whose window it is, for people: the member, key, tag, run … Null when the budget has one for all.',
      resolve: async ({ budget, subject }, _args, context) => {
        if (subject === '') return null;
        const values = await sharedLoad(context, 'team-values', () =>
          readTeamValues(context.services, context.identity.teamId),
        );
        return describeSubject(budget, subject, values);
      },
    }),
    unit: t.expose('unit', { type: BudgetUnitEnum, description: 'The unit of the amounts.' }),
    spent: t.field({
      type: 'Decimal',
      description: 'Used by calls that have ended.',
      resolve: ({ unit, spent }) => toDecimal(unit, spent),
    }),
    reserved: t.field({
      type: 'Decimal',
      description: 'Held for calls that run: the most that they can use.',
      resolve: ({ unit, reserved }) => toDecimal(unit, reserved),
    }),
    free: t.field({
      type: 'Decimal',
      description: 'What is left of the limit; 0 when nothing is.',
      resolve: ({ unit, free }) => toDecimal(unit, free),
    }),
    limit: t.field({
      type: 'Decimal',
      description: 'The limit with the raises that hold now.',
      resolve: ({ unit, limit }) => toDecimal(unit, limit),
    }),
    startsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it began; null for windows that are no span of time.',
      resolve: ({ startMs, endMs }) => (endMs === undefined ? null : new Date(startMs)),
    }),
    resetsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ends and everything is free again; null when it never does.',
      resolve: ({ endMs }) => (endMs === undefined ? null : new Date(endMs)),
    }),
  }),
});
