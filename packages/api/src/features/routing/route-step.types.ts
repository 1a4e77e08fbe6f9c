import type { TimelineRoute } from '@switchyard/core/events';
import type { MatchedRule, RejectedModel, Strategy } from '@switchyard/core/routing';
import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { MatchedRuleType, RejectedModelType, RoutingStrategyEnum } from './decision.types.ts';

const RouteStepCandidateType = builder.objectRef<TimelineRoute['candidates'][number]>('RouteStepCandidate').implement({
  description: 'A model that may answer, in its place.',
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    score: t.exposeFloat('score', { description: 'By what the strategy ranks: higher is better.' }),
    propensity: t.float({
      nullable: true,
      description: 'The probability with which it is put first; null when it was not worked out.',
      resolve: ({ propensity }) => propensity ?? null,
    }),
  }),
});

/** Why a lane's model was asked, as its timeline keeps it: the decision itself has more, for 30 days. */
export const RouteStepType = builder.objectRef<TimelineRoute>('RouteStep').implement({
  description: 'Which models are asked for a lane, in which order, and why. It stays with the lane.',
  fields: (t) => ({
    decisionId: t.id({
      description: 'The decision with all figures; there for 30 days.',
      resolve: ({ decisionId }) => encodeId('RouteDecision', decisionId),
    }),
    requestedName: t.exposeString('requestedName', { description: '`auto`, a model, an alias, a chain or a role.' }),
    strategy: t.field({
      type: RoutingStrategyEnum,
      description: 'What ranked the models.',
      resolve: ({ strategy }) => strategy as Strategy,
    }),
    propensity: t.exposeFloat('propensity', { description: 'The probability with which the first one was chosen.' }),
    isExploration: t.exposeBoolean('isExploration', { description: 'Whether it was tried to learn.' }),
    candidates: t.field({
      type: [RouteStepCandidateType],
      description: 'In the order in which they are asked, at most 16.',
      resolve: ({ candidates }) => [...candidates],
    }),
    rejected: t.field({
      type: [RejectedModelType],
      description: 'Who was left out, the first 20.',
      resolve: ({ rejected }) => rejected as RejectedModel[],
    }),
    rejectedCount: t.exposeInt('rejectedCount', { description: 'How many were left out.' }),
    matchedRules: t.field({
      type: [MatchedRuleType],
      description: 'Rules that took part, in order.',
      resolve: ({ matchedRules }) => matchedRules as MatchedRule[],
    }),
    explanation: t.exposeString('explanation', { description: 'All that in words.' }),
  }),
});
