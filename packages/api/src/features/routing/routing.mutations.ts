import type { RuleProblem } from '@switchyard/core/routing';
import { builder } from '../../graphql/builder.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { idempotencyKeyDescription } from '../comparisons/generation.inputs.ts';
import { discardDraft, publishDraft, rollBackRules, saveDraft } from './change-rules.ts';
import { saveRoutingSettings } from './change-settings.ts';
import { RoutingStrategyEnum } from './decision.types.ts';
import { rebalance } from './rebalance.ts';
import {
  AdaptiveSettingsInput,
  ModelWeightInput,
  RoutingLimitsInput,
  RoutingRuleInput,
  RoutingWeightsInput,
} from './routing.inputs.ts';
import { RuleDraftType, RuleProblemType, RuleVersionType } from './rule.types.ts';
import { InvalidRulesFailure } from './rule-input.ts';
import { RoutingSettingType } from './setting.types.ts';

const SaveRoutingDraftInput = builder.inputType('SaveRoutingDraftInput', {
  description: 'The whole list of rules, in order.',
  fields: (t) => ({
    rules: t.field({ type: [RoutingRuleInput], required: true, description: 'The rules, from the top.' }),
    revision: t.int({ required: true, description: 'That of the draft that you read; 0 when there was none.' }),
  }),
});

const PublishRoutingRulesInput = builder.inputType('PublishRoutingRulesInput', {
  description: 'Puts the draft into force.',
  fields: (t) => ({
    revision: t.int({ required: true, description: 'That of the draft that you looked at.' }),
    note: t.string({ description: 'Why, for the history.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const RollBackRoutingRulesInput = builder.inputType('RollBackRoutingRulesInput', {
  description: 'Puts an earlier version back into force.',
  fields: (t) => ({
    version: t.int({ required: true, description: 'Which.' }),
    note: t.string({ description: 'Why, for the history.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const SaveRoutingSettingsInput = builder.inputType('SaveRoutingSettingsInput', {
  description: 'Everything that one scope says about routing; what is absent is taken from the next wider scope.',
  fields: (t) => ({
    scope: t.string({
      required: true,
      description: '`team`, `role:<role>`, `step:<workflow>/<step>` or `name:<alias or chain>`.',
    }),
    revision: t.int({ required: true, description: 'That of the settings that you read; 0 when there were none.' }),
    strategy: t.field({ type: RoutingStrategyEnum, description: 'Of `auto`, or of the alias or chain.' }),
    weights: t.field({ type: RoutingWeightsInput, description: 'Of the balanced strategy.' }),
    modelWeights: t.field({ type: [ModelWeightInput], description: 'Shares of the weighted strategy; 1 when absent.' }),
    adaptive: t.field({ type: AdaptiveSettingsInput, description: 'Of the adaptive strategy.' }),
    limits: t.field({ type: RoutingLimitsInput, description: 'Hard limits.' }),
    isStrict: t.boolean({ description: 'Never fall back.' }),
    allowsEquivalents: t.boolean({
      description: 'Whether equivalents of other providers stand in for a named model that is not available.',
    }),
    timeZone: t.string({ description: 'In which rules see hour and weekday. For the whole team only.' }),
  }),
});

const RebalanceRoutingInput = builder.inputType('RebalanceRoutingInput', {
  description: 'What to forget.',
  fields: (t) => ({
    scope: t.string({ description: 'A learning scope with its classes of task; everything when absent.' }),
  }),
});

const draftFields = { type: RuleDraftType, nullable: true } as const;

const SaveRoutingDraftSuccess = builder
  .objectRef<{ readonly problems: readonly RuleProblem[] }>('SaveRoutingDraftSuccess')
  .implement({
    description: 'The draft is saved; nothing changed for calls.',
    fields: (t) => ({
      draft: t.field({
        ...draftFields,
        description: 'The draft; null when somebody published it at the same moment.',
        resolve: async (_root, _args, { services, identity }) =>
          (await services.routing.repository.findDraft(identity.teamId)) ?? null,
      }),
      warnings: t.field({
        type: [RuleProblemType],
        description: 'Rules that never match, that others always catch, models that nobody offers.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });

const RoutingRulesInForceSuccess = builder
  .objectRef<{ readonly version: number }>('PublishRoutingRulesSuccess')
  .implement({
    description: 'The rules are in force, in this process at once and in others within a second.',
    fields: (t) => ({
      version: t.field({
        type: RuleVersionType,
        nullable: true,
        description: 'What is in force.',
        resolve: async ({ version }, _args, { services, identity }) =>
          (await services.routing.repository.findVersion(identity.teamId, version)) ?? null,
      }),
    }),
  });

const DiscardRoutingDraftSuccess = builder
  .objectRef<{ readonly wasThere: boolean }>('DiscardRoutingDraftSuccess')
  .implement({
    description: 'There is no draft now.',
    fields: (t) => ({ wasThere: t.exposeBoolean('wasThere', { description: 'Whether there was one.' }) }),
  });

const SaveRoutingSettingsSuccess = builder
  .objectRef<{ readonly scope: string }>('SaveRoutingSettingsSuccess')
  .implement({
    description: 'The settings hold from now on.',
    fields: (t) => ({
      setting: t.field({
        type: RoutingSettingType,
        nullable: true,
        description: 'What the scope says; null when it says nothing any more.',
        resolve: async ({ scope }, _args, { services, identity }) =>
          (await services.routing.repository.listSettings(identity.teamId)).find((each) => each.scope === scope) ??
          null,
      }),
    }),
  });

const RebalanceRoutingSuccess = builder
  .objectRef<{ readonly scopes: readonly string[] }>('RebalanceRoutingSuccess')
  .implement({
    description: 'It is forgotten; the next decisions begin with the priors.',
    fields: (t) => ({
      scopes: t.stringList({
        description: 'The scopes that had learned something.',
        resolve: ({ scopes }) => [...scopes],
      }),
    }),
  });

const changeErrors = [
  ValidationFailure,
  InvalidRulesFailure,
  NotFoundFailure,
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
];

builder.mutationFields((t) => ({
  saveRoutingDraft: t.field({
    type: SaveRoutingDraftSuccess,
    description: 'Saves the rules that your team is working on. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, InvalidRulesFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'SaveRoutingDraftResult', description: 'The draft, or why it was not saved.' },
    },
    args: { input: t.arg({ type: SaveRoutingDraftInput, required: true, description: 'The rules.' }) },
    resolve: (_root, { input }, { services, identity }) => saveDraft(services, identity, input),
  }),
  discardRoutingDraft: t.field({
    type: DiscardRoutingDraftSuccess,
    description: 'Throws the draft away. Needs the scope MANAGE.',
    errors: {
      types: [ForbiddenFailure],
      directResult: true,
      union: { name: 'DiscardRoutingDraftResult', description: 'That it is gone, or why not.' },
    },
    resolve: async (_root, _args, { services, identity }) => ({ wasThere: await discardDraft(services, identity) }),
  }),
  publishRoutingRules: t.field({
    type: RoutingRulesInForceSuccess,
    description: 'Puts the draft into force for every call of your team. Needs the scope MANAGE.',
    errors: {
      types: changeErrors,
      directResult: true,
      union: { name: 'PublishRoutingRulesResult', description: 'What is in force, or why nothing changed.' },
    },
    args: { input: t.arg({ type: PublishRoutingRulesInput, required: true, description: 'Which draft.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      version: await publishDraft(services, identity, input),
    }),
  }),
  rollBackRoutingRules: t.field({
    type: RoutingRulesInForceSuccess,
    description: 'Puts an earlier version of the rules back into force, as a new version. Needs the scope MANAGE.',
    errors: {
      types: changeErrors,
      directResult: true,
      union: { name: 'RollBackRoutingRulesResult', description: 'What is in force, or why nothing changed.' },
    },
    args: { input: t.arg({ type: RollBackRoutingRulesInput, required: true, description: 'Which version.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      version: await rollBackRules(services, identity, input),
    }),
  }),
  saveRoutingSettings: t.field({
    type: SaveRoutingSettingsSuccess,
    description: 'Replaces what a scope says about routing. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'SaveRoutingSettingsResult', description: 'The settings, or why they were not changed.' },
    },
    args: { input: t.arg({ type: SaveRoutingSettingsInput, required: true, description: 'What to set.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      scope: await saveRoutingSettings(services, identity, input),
    }),
  }),
  rebalanceRouting: t.field({
    type: RebalanceRoutingSuccess,
    description: 'Forgets what the adaptive strategy has learned. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'RebalanceRoutingResult', description: 'What was forgotten, or why not.' },
    },
    args: { input: t.arg({ type: RebalanceRoutingInput, required: true, description: 'What to forget.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      scopes: await rebalance(services, identity, input),
    }),
  }),
}));
