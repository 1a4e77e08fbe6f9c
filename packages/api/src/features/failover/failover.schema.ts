import { formatUsd } from '@switchyard/core/kernel';
import { writeFailoverYaml } from '@switchyard/core/provisioning';
import { builder, defaultPageSize, listCost } from '../../graphql/builder.ts';
import { DataOriginEnum } from '../../graphql/enums.ts';
import { badInput } from '../../graphql/errors.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { FailoverOutageType, FailoverPlanType, toPlanView } from './failover.types.ts';
import {
  type FailoverActivity,
  type FailoverDay,
  type FailoverFlow,
  readFailoverActivity,
} from './failover-activity.ts';

const longestRangeMs = 90 * 86_400_000;

const rounded = (value: number | undefined) => (value === undefined ? null : Math.round(value * 10) / 10);

const FailoverFlowType = builder.objectRef<FailoverFlow>('FailoverFlow').implement({
  description: 'Requests in which one model stood in for another for one reason.',
  fields: (t) => ({
    fromModelId: t.exposeString('fromModelId', { description: 'Whose place was taken.' }),
    toModelId: t.string({
      nullable: true,
      description: 'Who answered; null when nobody did.',
      resolve: ({ toModelId }) => toModelId || null,
    }),
    reason: t.exposeString('reason', {
      description: 'A kind of failure such as `server`, or the trigger by which it was passed over.',
    }),
    requests: t.exposeInt('requests', { description: 'How many.' }),
    meanFailoverMs: t.float({
      nullable: true,
      description: 'From a failure until the next model was asked; null when no call failed before.',
      resolve: ({ meanFailoverMs }) => rounded(meanFailoverMs),
    }),
    maxFailoverMs: t.float({
      nullable: true,
      description: 'The longest of them.',
      resolve: ({ maxFailoverMs }) => rounded(maxFailoverMs),
    }),
    extraUsd: t.field({
      type: 'Decimal',
      description: 'Paid above the price of the model whose place was taken.',
      resolve: ({ extraNanoUsd }) => formatUsd(extraNanoUsd),
    }),
    wastedUsd: t.field({
      type: 'Decimal',
      description: 'Paid for attempts without a whole answer.',
      resolve: ({ wastedNanoUsd }) => formatUsd(wastedNanoUsd),
    }),
  }),
});

const FailoverDayType = builder.objectRef<FailoverDay>('FailoverDay').implement({
  description: 'One day (UTC).',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'Its beginning.' }),
    rescued: t.exposeInt('rescued', { description: 'Requests that another model answered.' }),
    lost: t.exposeInt('lost', { description: 'Requests that nobody answered.' }),
    costUsd: t.field({
      type: 'Decimal',
      description: 'What failures cost: extra and wasted.',
      resolve: ({ costNanoUsd }) => formatUsd(costNanoUsd),
    }),
  }),
});

const FailoverActivityType = builder.objectRef<FailoverActivity>('FailoverActivity').implement({
  description: 'How often others stood in, for how long, and what it cost.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'Beginning of the range.' }),
    to: t.expose('to', { type: 'DateTime', description: 'End of the range.' }),
    rescued: t.exposeInt('rescued', { description: 'Requests that another model answered.' }),
    lost: t.exposeInt('lost', { description: "Requests that nobody answered, by providers' fault." }),
    extraUsd: t.field({
      type: 'Decimal',
      description: 'Paid above the price of the models whose place was taken, at the prices of the moment.',
      resolve: ({ extraNanoUsd }) => formatUsd(extraNanoUsd),
    }),
    wastedUsd: t.field({
      type: 'Decimal',
      description: 'Paid for attempts without a whole answer.',
      resolve: ({ wastedNanoUsd }) => formatUsd(wastedNanoUsd),
    }),
    unknownCosts: t.exposeInt('unknownCosts', { description: 'Requests whose price is not known: not in the bill.' }),
    meanFailoverMs: t.float({
      nullable: true,
      description: 'From a failure until the next model was asked.',
      resolve: ({ meanFailoverMs }) => rounded(meanFailoverMs),
    }),
    maxFailoverMs: t.float({
      nullable: true,
      description: 'The longest of them.',
      resolve: ({ maxFailoverMs }) => rounded(maxFailoverMs),
    }),
    outages: t.exposeInt('outages', { description: 'Times in which a plan passed a model over.' }),
    outageSeconds: t.float({
      description: 'How long they lasted together, within the range.',
      resolve: ({ outageMs }) => Math.round(outageMs / 1_000),
    }),
    flows: t.field({
      type: [FailoverFlowType],
      description: 'Who stood in for whom and why, the most frequent first; at most 200.',
      complexity: listCost(20),
      resolve: ({ flows }) => [...flows],
    }),
    days: t.field({
      type: [FailoverDayType],
      description: 'Day by day (UTC); days without failures are left out.',
      complexity: listCost(10),
      resolve: ({ days }) => [...days],
    }),
  }),
});

const FailoverRangeInput = builder.inputType('FailoverRangeInput', {
  description: 'Of what time, and of which calls.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', required: true, description: 'Beginning.' }),
    to: t.field({ type: 'DateTime', required: true, description: 'End, at most 90 days later.' }),
    origin: t.field({ type: DataOriginEnum, description: 'LIVE when absent, or SIMULATED.' }),
    isRehearsal: t.boolean({ description: 'True: rehearsals alone. They are left out otherwise.' }),
  }),
});

const FailoverOutageFilterInput = builder.inputType('FailoverOutageFilterInput', {
  description: 'Which outages. Absent: all.',
  fields: (t) => ({
    planId: t.id({ description: 'Of this plan.' }),
    isOpen: t.boolean({ description: 'True: those that last. False: those that are over.' }),
    from: t.field({ type: 'DateTime', description: 'That were not over before then.' }),
    to: t.field({ type: 'DateTime', description: 'That began before then.' }),
  }),
});

function toWhere(teamId: string, filter: typeof FailoverOutageFilterInput.$inferInput | null | undefined) {
  return {
    teamId,
    ...(filter?.planId != null && { planId: decodeId(filter.planId, 'FailoverPlan') ?? '?' }),
    ...(filter?.isOpen != null && { returnedAt: filter.isOpen ? null : { not: null } }),
    ...(filter?.to && { outAt: { lt: filter.to } }),
    ...(filter?.from && { AND: [{ OR: [{ returnedAt: null }, { returnedAt: { gte: filter.from } }] }] }),
  };
}

builder.queryFields((t) => ({
  failoverPlans: t.field({
    type: [FailoverPlanType],
    description: "Your team's failover plans, the oldest first, and behind them those of the file; at most 400.",
    args: { scope: t.arg.string({ description: 'Only of this scope, such as `role:coder`.' }) },
    complexity: listCost(20),
    resolve: async (_root, { scope }, { services, identity }) => {
      const rows = await services.prisma.failoverPlan.findMany({
        where: { teamId: identity.teamId, liveKey: { not: null }, ...(scope != null && { scope }) },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        take: 200,
      });
      const ofFile = services.failover
        .plansOf(identity.teamId)
        .filter((plan) => plan.id.startsWith('file:') && (scope == null || plan.scope === scope))
        .map((plan) => ({ plan, row: undefined }));
      return [...rows.map(toPlanView), ...ofFile];
    },
  }),
  failoverYaml: t.string({
    description: "Your team's failover plans as the section `failover` of switchyard.yaml.",
    resolve: async (_root, _args, { services, identity }) => {
      const rows = await services.prisma.failoverPlan.findMany({
        where: { teamId: identity.teamId, liveKey: { not: null } },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      });
      return writeFailoverYaml(rows.map((row) => toPlanView(row).plan));
    },
  }),
  failoverActivity: t.field({
    type: FailoverActivityType,
    description: 'How often others stood in, for how long, and what it cost.',
    complexity: 10,
    args: { range: t.arg({ type: FailoverRangeInput, required: true, description: 'Of what time.' }) },
    resolve: (_root, { range }, { services, identity }) => {
      const { from, to, origin, isRehearsal } = range;
      const length = to.getTime() - from.getTime();
      if (!(length > 0 && length <= longestRangeMs))
        throw badInput('Give a range of more than nothing and at most 90 days.');
      if (origin === 'MIXED') throw badInput('Live and simulated figures are never added up: ask for one of them.');
      return readFailoverActivity(services, identity.teamId, {
        from,
        to,
        origin: origin ?? 'LIVE',
        isRehearsal: isRehearsal ?? false,
      });
    },
  }),
  failoverOutages: t.prismaConnection(
    {
      type: FailoverOutageType,
      cursor: 'id',
      description: 'Times in which plans passed models over, the newest first; kept for a year.',
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { filter: t.arg({ type: FailoverOutageFilterInput, description: 'Which outages.' }) },
      totalCount: (_root, { filter }, { services, identity }) =>
        services.prisma.failoverOutage.count({ where: toWhere(identity.teamId, filter) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'failoverOutages');
        return services.prisma.failoverOutage.findMany({
          ...query,
          where: toWhere(identity.teamId, args.filter),
          orderBy: [{ outAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'FailoverOutageConnection', description: 'A page of outages.' },
    { name: 'FailoverOutageEdge' },
  ),
}));
