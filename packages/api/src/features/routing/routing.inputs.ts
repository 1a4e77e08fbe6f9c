import { builder } from '../../graphql/builder.ts';
import { ModelCapabilityEnum } from '../../graphql/enums.ts';
import { CallContextInput } from './call-context.types.ts';
import { RoutingStrategyEnum } from './decision.types.ts';

export const RoutingWeightsInput = builder.inputType('RoutingWeightsInput', {
  description: 'What the balanced strategy makes of the criteria: 0 or more, one of them above 0.',
  fields: (t) => ({
    cost: t.float({ required: true, description: 'Of the expected cost.' }),
    latency: t.float({ required: true, description: 'Of the latency.' }),
    quality: t.float({ required: true, description: 'Of the quality.' }),
    reliability: t.float({ required: true, description: 'Of the reliability.' }),
  }),
});

export const ModelWeightInput = builder.inputType('ModelWeightInput', {
  description: 'The share of one model in the weighted strategy.',
  fields: (t) => ({
    modelId: t.string({ required: true, description: '`provider/model`.' }),
    weight: t.float({ required: true, description: '0 or more; 0 is a fallback only.' }),
  }),
});

const RuleStrategyInput = builder.inputType('RoutingRuleStrategyInput', {
  description: 'A strategy, with weights where it takes some.',
  fields: (t) => ({
    strategy: t.field({ type: RoutingStrategyEnum, required: true, description: 'Which.' }),
    weights: t.field({ type: RoutingWeightsInput, description: 'Of the balanced strategy.' }),
  }),
});

const modelsDescription = 'Ids, catalogue names or beginnings such as `openai/*`.';

const RuleActionInput = builder.inputType('RoutingRuleActionInput', {
  description: 'One thing that a rule does: exactly one field.',
  isOneOf: true,
  fields: (t) => ({
    restrict: t.stringList({ description: `Only these models. ${modelsDescription}` }),
    deny: t.stringList({ description: `Not these models. ${modelsDescription}` }),
    prefer: t.stringList({ description: `These first, in this order. ${modelsDescription}` }),
    pin: t.stringList({ description: `Only these, in this order. ${modelsDescription}` }),
    strategy: t.field({ type: RuleStrategyInput, description: 'Use this strategy.' }),
    capCostUsd: t.field({ type: 'Decimal', description: 'No call above this amount.' }),
    strict: t.boolean({ description: 'True: never fall back.' }),
  }),
});

export const RoutingRuleInput = builder.inputType('RoutingRuleInput', {
  description: 'A condition and what happens when it holds.',
  fields: (t) => ({
    id: t.string({ description: 'Of a rule that was there before; absent for a new one.' }),
    name: t.string({ required: true, description: 'For people, 1 to 200 characters.' }),
    isEnabled: t.boolean({ description: 'Whether it is looked at; true when absent.' }),
    when: t.string({ required: true, description: 'The condition, in CEL: see docs/routing.md.' }),
    actions: t.field({ type: [RuleActionInput], required: true, description: 'What it does.' }),
    isFinal: t.boolean({ description: 'When it matches, no later rule is looked at; false when absent.' }),
  }),
});

export const DryRunInput = builder.inputType('DryRunRouteInput', {
  description: 'A request that is not made: only where it would go.',
  fields: (t) => ({
    model: t.string({ description: '`auto`, a model, an alias, a chain or `role:name`; `auto` when absent.' }),
    prompt: t.string({ description: 'The text; it is counted and looked at, and not kept.' }),
    inputTokens: t.int({ description: 'In place of counting the prompt.' }),
    maxOutputTokens: t.int({ description: 'The longest answer that is allowed.' }),
    needs: t.field({ type: [ModelCapabilityEnum], description: 'What the model must be able to do.' }),
    context: t.field({ type: CallContextInput, description: 'What the call is for.' }),
    tags: t.stringList({ description: 'What it is marked with.' }),
    apiKeyId: t.id({ description: 'As if this API key of your team asked; as yourself when absent.' }),
    strategy: t.field({ type: RoutingStrategyEnum, description: 'In place of the one that is set.' }),
    rules: t.field({ type: [RoutingRuleInput], description: "These rules in place of the team's published ones." }),
  }),
});

export const RecommendModelsInput = builder.inputType('RecommendModelsInput', {
  description: 'What a model is wanted for.',
  fields: (t) => ({
    taskType: t.string({ description: 'The class of task, for example `summarize`; measurements of it count first.' }),
    contextTokens: t.int({ description: 'How much must fit: input and answer.' }),
    costPreference: t.field({ type: CostPreferenceEnum(), description: 'What counts more; BALANCED when absent.' }),
    needs: t.field({ type: [ModelCapabilityEnum], description: 'What it must be able to do.' }),
    first: t.int({ description: 'How many, 1 to 16; 5 when absent.' }),
  }),
});

function CostPreferenceEnum() {
  return builder.enumType('CostPreference', {
    description: 'What counts more.',
    values: {
      CHEAP: { value: 'cheap', description: 'Low cost.' },
      BALANCED: { value: 'balanced', description: 'A bit of everything.' },
      BEST: { value: 'best', description: 'High quality, whatever it costs.' },
    } as const,
  });
}

export const AdaptiveSettingsInput = builder.inputType('AdaptiveSettingsInput', {
  description: 'How the adaptive strategy weighs, tries and learns. Absent: what the next wider scope says.',
  fields: (t) => ({
    algorithm: t.field({
      type: builder.enumType('AdaptiveAlgorithm', {
        description: 'How it learns.',
        values: {
          CONTEXTUAL: { value: 'contextual', description: 'Looks at the prompt.' },
          THOMPSON: { value: 'thompson', description: 'Looks at the class of task only; draws from beliefs.' },
          EPSILON_GREEDY: { value: 'epsilon-greedy', description: 'Looks at the class of task only; mostly the best.' },
        } as const,
      }),
      description: 'For the whole team only.',
    }),
    costWeightPerUsd: t.float({ description: 'λ: how much quality one US dollar per call is worth.' }),
    latencyWeightPerSecond: t.float({ description: 'μ: how much quality one second is worth.' }),
    explorationShare: t.float({ description: 'ε, the floor of exploration: 0.001 to 1.' }),
    explorationScale: t.float({ description: 'How boldly is drawn: 1 is the textbook.' }),
    halfLifeRewards: t.float({ description: 'After so many rewards one counts half. For the whole team only.' }),
    priorStrength: t.float({ description: 'How many rewards the prior is worth. For the whole team only.' }),
    detectsDrift: t.boolean({ description: 'Whether a sudden change makes it forget. For the whole team only.' }),
  }),
});

export const RoutingLimitsInput = builder.inputType('RoutingLimitsInput', {
  description: 'A model that is expected to break one of these is not chosen.',
  fields: (t) => ({
    maxCostUsd: t.field({ type: 'Decimal', description: 'For the longest answer of one call.' }),
    maxLatencyMs: t.int({ description: 'For the measured median of the whole call.' }),
    maxTimeToFirstTokenMs: t.int({ description: 'For the measured median of the first token.' }),
    minQuality: t.float({ description: '0 to 1, for the expected quality.' }),
  }),
});
