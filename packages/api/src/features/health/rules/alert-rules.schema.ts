import { type AlertRuleKind, alertRuleKinds, describeRule } from '@switchyard/core/health';
import { builder, listCost } from '../../../graphql/builder.ts';
import { valuesOf } from '../../../graphql/enums.ts';
import { decodeId, encodeId } from '../../../graphql/global-id.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../../user-errors.ts';
import { idempotencyKeyDescription } from '../../comparisons/generation.inputs.ts';
import { ProviderType } from '../../providers/provider.types.ts';
import { createRule, deleteRule, findRule, listRules, updateRule } from './change-rule.ts';
import type { TeamRule } from './rule-book.ts';

const AlertRuleKindEnum = builder.enumType('AlertRuleKind', {
  description: 'What a rule tells of.',
  values: valuesOf<AlertRuleKind>(
    {
      down: 'A provider does not answer.',
      degraded: 'A provider is degraded by failures and slowness together.',
      latency: 'A provider is slow: by its own usual speed, or above a threshold in milliseconds.',
      'error-rate': 'Calls of a provider fail: as health sees it, or above a threshold, a share.',
      recovery: 'A provider is well again.',
      'burn-rate':
        'The failures that an objective of success allows are used up too fast, in a long and a short window.',
      'latency-target': 'A model misses the latency target of its step several times in a row.',
    },
    alertRuleKinds,
  ),
});

interface FiringAlert {
  readonly title: string;
  readonly sinceMs: number;
}

const FiringAlertType = builder.objectRef<FiringAlert>('FiringAlert').implement({
  description: 'What a rule tells of now.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'In words.' }),
    since: t.field({ type: 'DateTime', description: 'Since when.', resolve: ({ sinceMs }) => new Date(sinceMs) }),
  }),
});

export const AlertRuleType = builder.objectRef<TeamRule>('AlertRule');

builder.node(AlertRuleType, {
  description: 'When your team is told of one kind of trouble.',
  id: { resolve: ({ id, kind, isStandard }) => (isStandard ? `standard:${kind}` : id) },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'renotifyAfterMs' in value && 'row' in value,
  loadOne: (id, { services, identity }) => findRule(services, identity.teamId, id).catch(() => null),
  fields: (t) => ({
    kind: t.expose('kind', { type: AlertRuleKindEnum, description: 'What it tells of.' }),
    name: t.exposeString('name', { description: 'For people.' }),
    isStandard: t.exposeBoolean('isStandard', {
      description: 'Whether every team has it; it can be switched off and reset, not deleted.',
    }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it tells anybody.' }),
    provider: t.field({
      type: ProviderType,
      nullable: true,
      description: 'The provider that it is for; null: each one that has no rule of its own.',
      resolve: ({ subjectId }, _args, { services, identity }) =>
        (subjectId === undefined ? undefined : services.providers.find(identity.teamId, subjectId)) ?? null,
    }),
    threshold: t.float({
      nullable: true,
      description: 'A share, milliseconds, a burn rate or a count, as the kind says; null: as health sees it.',
      resolve: ({ threshold }) => threshold ?? null,
    }),
    windowMs: t.int({
      nullable: true,
      description: 'Over how long it measures; of DOWN and DEGRADED how long they must last. Null: the default.',
      resolve: ({ windowMs }) => windowMs ?? null,
    }),
    shortWindowMs: t.int({
      nullable: true,
      description: 'The second window of a burn rate.',
      resolve: ({ shortWindowMs }) => shortWindowMs ?? null,
    }),
    minCalls: t.int({
      nullable: true,
      description: 'Fewer calls than this in the window decide nothing.',
      resolve: ({ minCalls }) => minCalls ?? null,
    }),
    objective: t.float({
      nullable: true,
      description: 'Share of calls that should succeed, of a burn rate: its own, that of the file, or 0.99.',
      resolve: (rule, _args, { services }) =>
        rule.kind === 'burn-rate' ? services.health.rules.objectiveOf(rule) : null,
    }),
    renotifyAfterMs: t.float({
      description: 'What lasts is told again after this time.',
      resolve: ({ renotifyAfterMs }) => renotifyAfterMs,
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until then nobody is told; null when it is not muted.',
      resolve: ({ mutedUntilMs }, _args, { services }) =>
        mutedUntilMs !== undefined && mutedUntilMs > services.clock.nowMs() ? new Date(mutedUntilMs) : null,
    }),
    summary: t.string({
      description: 'The rule in words.',
      resolve: (rule, _args, { services, identity }) => {
        const provider =
          rule.subjectId === undefined ? undefined : services.providers.find(identity.teamId, rule.subjectId);
        const name = rule.subjectId === undefined ? undefined : (provider?.displayName ?? 'a provider that is gone');
        return describeRule(rule, name, services.health.rules.objectiveOf(rule));
      },
    }),
    firing: t.field({
      type: [FiringAlertType],
      description: 'What it measured above its threshold when it looked last. Rules that follow incidents have none.',
      resolve: ({ row }) => Object.values((row?.firing ?? {}) as unknown as Record<string, FiringAlert>),
    }),
    version: t.int({
      description: 'Grows with every change; 0: never changed.',
      resolve: ({ row }) => row?.version ?? 0,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was changed; null: never.',
      resolve: ({ row }) => row?.updatedAt ?? null,
    }),
  }),
});

builder.queryField('alertRules', (t) =>
  t.field({
    type: [AlertRuleType],
    description: "Your team's alert rules: the standard ones, then those that people added.",
    complexity: listCost(15),
    resolve: async (_root, _args, { services, identity }) => [...(await listRules(services, identity.teamId))],
  }),
);

const figureFields = (t: Parameters<NonNullable<Parameters<typeof builder.inputType>[1]['fields']>>[0]) => ({
  threshold: t.float({ description: 'A share, milliseconds, a burn rate or a count, as the kind says.' }),
  windowMs: t.int({ description: 'Over how long it measures; of DOWN and DEGRADED how long they must last.' }),
  shortWindowMs: t.int({ description: 'The second window of a burn rate.' }),
  minCalls: t.int({ description: 'Fewer calls than this in the window decide nothing.' }),
  objective: t.float({ description: 'Share of calls that should succeed, of a burn rate, 0.5 to 0.99999.' }),
  renotifyAfterMs: t.int({ description: 'What lasts is told again after this time; 5 minutes to 20 days.' }),
  mutedUntil: t.field({ type: 'DateTime', description: 'Until then nobody is told.' }),
  isEnabled: t.boolean({ description: 'Whether it tells anybody.' }),
});

const CreateAlertRuleInput = builder.inputType('CreateAlertRuleInput', {
  description: 'A rule beside the standard ones. What is absent is as in the standard rule of the kind.',
  fields: (t) => ({
    kind: t.field({ type: AlertRuleKindEnum, required: true, description: 'What it tells of.' }),
    name: t.string({ required: true, description: 'For people, 1 to 100 characters.' }),
    providerId: t.id({ description: 'The provider that it is for; absent: each one.' }),
    ...figureFields(t),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const UpdateAlertRuleInput = builder.inputType('UpdateAlertRuleInput', {
  description: 'What to change of a rule. Absent: stays; null: the default.',
  fields: (t) => ({
    ruleId: t.id({ required: true, description: 'The rule.' }),
    version: t.int({ required: true, description: 'The version that you read.' }),
    name: t.string({ description: 'For people, 1 to 100 characters.' }),
    ...figureFields(t),
  }),
});

const DeleteAlertRuleInput = builder.inputType('DeleteAlertRuleInput', {
  description: 'A rule to be deleted, or a standard one to be reset.',
  fields: (t) => ({ ruleId: t.id({ required: true, description: 'The rule.' }) }),
});

const ruleSuccess = (name: string, description: string) =>
  builder.objectRef<{ readonly rule: TeamRule }>(name).implement({
    description,
    fields: (t) => ({ rule: t.expose('rule', { type: AlertRuleType, description: 'The rule as it now is.' }) }),
  });
const CreateAlertRuleSuccess = ruleSuccess('CreateAlertRuleSuccess', 'The rule holds.');
const UpdateAlertRuleSuccess = ruleSuccess('UpdateAlertRuleSuccess', 'The rule holds as it now is.');

const DeleteAlertRuleSuccess = builder.objectRef<{ readonly id: string }>('DeleteAlertRuleSuccess').implement({
  description: 'The rule is gone, or as it was made.',
  fields: (t) => ({
    ruleId: t.id({ description: 'What its id was.', resolve: ({ id }) => encodeId('AlertRule', id) }),
  }),
});

builder.mutationFields((t) => ({
  createAlertRule: t.field({
    type: CreateAlertRuleSuccess,
    description: 'Adds an alert rule. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure, IdempotencyFailure],
      directResult: true,
      union: { name: 'CreateAlertRuleResult', description: 'The rule, or why none was made.' },
    },
    args: { input: t.arg({ type: CreateAlertRuleInput, required: true, description: 'The rule.' }) },
    resolve: async (_root, { input: { providerId, ...rest } }, { services, identity }) => {
      const subjectId = providerId == null ? providerId : (decodeId(providerId, 'Provider') ?? '?');
      return { rule: await createRule(services, identity, { ...rest, subjectId }) };
    },
  }),
  updateAlertRule: t.field({
    type: UpdateAlertRuleSuccess,
    description: 'Changes, switches or mutes an alert rule. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'UpdateAlertRuleResult', description: 'The rule, or why it was not changed.' },
    },
    args: { input: t.arg({ type: UpdateAlertRuleInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input: { ruleId, ...rest } }, { services, identity }) => ({
      rule: await updateRule(services, identity, decodeId(ruleId, 'AlertRule'), rest),
    }),
  }),
  deleteAlertRule: t.field({
    type: DeleteAlertRuleSuccess,
    description: 'Deletes an alert rule, or resets a standard one. Needs the scope MANAGE.',
    errors: {
      types: [NotFoundFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'DeleteAlertRuleResult', description: 'That it is gone, or why not.' },
    },
    args: { input: t.arg({ type: DeleteAlertRuleInput, required: true, description: 'Which rule.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      deleteRule(services, identity, decodeId(input.ruleId, 'AlertRule')),
  }),
}));
