import type { FailoverPlan, FailoverReturn, FailoverTriggers, SkipReason } from '@switchyard/core/failover';
import { skipReasons } from '@switchyard/core/failover';
import { writeFailoverYaml } from '@switchyard/core/provisioning';
import type { ConditionProblem } from '@switchyard/core/routing';
import type { FailoverPlan as PlanRow, FailoverVersion as VersionRow } from '../../generated/prisma/client.ts';
import { builder, listCost } from '../../graphql/builder.ts';
import { DataOriginEnum, valuesOf } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { UserErrorInterface } from '../../graphql/user-error-types.ts';
import { toPlan } from './failover-plan.mapping.ts';
import { InvalidConditionFailure, type PlanContent } from './plan-input.ts';

/** A plan as it is shown: a row of the team, or one of the file. */
export interface PlanView {
  readonly plan: FailoverPlan;
  /** Undefined for a plan of the file. */
  readonly row: PlanRow | undefined;
}

export const toPlanView = (row: PlanRow): PlanView => ({ plan: toPlan(row), row });

export const FailoverStatusTriggerEnum = builder.enumType('FailoverStatusTrigger', {
  description: 'From which status of its provider on a model is passed over.',
  values: {
    DEGRADED: { value: 'degraded', description: 'It answers, but not as it should, or not at all.' },
    DOWN: { value: 'down', description: 'It does not answer.' },
  } as const,
});

export const FailoverReturnEnum = builder.enumType('FailoverReturnKind', {
  description: 'When a model that was passed over is asked first again.',
  values: valuesOf<FailoverReturn['kind']>(
    {
      'at-once': 'As soon as it shows that it is back.',
      'after-answers': 'After so many good answers in a row, to calls on trial or to checks.',
      'by-hand': 'When somebody says so.',
    },
    ['at-once', 'after-answers', 'by-hand'],
  ),
});

export const FailoverSkipReasonEnum = builder.enumType('FailoverSkipReason', {
  description: 'Which trigger fired.',
  values: valuesOf<SkipReason>(
    {
      'trigger-error-rate': 'Too many of its calls failed.',
      'trigger-latency': 'Its first token took too long.',
      'trigger-consecutive-failures': 'Too many calls in a row failed.',
      'trigger-status': 'Its provider is degraded or down.',
    },
    skipReasons,
  ),
});

const FailoverTriggersType = builder.objectRef<FailoverTriggers>('FailoverTriggers').implement({
  description: 'When a model is passed over without being asked. Null: this never is a reason.',
  fields: (t) => ({
    errorRateAbove: t.float({
      nullable: true,
      description: "Share of calls that failed by the provider's fault, 0 to 1.",
      resolve: ({ errorRateAbove }) => errorRateAbove ?? null,
    }),
    firstTokenP95AboveMs: t.int({
      nullable: true,
      description: '95th percentile of the time to the first token.',
      resolve: ({ firstTokenP95AboveMs }) => firstTokenP95AboveMs ?? null,
    }),
    consecutiveFailures: t.int({
      nullable: true,
      description: "Failures in a row by the provider's fault.",
      resolve: ({ consecutiveFailures }) => consecutiveFailures ?? null,
    }),
    statusFrom: t.field({
      type: FailoverStatusTriggerEnum,
      nullable: true,
      description: 'The status of its provider.',
      resolve: ({ statusFrom }) => statusFrom ?? null,
    }),
    windowMs: t.int({ description: 'How far back is looked.', resolve: ({ windowMs }) => windowMs ?? 300_000 }),
    minCalls: t.int({
      description: 'Fewer calls than this in the window decide nothing of error rate and latency.',
      resolve: ({ minCalls }) => minCalls ?? 10,
    }),
    returnAfterMs: t.int({
      description: 'After so long without a call a model that is passed over gets one on trial.',
      resolve: ({ returnAfterMs }) => returnAfterMs ?? 30_000,
    }),
  }),
});

const FailoverVersionType = builder.objectRef<VersionRow>('FailoverPlanVersion').implement({
  description: 'A plan as somebody left it.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'From 1.' }),
    change: t.exposeString('change', {
      description: '`created`, `changed`, `enabled`, `disabled`, `restored` or `deleted`.',
    }),
    note: t.exposeString('note', { nullable: true, description: 'Why.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    authorName: t.string({
      nullable: true,
      description: 'Who; null for an API key, and when the person is gone.',
      resolve: async ({ userId }, _args, { services }) => nameOf(services.prisma, userId),
    }),
    yaml: t.string({
      description: 'The plan as the section `failover` of switchyard.yaml.',
      resolve: ({ planId, content }) => writeFailoverYaml([{ id: planId, ...(content as unknown as PlanContent) }]),
    }),
  }),
});

/** The name of a person of whom a row tells; null when there is none. */
export async function nameOf(
  prisma: { user: { findUnique(args: object): Promise<{ name: string } | null> } },
  userId: string | null,
): Promise<string | null> {
  if (userId === null) return null;
  return (await prisma.user.findUnique({ where: { id: userId }, select: { name: true } }))?.name ?? null;
}

export const FailoverOutageType = builder.prismaNode('FailoverOutage', {
  nullable: true,
  description: 'A time in which a model was passed over by a plan.',
  id: { field: 'id' },
  findUnique: (id, { identity }) => ({ id_teamId: { id, teamId: identity.teamId } }),
  fields: (t) => ({
    planId: t.id({
      description: 'The plan.',
      select: { planId: true },
      resolve: ({ planId }) => encodeId('FailoverPlan', planId),
    }),
    modelId: t.exposeString('modelId', { description: '`provider/model` that was passed over.' }),
    origin: t.expose('origin', { type: DataOriginEnum, description: 'Whether the provider is real.' }),
    reason: t.field({
      type: FailoverSkipReasonEnum,
      description: 'Which trigger fired.',
      select: { reason: true },
      resolve: ({ reason }) => reason as SkipReason,
    }),
    measured: t.exposeFloat('measured', {
      description: 'What was measured: a share, milliseconds, a count, or 1 (degraded) and 2 (down).',
    }),
    threshold: t.exposeFloat('threshold', { description: 'What the trigger says.' }),
    outAt: t.expose('outAt', { type: 'DateTime', description: 'When it began.' }),
    returnedAt: t.expose('returnedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it lasts.',
    }),
    returnReason: t.exposeString('returnReason', {
      nullable: true,
      description: '`answers`, `by-hand` or `plan-changed`.',
    }),
    returnedByName: t.string({
      nullable: true,
      description: 'Who gave it back by hand.',
      select: { returnedById: true },
      resolve: ({ returnedById }, _args, { services }) => nameOf(services.prisma, returnedById),
    }),
  }),
});

export const FailoverPlanType = builder.objectRef<PlanView>('FailoverPlan');

builder.node(FailoverPlanType, {
  description: 'Who stands in for a model of one scope, and when it is passed over.',
  id: { resolve: ({ plan }) => plan.id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'plan' in value && 'row' in value,
  loadOne: async (id, { services, identity }) => {
    const { teamId } = identity;
    if (id.startsWith('file:')) {
      const plan = services.failover.plansOf(teamId).find((each) => each.id === id);
      return plan ? { plan, row: undefined } : null;
    }
    const row = await services.prisma.failoverPlan.findUnique({ where: { id_teamId: { id, teamId } } });
    return row?.liveKey ? toPlanView(row) : null;
  },
  fields: (t) => ({
    name: t.string({ description: 'For people.', resolve: ({ plan }) => plan.name }),
    scope: t.string({
      description: '`team`, `role:<name>` or `workflow:<name>`. The narrowest that holds for a call is obeyed.',
      resolve: ({ plan }) => plan.scope,
    }),
    isEnabled: t.boolean({ description: 'Whether it holds.', resolve: ({ plan }) => plan.isEnabled }),
    isFromFile: t.boolean({
      description: 'Whether it stands in the configuration file and is changed only there.',
      resolve: ({ row }) => row === undefined,
    }),
    primary: t.string({
      nullable: true,
      description: 'Calls that ask for this; null: every call of the scope.',
      resolve: ({ plan }) => plan.settings.primary ?? null,
    }),
    chain: t.stringList({
      description: 'Who stands in, in order: models, aliases, chains.',
      resolve: ({ plan }) => [...plan.settings.chain],
    }),
    triggers: t.field({
      type: FailoverTriggersType,
      description: 'When a model is passed over without being asked.',
      resolve: ({ plan }) => plan.settings.triggers,
    }),
    when: t.string({
      nullable: true,
      description: 'The condition, in the language of routing rules; null: always.',
      resolve: ({ plan }) => plan.settings.when ?? null,
    }),
    returnKind: t.field({
      type: FailoverReturnEnum,
      description: 'When a model that was passed over is asked first again.',
      resolve: ({ plan }) => plan.settings.returning.kind,
    }),
    returnAfterAnswers: t.int({
      nullable: true,
      description: 'So many good answers, for AFTER_ANSWERS.',
      resolve: ({ plan }) => {
        const { returning } = plan.settings;
        return returning.kind === 'after-answers' ? returning.answers : null;
      },
    }),
    version: t.int({ description: 'Grows with every change.', resolve: ({ row }) => row?.version ?? 1 }),
    updatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was changed; null for a plan of the file.',
      resolve: ({ row }) => row?.updatedAt ?? null,
    }),
    updatedByName: t.string({
      nullable: true,
      description: 'Who changed it last.',
      resolve: ({ row }, _args, { services }) => nameOf(services.prisma, row?.updatedById ?? null),
    }),
    passedOver: t.field({
      type: [FailoverOutageType],
      description: 'The models that it passes over now.',
      complexity: listCost(5),
      resolve: ({ plan }, _args, { services, identity }) =>
        services.prisma.failoverOutage.findMany({
          where: { teamId: identity.teamId, planId: plan.id, openKey: { not: null } },
          orderBy: { outAt: 'desc' },
          take: 50,
        }),
    }),
    versions: t.field({
      type: [FailoverVersionType],
      description: 'Its history, the newest first.',
      args: { first: t.arg.int({ defaultValue: 20, description: 'How many, 1 to 100.' }) },
      complexity: ({ first }) => listCost(Math.min(100, first ?? 20)),
      resolve: ({ plan }, { first }, { services, identity }) =>
        services.prisma.failoverVersion.findMany({
          where: { planId: plan.id, teamId: identity.teamId },
          orderBy: { version: 'desc' },
          take: Math.min(100, Math.max(1, first ?? 20)),
        }),
    }),
    yaml: t.string({
      description: 'The plan as the section `failover` of switchyard.yaml.',
      resolve: ({ plan }) => writeFailoverYaml([plan]),
    }),
  }),
});

const ConditionProblemType = builder.objectRef<ConditionProblem>('ConditionProblem').implement({
  description: 'What is wrong with a condition, and where.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable: `NO_SUCH_KEY`, `UNKNOWN_VARIABLE`, …' }),
    message: t.exposeString('message', { description: 'What is wrong.' }),
    start: t.exposeInt('start', { description: 'The first character concerned, from 0.' }),
    end: t.exposeInt('end', { description: 'Where it ends, not included.' }),
    suggestion: t.exposeString('suggestion', { description: 'What to write instead.' }),
  }),
});

builder.objectType(InvalidConditionFailure, {
  name: 'InvalidConditionError',
  description: 'The condition cannot be read.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    problem: t.field({ type: ConditionProblemType, description: 'What and where.', resolve: ({ problem }) => problem }),
  }),
});
