import type { ProgressFact } from '@switchyard/core/workflows';
import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { RouteDecisionType } from '../routing/decision.types.ts';
import { findDecision } from '../routing/find-decision.ts';
import { CallPlaceType } from './call-place.types.ts';
import { embedded } from './embedded.ts';

/** What was decided about the models of a call. */
export type RouteFact = Extract<ProgressFact, { type: 'route-decided' }>;

const StepCandidateType = builder.objectRef<RouteFact['candidates'][number]>('StepCandidate').implement({
  description: 'A model that may answer a call of a run.',
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    score: t.float({
      nullable: true,
      description: 'By what the strategy ranks: higher is better. Null when nothing was ranked.',
      resolve: ({ score }) => score ?? null,
    }),
    propensity: t.float({
      nullable: true,
      description: 'The probability with which it is put first; null when it was not worked out.',
      resolve: ({ propensity }) => propensity ?? null,
    }),
  }),
});

const StepRejectionType = builder.objectRef<RouteFact['rejected'][number]>('StepRejection').implement({
  description: 'A model that was left out.',
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
  }),
});

export const StepTestType = builder.objectRef<NonNullable<RouteFact['test']>>('StepTest').implement({
  description: 'The live test that a step was executed under.',
  fields: (t) => ({
    experimentId: t.id({
      description: 'Of the test.',
      resolve: ({ experimentId }) => encodeId('Experiment', experimentId),
    }),
    name: t.exposeString('name', { description: 'What the test was called then.' }),
    variant: t.exposeString('variant', { description: 'The key of the variant.' }),
  }),
});

/** The fields that say why a call went to a model: of an event, and of a step as it stands. */
export const RouteFactsInterface = builder.interfaceRef<RouteFact>('RouteFacts').implement({
  description: 'Which models are asked for a call, in which order, and why.',
  fields: (t) => ({
    place: t.field({
      complexity: embedded,
      type: CallPlaceType,
      description: 'Which call.',
      resolve: (route) => route,
    }),
    role: t.string({
      nullable: true,
      description: 'The role that the step names; null when it names models.',
      resolve: ({ role }) => role ?? null,
    }),
    strategy: t.exposeString('strategy', { description: 'How they were chosen: `manual`, `cost-first`, …' }),
    candidates: t.field({
      complexity: embedded,
      type: [StepCandidateType],
      description: 'In the order in which they are asked.',
      resolve: ({ candidates }) => [...candidates],
    }),
    rejected: t.field({
      complexity: embedded,
      type: [StepRejectionType],
      description: 'Who was left out.',
      resolve: ({ rejected }) => [...rejected],
    }),
    matchedRules: t.stringList({
      description: 'Names of the rules that took part.',
      resolve: ({ matchedRules }) => [...matchedRules],
    }),
    explanation: t.exposeString('explanation', { description: 'All that in words.' }),
    test: t.field({
      complexity: embedded,
      type: StepTestType,
      nullable: true,
      description: 'The live test that put the call on one of its variants; null without one.',
      resolve: ({ test }) => test ?? null,
    }),
    decision: t.field({
      type: RouteDecisionType,
      nullable: true,
      description: 'With all scores; null when there was nothing to decide, and after 30 days.',
      resolve: ({ decisionId }, _args, { services, identity }) =>
        decisionId === undefined ? null : findDecision(services, identity.teamId, decisionId),
    }),
  }),
});
