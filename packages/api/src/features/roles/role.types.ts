import type { CallParameters, RoleModel } from '@switchyard/core/roles';
import { builder } from '../../graphql/builder.ts';
import type { GraphContext } from '../../graphql/context.ts';
import { ReasoningEffortEnum } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { findRoleUses, type RoleUse } from './role-uses.ts';
import type { RoleSource, TeamRole } from './team-roles.ts';

export const CallParametersType = builder.objectRef<CallParameters>('CallParameters').implement({
  description: 'What tunes a call. Absent: what is more general decides, in the end the provider.',
  fields: (t) => ({
    temperature: t.exposeFloat('temperature', { nullable: true, description: '0 to 2.' }),
    topP: t.exposeFloat('topP', { nullable: true, description: '0 to 1.' }),
    topK: t.exposeInt('topK', { nullable: true, description: 'How many words are chosen among.' }),
    maxOutputTokens: t.exposeInt('maxOutputTokens', { nullable: true, description: 'The longest answer.' }),
    seed: t.exposeInt('seed', { nullable: true, description: 'The same seed gives similar answers.' }),
    frequencyPenalty: t.exposeFloat('frequencyPenalty', { nullable: true, description: '-2 to 2.' }),
    presencePenalty: t.exposeFloat('presencePenalty', { nullable: true, description: '-2 to 2.' }),
    stopSequences: t.stringList({
      nullable: true,
      description: 'Where to stop.',
      resolve: ({ stopSequences }) => (stopSequences ? [...stopSequences] : null),
    }),
    reasoningEffort: t.field({
      type: ReasoningEffortEnum,
      nullable: true,
      description: 'How much a reasoning model should think.',
      resolve: ({ reasoningEffort }) => reasoningEffort ?? null,
    }),
    providerOptions: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Passed on to the provider in its own words.',
      resolve: ({ providerOptions }) => providerOptions ?? null,
    }),
  }),
});

const RoleModelType = builder.objectRef<RoleModel>('RoleModel').implement({
  description: 'A model that is asked for a role.',
  fields: (t) => ({
    model: t.exposeString('model', { description: '`provider/model`, an alias, a chain, or `auto`.' }),
    parameters: t.field({
      type: CallParametersType,
      description: 'What holds for it.',
      resolve: ({ parameters }) => parameters ?? {},
    }),
    unavailableReason: t.string({
      nullable: true,
      description: 'Why it cannot be called now, and what to do; null when it can.',
      resolve: ({ model }, _args, { services, identity }) => {
        if (model === 'auto') return null;
        const found = services.providers.resolve(identity.teamId, model);
        return 'reason' in found ? found.reason : null;
      },
    }),
  }),
});

const AskedModelType = builder
  .objectRef<RoleModel & { readonly source: 'role' | 'default' }>('RoleAskedModel')
  .implement({
    description: 'A model as it is asked in the end, with what holds for it.',
    fields: (t) => ({
      model: t.exposeString('model', { description: '`provider/model`, an alias, a chain, or `auto`.' }),
      isOfDefault: t.boolean({
        description: 'Whether it stands in: it comes from the default role, or the router chooses.',
        resolve: ({ source }) => source === 'default',
      }),
      parameters: t.field({
        type: CallParametersType,
        description: 'Those of the role and of the model together.',
        resolve: ({ parameters }) => parameters ?? {},
      }),
    }),
  });

const RoleUseType = builder.objectRef<RoleUse>('RoleUse').implement({
  description: 'A workflow that names a role.',
  fields: (t) => ({
    workflowId: t.id({
      description: 'The workflow.',
      resolve: ({ workflowId, workflowName }) => encodeId('Workflow', workflowId ?? `file:${workflowName}`),
    }),
    workflowName: t.exposeString('workflowName', { description: 'Its name.' }),
    stepIds: t.stringList({ description: 'The steps that name the role.', resolve: ({ stepIds }) => [...stepIds] }),
  }),
});

const RoleSourceEnum = builder.enumType('RoleSource', {
  description: 'Where a role comes from.',
  values: {
    BUILT_IN: { value: 'built-in', description: 'Every team begins with it; nothing was assigned yet.' },
    TEAM: { value: 'team', description: 'Your team set it.' },
    FILE: { value: 'file', description: 'The configuration file: change it there.' },
  } as const satisfies Record<string, { value: RoleSource; description: string }>,
});

/** One look at all workflows for all roles of a request. */
const usesOf = new WeakMap<GraphContext, ReturnType<typeof findRoleUses>>();

function readUses(context: GraphContext): ReturnType<typeof findRoleUses> {
  let uses = usesOf.get(context);
  if (!uses) {
    uses = findRoleUses(context.services, context.identity.teamId);
    usesOf.set(context, uses);
  }
  return uses;
}

export const RoleType = builder.objectRef<TeamRole>('Role');

builder.node(RoleType, {
  description: 'A named slot for models: write `role:name` where a model is asked for.',
  id: { resolve: ({ role }) => role.name },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'role' in value && 'isDefault' in value,
  loadOne: (name, { services, identity }) => services.roles.of(identity.teamId).byName.get(name) ?? null,
  fields: (t) => ({
    name: t.string({ description: 'What stands behind `role:`.', resolve: ({ role }) => role.name }),
    description: t.string({
      nullable: true,
      description: 'What it is for.',
      resolve: ({ role }) => role.description ?? null,
    }),
    models: t.field({
      type: [RoleModelType],
      description: 'What was assigned, in the order in which it is asked.',
      resolve: ({ role }) => [...role.models],
    }),
    parameters: t.field({
      type: CallParametersType,
      description: 'What holds for all its models, under what a caller sets.',
      resolve: ({ role }) => role.parameters ?? {},
    }),
    isStrict: t.boolean({
      description: "Whether the default role's models are never asked when its own fail.",
      resolve: ({ role }) => role.isStrict ?? false,
    }),
    isDefault: t.exposeBoolean('isDefault', { description: 'Whether it stands in for roles without models.' }),
    source: t.expose('source', { type: RoleSourceEnum, description: 'Where it comes from.' }),
    sourceDetail: t.string({
      nullable: true,
      description: 'For a role of the configuration file its place, such as `switchyard.yaml:31`.',
      resolve: ({ sourceDetail }) => sourceDetail ?? null,
    }),
    asks: t.field({
      type: [AskedModelType],
      description: 'Who is asked in the end, in order: its own models, then what stands in.',
      resolve: ({ role }, _args, { services, identity }) => [
        ...(services.roles.of(identity.teamId).resolved.get(role.name)?.models ?? []),
      ],
    }),
    usedBy: t.field({
      type: [RoleUseType],
      description: 'The workflows that name it, in the version in force or in the draft.',
      complexity: { field: 5, multiplier: 1 },
      resolve: async ({ role }, _args, context) => [...((await readUses(context)).get(role.name) ?? [])],
    }),
    revision: t.exposeInt('revision', { description: 'To be given when it is set; 0 when your team has not set it.' }),
    updatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When your team set it.',
      resolve: ({ updatedAt }) => updatedAt ?? null,
    }),
  }),
});
