import { builder } from '../../graphql/builder.ts';
import { ReasoningEffortEnum } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { idempotencyKeyDescription } from '../comparisons/generation.inputs.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { deleteRole, setDefaultRole, setRole } from './change-roles.ts';
import { RoleType } from './role.types.ts';

const CallParametersInput = builder.inputType('CallParametersInput', {
  description: 'What tunes a call. Absent: what is more general decides.',
  fields: (t) => ({
    temperature: t.float({ description: '0 to 2.' }),
    topP: t.float({ description: '0 to 1.' }),
    topK: t.int({ description: '1 to 1,000.' }),
    maxOutputTokens: t.int({ description: 'The longest answer.' }),
    seed: t.int({ description: '0 or more.' }),
    frequencyPenalty: t.float({ description: '-2 to 2.' }),
    presencePenalty: t.float({ description: '-2 to 2.' }),
    stopSequences: t.stringList({ description: 'Where to stop: up to 16 texts.' }),
    reasoningEffort: t.field({ type: ReasoningEffortEnum, description: 'How much a reasoning model should think.' }),
    providerOptions: t.field({
      type: 'JSON',
      description: 'A map that is passed on to the provider in its own words.',
    }),
  }),
});

const RoleModelInput = builder.inputType('RoleModelInput', {
  description: 'A model of a role.',
  fields: (t) => ({
    model: t.string({ required: true, description: '`provider/model`, an alias, a chain; or `auto` alone.' }),
    parameters: t.field({ type: CallParametersInput, description: "In place of the role's own." }),
  }),
});

const SetRoleInput = builder.inputType('SetRoleInput', {
  description: 'A role as it is to be from now on; what is absent is taken away.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Lower-case letters, digits and dashes.' }),
    description: t.string({ description: 'What it is for.' }),
    models: t.field({
      type: [RoleModelInput],
      required: true,
      description: 'In the order in which they are asked, at most 16. Empty: the default role stands in.',
    }),
    parameters: t.field({ type: CallParametersInput, description: 'For all models of the role.' }),
    isStrict: t.boolean({ description: "True: the default role's models are never asked when its own fail." }),
    revision: t.int({ required: true, description: 'Of the role as it was read; 0 when your team has not set it.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const DeleteRoleInput = builder.inputType('DeleteRoleInput', {
  description: 'Which role.',
  fields: (t) => ({ name: t.string({ required: true, description: 'Its name.' }) }),
});

const SetDefaultRoleInput = builder.inputType('SetDefaultRoleInput', {
  description: 'Which role stands in.',
  fields: (t) => ({ name: t.string({ description: 'Its name; absent: the configuration file decides.' }) }),
});

const SetRoleSuccess = builder.objectRef<{ readonly name: string }>('SetRoleSuccess').implement({
  description: 'The role is set: it holds from the next call on.',
  fields: (t) => ({
    role: t.field({
      type: RoleType,
      nullable: true,
      description: 'The role; null when somebody deleted it at the same moment.',
      resolve: ({ name }, _args, { services, identity }) => services.roles.of(identity.teamId).byName.get(name) ?? null,
    }),
  }),
});

const DeleteRoleSuccess = builder.objectRef<{ readonly name: string }>('DeleteRoleSuccess').implement({
  description: 'The role is no longer set; a built-in one is what it was.',
  fields: (t) => ({
    roleId: t.id({ description: 'Its id.', resolve: ({ name }) => encodeId('Role', name) }),
  }),
});

const SetDefaultRoleSuccess = builder.objectRef<object>('SetDefaultRoleSuccess').implement({
  description: 'The default role is chosen.',
  fields: (t) => ({
    roles: t.field({
      type: [RoleType],
      description: 'All roles, with who is asked from now on.',
      resolve: (_root, _args, { services, identity }) => [...services.roles.of(identity.teamId).all],
    }),
  }),
});

builder.mutationFields((t) => ({
  setRole: t.field({
    type: SetRoleSuccess,
    description: 'Assigns models to a role, from the next call on. Needs the scope MANAGE.',
    errors: outcomes('SetRoleResult', ValidationFailure, ConflictFailure, ForbiddenFailure, IdempotencyFailure),
    args: { input: t.arg({ type: SetRoleInput, required: true, description: 'The role.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({ name: await setRole(services, identity, input) }),
  }),
  deleteRole: t.field({
    type: DeleteRoleSuccess,
    description: 'Takes a role away that no workflow uses; a built-in one becomes what it was. Needs the scope MANAGE.',
    errors: outcomes('DeleteRoleResult', ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: DeleteRoleInput, required: true, description: 'Which role.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      name: await deleteRole(services, identity, input),
    }),
  }),
  setDefaultRole: t.field({
    type: SetDefaultRoleSuccess,
    description: 'Chooses the role that stands in for roles without models. Needs the scope MANAGE.',
    errors: outcomes('SetDefaultRoleResult', ValidationFailure, ForbiddenFailure),
    args: { input: t.arg({ type: SetDefaultRoleInput, required: true, description: 'Which role.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      await setDefaultRole(services, identity, input);
      return {};
    },
  }),
}));
