import type { AdaptiveSettings, RoutingPreferences } from '@switchyard/core/routing';
import { builder } from '../../graphql/builder.ts';
import { CriterionWeightsType, RoutingStrategyEnum } from './decision.types.ts';
import type { ScopeSetting } from './routing.repository.ts';

const AdaptiveSettingsType = builder.objectRef<Partial<AdaptiveSettings>>('AdaptiveSettings').implement({
  description: 'How the adaptive strategy weighs, tries and learns. Null: what the next wider scope says.',
  fields: (t) => ({
    algorithm: t.string({ nullable: true, description: 'How it learns.', resolve: (s) => s.algorithm ?? null }),
    costWeight: t.float({
      nullable: true,
      description: 'λ: how much quality one US dollar per call is worth.',
      resolve: (s) => s.costWeightPerUsd ?? null,
    }),
    latencyWeightPerSecond: t.float({
      nullable: true,
      description: 'μ: how much quality one second is worth.',
      resolve: (s) => s.latencyWeightPerSecond ?? null,
    }),
    explorationShare: t.float({
      nullable: true,
      description: 'ε: the share of requests that go to any eligible model.',
      resolve: (s) => s.explorationShare ?? null,
    }),
    explorationScale: t.float({
      nullable: true,
      description: 'How boldly is drawn: 1 is the textbook.',
      resolve: (s) => s.explorationScale ?? null,
    }),
    halfLifeRewards: t.float({
      nullable: true,
      description: 'After so many rewards one counts half.',
      resolve: (s) => s.halfLifeRewards ?? null,
    }),
    priorStrength: t.float({
      nullable: true,
      description: 'How many rewards the prior is worth.',
      resolve: (s) => s.priorStrength ?? null,
    }),
    detectsDrift: t.boolean({
      nullable: true,
      description: 'Whether a sudden change makes it forget.',
      resolve: (s) => s.detectsDrift ?? null,
    }),
  }),
});

const ModelWeightType = builder
  .objectRef<{ readonly modelId: string; readonly weight: number }>('ModelWeight')
  .implement({
    description: 'The share of one model in the weighted strategy.',
    fields: (t) => ({
      modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
      weight: t.exposeFloat('weight', { description: '0 is a fallback only.' }),
    }),
  });

const RoutingLimitsType = builder.objectRef<NonNullable<RoutingPreferences['limits']>>('RoutingLimits').implement({
  description: 'A model that is expected to break one of these is not chosen.',
  fields: (t) => ({
    maxCostUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'For the longest answer of one call.',
      resolve: (limits) => limits.maxCostUsd ?? null,
    }),
    maxLatencyMs: t.int({
      nullable: true,
      description: 'For the measured median of the whole call.',
      resolve: (limits) => limits.maxLatencyMs ?? null,
    }),
    maxTimeToFirstTokenMs: t.int({
      nullable: true,
      description: 'For the measured median of the first token.',
      resolve: (limits) => limits.maxTimeToFirstTokenMs ?? null,
    }),
    minQuality: t.float({
      nullable: true,
      description: '0 to 1, for the expected quality.',
      resolve: (limits) => limits.minQuality ?? null,
    }),
  }),
});

export const RoutingPreferencesType = builder.objectRef<RoutingPreferences>('RoutingPreferences').implement({
  description: 'How requests are routed. Null: what the next wider scope says.',
  fields: (t) => ({
    strategy: t.field({
      type: RoutingStrategyEnum,
      nullable: true,
      description: 'In which order models are asked.',
      resolve: ({ strategy }) => strategy ?? null,
    }),
    weights: t.field({
      type: CriterionWeightsType,
      nullable: true,
      description: 'Of the balanced strategy.',
      resolve: ({ weights }) => weights ?? null,
    }),
    modelWeights: t.field({
      type: [ModelWeightType],
      nullable: true,
      description: 'Shares of the weighted strategy.',
      resolve: ({ modelWeights }) =>
        modelWeights ? Object.entries(modelWeights).map(([modelId, weight]) => ({ modelId, weight })) : null,
    }),
    adaptive: t.field({
      type: AdaptiveSettingsType,
      nullable: true,
      description: 'Of the adaptive strategy.',
      resolve: ({ adaptive }) => adaptive ?? null,
    }),
    limits: t.field({
      type: RoutingLimitsType,
      nullable: true,
      description: 'Hard limits.',
      resolve: ({ limits }) => limits ?? null,
    }),
    isStrict: t.boolean({
      nullable: true,
      description: 'Never fall back.',
      resolve: ({ isStrict }) => isStrict ?? null,
    }),
    allowsEquivalents: t.boolean({
      nullable: true,
      description: 'Whether equivalents stand in for a named model that is not available.',
      resolve: ({ allowsEquivalents }) => allowsEquivalents ?? null,
    }),
    timeZone: t.string({
      nullable: true,
      description: 'In which rules see hour and weekday.',
      resolve: ({ timeZone }) => timeZone ?? null,
    }),
  }),
});

export const RoutingSettingType = builder.objectRef<ScopeSetting>('RoutingSetting').implement({
  description: 'What one scope says about routing.',
  fields: (t) => ({
    scope: t.exposeString('scope', { description: '`team`, `role:…`, `step:…` or `name:…`.' }),
    preferences: t.field({
      type: RoutingPreferencesType,
      description: 'What it says.',
      resolve: ({ preferences }) => preferences,
    }),
    revision: t.exposeInt('revision', { description: 'Give it back when you save.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was saved.' }),
  }),
});
