import { formatUsd } from '@switchyard/core/kernel';
import type { RunError } from '@switchyard/core/workflows';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { FinishReasonEnum } from '../../graphql/enums.ts';
import { badInput } from '../../graphql/errors.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { TimelineEntryType } from '../routing/timeline.types.ts';
import { CallPlaceType, laneOfPlace } from './call-place.types.ts';
import { embedded } from './embedded.ts';
import { readStepLanes } from './read-run.ts';
import type { StepPrompt } from './read-step-prompt.ts';
import type { ReplayedStepLane } from './replay-step-lanes.ts';
import { type RouteFact, RouteFactsInterface, StepTestType } from './route-decided.types.ts';
import { RunApprovalType } from './run-approval.types.ts';
import type { RunRecord, StepRecord } from './run-record.ts';
import { RunErrorType, StepStateEnum, WorkflowStepTypeEnum } from './run-state.types.ts';
import { CallSpendType, RunProviderTotalType } from './run-totals.types.ts';
import { StepAttemptType } from './step-attempt.types.ts';

/** A step with the run it belongs to. */
export interface StepOfRun extends StepRecord {
  readonly run: RunRecord;
}

const instant = (atMs: number | undefined) => (atMs === undefined ? null : new Date(atMs));

const StepRouteType = builder.objectRef<RouteFact & { readonly atMs: number }>('StepRoute').implement({
  description: 'What was decided about the models of a call of this step.',
  interfaces: [RouteFactsInterface],
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ atMs }) => new Date(atMs) }),
  }),
});

export interface ModelOutput {
  readonly providerId: string;
  /** Without the provider. */
  readonly model: string;
  readonly output: unknown;
}

/** `modelOutputs[provider][model]` as a list. */
export function listModelOutputs(outputs: StepRecord['modelOutputs']): ModelOutput[] {
  return Object.entries(outputs ?? {}).flatMap(([providerId, byModel]) =>
    Object.entries(byModel).map(([model, output]) => ({ providerId, model, output })),
  );
}

export const StepModelOutputType = builder.objectRef<ModelOutput>('StepModelOutput').implement({
  description: 'What one model gave: `steps.<id>.modelOutputs.<provider>["<model>"]` for later steps.',
  fields: (t) => ({
    providerId: t.exposeString('providerId', { description: 'The slug of the provider.' }),
    model: t.exposeString('model', { description: 'Without the provider.' }),
    modelId: t.string({
      description: '`provider/model`.',
      resolve: ({ providerId, model }) => `${providerId}/${model}`,
    }),
    output: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Its answer; null when it gave none.',
      resolve: ({ output }) => output ?? null,
    }),
  }),
});

type Failure = RunError & { readonly index: number };

export const StepItemFailureType = builder.objectRef<Failure>('StepItemFailure').implement({
  description: 'An entry of a map that failed.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Which, from 0.' }),
    error: t.field({ complexity: embedded, type: RunErrorType, description: 'Why.', resolve: (failure) => failure }),
  }),
});

const StepItemsType = builder.objectRef<NonNullable<StepRecord['items']>>('StepItems').implement({
  description: 'How far a map has come.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'Entries of its list.' }),
    completed: t.exposeInt('completed', { description: 'That have their output.' }),
    failed: t.exposeInt('failed', { description: 'That failed.' }),
    active: t.intList({ description: 'At work, from 0.', resolve: ({ active }) => [...active] }),
    failures: t.field({
      complexity: embedded,
      type: [StepItemFailureType],
      description: 'Those that failed.',
      resolve: ({ failures }) => [...failures],
    }),
  }),
});

const StepLaneType = builder
  .objectRef<ReplayedStepLane & { readonly run: Pick<RunRecord, 'id'> }>('StepLane')
  .implement({
    description: 'What one of the models that are asked side by side has written; the text that deltas add to.',
    fields: (t) => ({
      laneId: t.id({
        description: 'As events name it.',
        resolve: ({ run, place }) => encodeId('StepLane', laneOfPlace(run.id, place)),
      }),
      place: t.expose('place', { type: CallPlaceType, complexity: embedded, description: 'Its last call.' }),
      modelId: t.string({
        nullable: true,
        description: '`provider/model` that is being asked or that answered; null before anybody was.',
        resolve: ({ modelId }) => modelId ?? null,
      }),
      output: t.exposeString('output', { description: 'The text so far.' }),
      reasoning: t.exposeString('reasoning', { description: 'What the model thought so far, where it says.' }),
      isComplete: t.exposeBoolean('isComplete', { description: 'Whether the answer is whole.' }),
      value: t.field({
        type: 'JSON',
        nullable: true,
        description: 'What the step makes of the whole text; null before, and when it is not what was promised.',
        resolve: ({ answer }) => answer?.value ?? null,
      }),
      outputProblem: t.string({
        nullable: true,
        description: 'Why the text is not what the step promised.',
        resolve: ({ answer }) => answer?.outputProblem ?? null,
      }),
      finishReason: t.field({
        type: FinishReasonEnum,
        nullable: true,
        description: 'Why the model ended.',
        resolve: ({ answer }) => answer?.finishReason.unified ?? null,
      }),
      servedModel: t.string({
        nullable: true,
        description: "The model that really answered, in the provider's words.",
        resolve: ({ answer }) => answer?.servedModel ?? null,
      }),
      latencyMs: t.int({
        nullable: true,
        description: 'Of the call that answered.',
        resolve: ({ answer }) => (answer ? Math.round(answer.latencyMs) : null),
      }),
      timeToFirstTokenMs: t.int({
        nullable: true,
        description: 'Of the call that answered.',
        resolve: ({ answer }) =>
          answer?.timeToFirstTokenMs === undefined ? null : Math.round(answer.timeToFirstTokenMs),
      }),
      timeline: t.field({
        complexity: embedded,
        type: [TimelineEntryType],
        description: 'What happened on the way to its answers: calls, failures, waits, failovers, models passed over.',
        resolve: ({ timeline }) => [...timeline],
      }),
      spend: t.field({
        complexity: embedded,
        type: [CallSpendType],
        description: 'What its last call cost, by provider; empty before it answered.',
        resolve: ({ spend }) => [...spend],
      }),
      costUsd: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'What its last call cost; null before it answered and when unknown.',
        resolve: ({ spend }) => {
          if (spend.length === 0 || spend.some(({ costNanoUsd }) => costNanoUsd === undefined)) return null;
          return formatUsd(spend.reduce((sum, { costNanoUsd }) => sum + BigInt(costNanoUsd ?? 0), 0n));
        },
      }),
    }),
  });

const StepPromptType = builder.objectRef<StepPrompt>('StepPrompt').implement({
  description: 'What a model was asked, with everything filled in.',
  fields: (t) => ({
    system: t.string({
      nullable: true,
      description: 'The text that stands above the conversation.',
      resolve: ({ system }) => system ?? null,
    }),
    text: t.exposeString('text', { description: 'The question.' }),
  }),
});

export const StepRunType = builder.objectRef<StepOfRun>('StepRun').implement({
  description: 'One step of a run, as it stands.',
  fields: (t) => ({
    id: t.id({
      description: 'Names the step within all runs.',
      resolve: ({ run, stepId }) => encodeId('StepRun', `${run.id}/${stepId}`),
    }),
    stepId: t.exposeString('stepId', { description: 'As the definition names it.' }),
    type: t.expose('type', { type: WorkflowStepTypeEnum, description: 'What it does.' }),
    title: t.string({ nullable: true, description: 'For people.', resolve: ({ title }) => title ?? null }),
    state: t.expose('state', { type: StepStateEnum, description: 'Where it stands.' }),
    generation: t.exposeInt('generation', { description: 'How often it was begun anew by a retry, from 0.' }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it began; null before.',
      resolve: ({ startedAtMs }) => instant(startedAtMs),
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was over.',
      resolve: ({ endedAtMs }) => instant(endedAtMs),
    }),
    output: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What later steps see as `steps.<id>.output`; null before it has completed.',
      resolve: ({ output }) => output ?? null,
    }),
    partialOutput: t.exposeString('partialOutput', {
      description: 'While it runs, the text so far; of several models the first one. `lanes` has all of them.',
    }),
    modelOutputs: t.field({
      complexity: embedded,
      type: [StepModelOutputType],
      description: 'What each model gave.',
      resolve: ({ modelOutputs }) => listModelOutputs(modelOutputs),
    }),
    modelId: t.string({
      nullable: true,
      description: '`provider/model` whose answer the output is.',
      resolve: ({ modelId }) => modelId ?? null,
    }),
    chosen: t.stringList({
      nullable: true,
      description: 'Of a branch: the steps it went to.',
      resolve: ({ chosen }) => chosen && [...chosen],
    }),
    error: t.field({
      complexity: embedded,
      type: RunErrorType,
      nullable: true,
      description: 'Why it failed.',
      resolve: ({ error }) => error ?? null,
    }),
    reason: t.string({
      nullable: true,
      description: 'Why it was skipped, or how a merge came to its output.',
      resolve: ({ reason }) => reason ?? null,
    }),
    isGiven: t.exposeBoolean('isGiven', {
      description: 'Its output was pinned by hand or taken over from another run: nothing was executed.',
    }),
    fromRunId: t.field({
      type: 'ID',
      nullable: true,
      description: 'The run that its output was taken over from.',
      resolve: ({ fromRunId }) => (fromRunId === undefined ? null : encodeId('Run', fromRunId)),
    }),
    items: t.field({
      complexity: embedded,
      type: StepItemsType,
      nullable: true,
      description: 'Of a map that has read its list.',
      resolve: ({ items }) => items ?? null,
    }),
    approvals: t.field({
      complexity: embedded,
      type: [RunApprovalType],
      description: 'What people were asked.',
      resolve: ({ approvals }) => [...approvals],
    }),
    routes: t.field({
      complexity: embedded,
      type: [StepRouteType],
      description: 'Why these models, call by call.',
      resolve: ({ routes }) => [...routes],
    }),
    test: t.field({
      complexity: embedded,
      type: StepTestType,
      nullable: true,
      description: 'The live test that it was last executed under, with its variant; null without one.',
      resolve: ({ routes }) => routes.findLast(({ test }) => test)?.test ?? null,
    }),
    attempts: t.field({
      complexity: { field: 0, multiplier: 5 },
      type: [StepAttemptType],
      description: 'All attempts at vendors in the order in which they began; of very many the last 1,000.',
      resolve: ({ attempts }) => [...attempts],
    }),
    attemptCount: t.exposeInt('attemptCount', { description: 'How many there were in all.' }),
    totals: t.field({
      complexity: embedded,
      type: [RunProviderTotalType],
      description: 'What each provider was paid for this step.',
      resolve: ({ totals }) => [...totals],
    }),
    prompt: t.field({
      type: StepPromptType,
      nullable: true,
      description:
        'What its models were asked, rendered from what the run gave it; null before it began and for steps that ask nobody. Of a map, name the entry.',
      complexity: { field: 10, multiplier: 1 },
      args: { itemIndex: t.arg.int({ description: 'Of a map: the entry, from 0.' }) },
      resolve: ({ run, stepId }, { itemIndex }, { services, identity }) => {
        if (itemIndex != null && itemIndex < 0) throw badInput('itemIndex is 0 or more.');
        return services.runs.prompt(identity.teamId, run.id, stepId, itemIndex ?? undefined);
      },
    }),
    lanes: t.field({
      type: [StepLaneType],
      description:
        'What each model has written, by entry and slot. A delta whose `offset` lies within it was read already.',
      // One reading of the run's events, however many lanes.
      complexity: { field: 2, multiplier: 1 },
      args: {
        first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }),
        offset: t.arg.int({ description: 'How many to leave out at the beginning: of a map there are many.' }),
      },
      resolve: async ({ run, stepId }, args, context) => {
        assertPageSize(args, 'lanes');
        const offset = args.offset ?? 0;
        if (offset < 0) throw badInput('offset is 0 or more.');
        const limit = Math.max(0, args.first ?? defaultPageSize);
        const lanes = await readStepLanes(context, run, { stepId, offset, limit });
        return lanes.map((lane) => ({ ...lane, run }));
      },
    }),
  }),
});
