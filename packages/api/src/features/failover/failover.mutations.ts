import { builder } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { idempotencyKeyDescription } from '../comparisons/generation.inputs.ts';
import { createPlan, deletePlan, restorePlan, updatePlan } from './change-plan.ts';
import {
  FailoverOutageType,
  FailoverPlanType,
  FailoverReturnEnum,
  FailoverStatusTriggerEnum,
  type PlanView,
  toPlanView,
} from './failover.types.ts';
import { InvalidConditionFailure } from './plan-input.ts';
import { returnPrimary } from './return-primary.ts';

const FailoverTriggersInput = builder.inputType('FailoverTriggersInput', {
  description: 'When a model is passed over without being asked. Absent: this never is a reason.',
  fields: (t) => ({
    errorRateAbove: t.float({ description: "Share of calls that failed by the provider's fault, 0 to 1." }),
    firstTokenP95AboveMs: t.int({ description: '95th percentile of the time to the first token.' }),
    consecutiveFailures: t.int({ description: "Failures in a row by the provider's fault, 1 to 1,000." }),
    statusFrom: t.field({ type: FailoverStatusTriggerEnum, description: 'The status of its provider.' }),
    windowMs: t.int({ description: 'How far back is looked, 1 second to an hour; 5 minutes when absent.' }),
    minCalls: t.int({ description: 'Fewer calls than this decide nothing; 10 when absent.' }),
    returnAfterMs: t.int({ description: 'After so long without a call it gets one on trial; 30 seconds when absent.' }),
  }),
});

const FailoverReturnInput = builder.inputType('FailoverReturnInput', {
  description: 'When a model that was passed over is asked first again.',
  fields: (t) => ({
    kind: t.field({ type: FailoverReturnEnum, required: true, description: 'How.' }),
    answers: t.int({ description: 'So many good answers in a row, for AFTER_ANSWERS; 3 when absent.' }),
  }),
});

const contentFields = (t: Parameters<NonNullable<Parameters<typeof builder.inputType>[1]['fields']>>[0]) => ({
  name: t.string({ required: true, description: 'For people, 1 to 100 characters.' }),
  scope: t.string({ required: true, description: '`team`, `role:<name>` or `workflow:<name>`.' }),
  isEnabled: t.boolean({ description: 'Whether it holds; true when absent.' }),
  primary: t.string({
    description: 'Calls that ask for this: a model, alias, chain, `role:<name>` or `auto`. Absent: every call.',
  }),
  chain: t.stringList({ required: true, description: 'Who stands in, in order: models, aliases, chains; at most 16.' }),
  triggers: t.field({ type: FailoverTriggersInput, description: 'When a model is passed over without being asked.' }),
  when: t.string({ description: 'A condition in the language of routing rules. Absent: always.' }),
  returning: t.field({ type: FailoverReturnInput, description: 'When it is asked first again; AT_ONCE when absent.' }),
  note: t.string({ description: 'Why, for the history.' }),
});

const CreateFailoverPlanInput = builder.inputType('CreateFailoverPlanInput', {
  description: 'Who stands in for whom.',
  fields: (t) => ({ ...contentFields(t), idempotencyKey: t.string({ description: idempotencyKeyDescription }) }),
});

const UpdateFailoverPlanInput = builder.inputType('UpdateFailoverPlanInput', {
  description: 'All of what the plan says from now on.',
  fields: (t) => ({
    planId: t.id({ required: true, description: 'The plan.' }),
    version: t.int({ required: true, description: 'The version that you read.' }),
    ...contentFields(t),
  }),
});

const RestoreFailoverPlanInput = builder.inputType('RestoreFailoverPlanInput', {
  description: 'Which version to put back.',
  fields: (t) => ({
    planId: t.id({ required: true, description: 'The plan.' }),
    version: t.int({ required: true, description: 'The version.' }),
    note: t.string({ description: 'Why, for the history.' }),
  }),
});

const DeleteFailoverPlanInput = builder.inputType('DeleteFailoverPlanInput', {
  description: 'A plan to be deleted.',
  fields: (t) => ({
    planId: t.id({ required: true, description: 'The plan.' }),
    note: t.string({ description: 'Why, for the history.' }),
  }),
});

const ReturnToPrimaryInput = builder.inputType('ReturnToPrimaryInput', {
  description: 'Which model to ask first again.',
  fields: (t) => ({ outageId: t.id({ required: true, description: 'The outage that lasts.' }) }),
});

const planSuccess = (name: string, description: string) =>
  builder.objectRef<{ readonly view: PlanView }>(name).implement({
    description,
    fields: (t) => ({ plan: t.expose('view', { type: FailoverPlanType, description: 'The plan as it now is.' }) }),
  });
const CreateFailoverPlanSuccess = planSuccess('CreateFailoverPlanSuccess', 'It holds from the next call on.');
const UpdateFailoverPlanSuccess = planSuccess('UpdateFailoverPlanSuccess', 'It holds from the next call on.');
const RestoreFailoverPlanSuccess = planSuccess('RestoreFailoverPlanSuccess', 'It holds from the next call on.');

const DeleteFailoverPlanSuccess = builder.objectRef<{ readonly id: string }>('DeleteFailoverPlanSuccess').implement({
  description: 'The plan is gone; what it passed over is asked first again.',
  fields: (t) => ({
    planId: t.id({ description: 'What its id was.', resolve: ({ id }) => encodeId('FailoverPlan', id) }),
  }),
});

const ReturnToPrimarySuccess = builder.objectRef<{ readonly outageId: string }>('ReturnToPrimarySuccess').implement({
  description: 'The model is asked first again, in other processes within a second.',
  fields: (t) => ({
    outage: t.prismaField({
      type: FailoverOutageType,
      nullable: true,
      description: 'The outage as it now is.',
      resolve: (query, { outageId }, _args, { services, identity }) =>
        services.prisma.failoverOutage.findFirst({ ...query, where: { id: outageId, teamId: identity.teamId } }),
    }),
  }),
});

const errorsOf = (name: string, description: string, more: readonly (typeof IdempotencyFailure)[] = []) => ({
  types: [ValidationFailure, InvalidConditionFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure, ...more],
  directResult: true as const,
  union: { name, description },
});

builder.mutationFields((t) => ({
  createFailoverPlan: t.field({
    type: CreateFailoverPlanSuccess,
    description: 'Makes a failover plan. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, InvalidConditionFailure, ConflictFailure, ForbiddenFailure, IdempotencyFailure],
      directResult: true,
      union: { name: 'CreateFailoverPlanResult', description: 'The plan, or why none was made.' },
    },
    args: { input: t.arg({ type: CreateFailoverPlanInput, required: true, description: 'What it says.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      view: toPlanView(await createPlan(services, identity, input)),
    }),
  }),
  updateFailoverPlan: t.field({
    type: UpdateFailoverPlanSuccess,
    description: 'Changes a failover plan. Needs the scope MANAGE.',
    errors: errorsOf('UpdateFailoverPlanResult', 'The plan, or why it was not changed.'),
    args: { input: t.arg({ type: UpdateFailoverPlanInput, required: true, description: 'What it says.' }) },
    resolve: async (_root, { input: { planId, ...content } }, { services, identity }) => ({
      view: toPlanView(await updatePlan(services, identity, decodeId(planId, 'FailoverPlan'), content)),
    }),
  }),
  restoreFailoverPlan: t.field({
    type: RestoreFailoverPlanSuccess,
    description: 'Puts a failover plan back to an earlier version, as a new one. Needs the scope MANAGE.',
    errors: errorsOf('RestoreFailoverPlanResult', 'The plan, or why it was not restored.'),
    args: { input: t.arg({ type: RestoreFailoverPlanInput, required: true, description: 'Which version.' }) },
    resolve: async (_root, { input: { planId, ...rest } }, { services, identity }) => ({
      view: toPlanView(await restorePlan(services, identity, decodeId(planId, 'FailoverPlan'), rest)),
    }),
  }),
  deleteFailoverPlan: t.field({
    type: DeleteFailoverPlanSuccess,
    description: 'Deletes a failover plan. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'DeleteFailoverPlanResult', description: 'That it is gone, or why not.' },
    },
    args: { input: t.arg({ type: DeleteFailoverPlanInput, required: true, description: 'Which plan.' }) },
    resolve: (_root, { input: { planId, ...rest } }, { services, identity }) =>
      deletePlan(services, identity, decodeId(planId, 'FailoverPlan'), rest),
  }),
  returnToPrimary: t.field({
    type: ReturnToPrimarySuccess,
    description: 'Asks a model that a plan passes over first again, at once. Needs the scope MANAGE.',
    errors: {
      types: [NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'ReturnToPrimaryResult', description: 'The outage, or why nothing was done.' },
    },
    args: { input: t.arg({ type: ReturnToPrimaryInput, required: true, description: 'Which model.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      returnPrimary(services, identity, decodeId(input.outageId, 'FailoverOutage')),
  }),
}));
