import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enums.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { ConflictFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { RouteDecisionType } from '../routing/decision.types.ts';
import { findDecision } from '../routing/find-decision.ts';
import type { FeedbackSubject, FeedbackTarget } from './feedback-target.ts';
import { feedbackSources, type GivenFeedback, giveFeedback } from './give-feedback.ts';

const FeedbackSourceEnum = builder.enumType('FeedbackSource', {
  description: 'Who says how good an answer was. People who rate lanes are a source of their own.',
  values: valuesOf<(typeof feedbackSources)[number]>(
    {
      app: 'Your app, or its users.',
      judge: 'A judge that looks at answers later: a model, a test, a panel.',
    },
    feedbackSources,
  ),
});

const FeedbackScaleInput = builder.inputType('FeedbackScaleInput', {
  description: 'From which score to which; scores are brought to 0 to 1.',
  fields: (t) => ({
    lowest: t.float({ required: true, description: 'The score of a useless answer.' }),
    highest: t.float({ required: true, description: 'The score of a perfect one.' }),
  }),
});

const StepSubjectInput = builder.inputType('FeedbackStepInput', {
  description: 'A step of a run.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The run.' }),
    stepId: t.string({ required: true, description: 'The id of the step in the workflow.' }),
  }),
});

const TestAnswerSubjectInput = builder.inputType('FeedbackTestAnswerInput', {
  description: 'An answer of a test.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'The test.' }),
    position: t.int({ required: true, description: 'Of which item.' }),
    repeat: t.int({ description: 'Of which repeat, 0 unless given.' }),
    variant: t.string({ required: true, description: 'Of which variant.' }),
  }),
});

const FeedbackSubjectInput = builder.inputType('FeedbackSubjectInput', {
  description: 'What is judged: exactly one field.',
  isOneOf: true,
  fields: (t) => ({
    decisionId: t.id({ description: 'The decision that chose its model.' }),
    laneId: t.id({ description: 'The lane of a comparison.' }),
    requestId: t.string({
      description:
        'Of a request of an OpenAI-compatible client: its `x-request-id`, the `id` of the answer (`chatcmpl-…`), or the raw id in `x-switchyard-decision`.',
    }),
    callId: t.id({ description: 'The call of an answer, for example `callId` of `complete`.' }),
    runId: t.id({ description: 'A run, for example of `x-switchyard-run`: what came of it as a whole.' }),
    step: t.field({ type: StepSubjectInput, description: 'One step of a run.' }),
    testAnswer: t.field({ type: TestAnswerSubjectInput, description: 'An answer of a test.' }),
  }),
});

/** With ids as tables know them; one that is none finds nothing. */
function toSubject(of: typeof FeedbackSubjectInput.$inferInput): FeedbackSubject {
  const idOf = (type: string, id: string) => decodeId(id, type) ?? '?';
  const { decisionId, laneId, requestId, callId, runId, step, testAnswer } = of;
  return {
    ...(decisionId != null && { decisionId: idOf('RouteDecision', decisionId) }),
    ...(laneId != null && { laneId: idOf('ComparisonLane', laneId) }),
    ...(requestId != null && { requestId }),
    ...(callId != null && { callId: idOf('CallRecord', callId) }),
    ...(runId != null && { runId: idOf('Run', runId) }),
    ...(step != null && { step: { runId: idOf('Run', step.runId), stepId: step.stepId } }),
    ...(testAnswer != null && {
      testAnswer: {
        ...{ experimentId: idOf('Experiment', testAnswer.experimentId), position: testAnswer.position },
        ...{ repeat: testAnswer.repeat ?? 0, variant: testAnswer.variant },
      },
    }),
  };
}

const FeedbackTargetEnum = builder.enumType('FeedbackTargetKind', {
  description: 'What was judged.',
  values: {
    DECISION: { value: 'decision' as const, description: 'An answer whose model the router chose.' },
    LANE: { value: 'lane' as const, description: 'A lane of a comparison with a named model.' },
    CALL: { value: 'call' as const, description: 'An answer of a named model.' },
    RUN: { value: 'run' as const, description: 'A run of a workflow.' },
    STEP: { value: 'step' as const, description: 'A step of a run.' },
    TEST_ANSWER: { value: 'test-answer' as const, description: 'An answer of a test.' },
  },
});

const AnswerFeedbackType = builder.prismaNode('AnswerFeedback', {
  nullable: true,
  description: 'What an app, its users or a judge said of an answer.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    target: t.field({
      type: FeedbackTargetEnum,
      description: 'What was judged.',
      select: { targetKind: true },
      resolve: ({ targetKind }) => targetKind as FeedbackTarget['kind'],
    }),
    source: t.field({
      type: FeedbackSourceEnum,
      description: 'Who said it.',
      select: { author: true },
      resolve: ({ author }) => (author.startsWith('judge:') ? 'judge' : 'app'),
    }),
    author: t.string({
      description: 'The name that the app gave, else the id of its key or of the person.',
      select: { author: true },
      resolve: ({ author }) => author.slice(author.indexOf(':') + 1),
    }),
    score: t.exposeFloat('score', { description: '0 (useless) to 1 (perfect).' }),
    comment: t.exposeString('comment', { nullable: true, description: 'In words.' }),
    modelId: t.string({
      nullable: true,
      description: '`provider/model` that answered, where it was one.',
      complexity: { field: 2, multiplier: 1 },
      select: { teamId: true, callId: true, decisionIds: true },
      resolve: async ({ teamId, callId, decisionIds }, _args, { services: { prisma } }) => {
        const [only, ...others] = decisionIds;
        if (only !== undefined && others.length === 0) {
          const decision = await prisma.routingDecision.findUnique({ where: { id_teamId: { id: only, teamId } } });
          if (decision) return decision.servedModelId ?? decision.chosenModelId;
        }
        const call = callId === null ? null : await prisma.callRecord.findFirst({ where: { id: callId, teamId } });
        return call?.modelId ?? null;
      },
    }),
    runId: t.id({
      nullable: true,
      description: 'The run that it belongs to.',
      select: { runId: true },
      resolve: ({ runId }) => (runId === null ? null : encodeId('Run', runId)),
    }),
    stepId: t.string({
      nullable: true,
      description: 'The step of that run, when one step was judged.',
      select: { targetKind: true, targetId: true },
      resolve: ({ targetKind, targetId }) => (targetKind === 'step' ? targetId.slice(targetId.indexOf('/') + 1) : null),
    }),
    experimentId: t.id({
      nullable: true,
      description: 'The test whose answer was judged.',
      select: { experimentId: true },
      resolve: ({ experimentId }) => (experimentId === null ? null : encodeId('Experiment', experimentId)),
    }),
    learningDecisions: t.int({
      description: 'Routing decisions behind it.',
      select: { decisionIds: true },
      resolve: ({ decisionIds }) => decisionIds.length,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was said first.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was changed last.' }),
  }),
});

const SubmitFeedbackInput = builder.inputType('SubmitFeedbackInput', {
  description: 'How good an answer was.',
  fields: (t) => ({
    of: t.field({ type: FeedbackSubjectInput, required: true, description: 'Which answer.' }),
    score: t.float({ required: true, description: '0 (useless) to 1 (perfect), or on the scale that is named.' }),
    scale: t.field({ type: FeedbackScaleInput, description: 'Of the score; 0 to 1 when absent.' }),
    source: t.field({ type: FeedbackSourceEnum, description: 'Who says so; APP when absent.' }),
    comment: t.string({ description: 'In words, for people.' }),
    judge: t.string({
      description:
        'Who judges, for example `answer-checker`; your key or you when absent, required for the source JUDGE. The same judge replaces its word.',
    }),
  }),
});

const SubmitFeedbackSuccess = builder.objectRef<GivenFeedback>('SubmitFeedbackSuccess').implement({
  description: 'The score is stored; where the router chose the model, it learns from it within a second.',
  fields: (t) => ({
    decision: t.field({
      type: RouteDecisionType,
      nullable: true,
      description: 'The decision that is judged; null for a run, a step, and an answer whose model was named.',
      resolve: ({ decisionId }, _args, { services, identity }) =>
        decisionId === undefined ? null : findDecision(services, identity.teamId, decisionId),
    }),
    feedback: t.prismaField({
      type: AnswerFeedbackType,
      nullable: true,
      description: 'The word as it is kept.',
      resolve: (query, { id }, _args, { services, identity: { teamId } }) =>
        services.prisma.answerFeedback.findUnique({ ...query, where: { id_teamId: { id, teamId } } }),
    }),
    learningDecisions: t.exposeInt('learningDecisions', {
      description: 'Routing decisions that learn from it; 0 when the models were named.',
    }),
    score: t.exposeFloat('quality', { description: 'The score, brought to 0 to 1.' }),
    isReplaced: t.exposeBoolean('isReplaced', { description: 'The same judge had judged before.' }),
  }),
});

function toWhere(teamId: string, source: 'app' | 'judge' | null | undefined) {
  return { teamId, ...(source != null && { author: { startsWith: source === 'judge' ? 'judge:' : 'feedback:' } }) };
}

builder.queryField('feedback', (t) =>
  t.prismaConnection(
    {
      type: AnswerFeedbackType,
      cursor: 'id',
      description: "What apps, their users and judges said of your team's answers, the newest first.",
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { source: t.arg({ type: FeedbackSourceEnum, description: 'Only of apps, or only of judges.' }) },
      totalCount: (_root, { source }, { services, identity }) =>
        services.prisma.answerFeedback.count({ where: toWhere(identity.teamId, source) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'words');
        return services.prisma.answerFeedback.findMany({
          ...query,
          where: toWhere(identity.teamId, args.source),
          orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'AnswerFeedbackConnection', description: 'A page of feedback.' },
    { name: 'AnswerFeedbackEdge' },
  ),
);

builder.mutationFields((t) => ({
  submitFeedback: t.field({
    type: SubmitFeedbackSuccess,
    description:
      'Says how good an answer, a step or a run was, days later if need be, so that metrics, live tests and the router know. Repeating it changes nothing.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure],
      directResult: true,
      union: { name: 'SubmitFeedbackResult', description: 'The score as it stands, or why it was not taken.' },
    },
    args: { input: t.arg({ type: SubmitFeedbackInput, required: true, description: 'What to say.' }) },
    resolve: (_root, { input: { of, ...rest } }, { services, identity }) =>
      giveFeedback(services, identity, toSubject(of), rest),
  }),
}));
