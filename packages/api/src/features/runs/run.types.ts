import { formatUsd } from '@switchyard/core/kernel';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { findWorkflow } from '../workflows/find-workflow.ts';
import { WorkflowType } from '../workflows/workflow.types.ts';
import { embedded } from './embedded.ts';
import { readRunDetails } from './read-run.ts';
import { RunApprovalType } from './run-approval.types.ts';
import type { RunRecord } from './run-record.ts';
import { RunErrorType, RunSourceEnum, RunStateEnum } from './run-state.types.ts';
import { originOf, RunProviderTotalType, sumCostNanoUsd } from './run-totals.types.ts';
import { type StepOfRun, StepRunType } from './step-run.types.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export const RunType = builder.objectRef<RunRecord>('Run');

builder.node(RunType, {
  description: 'One execution of a workflow. It survives the death of the server and is never paid for twice.',
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'settledStepCount' in value,
  loadOne: async (id, { services, identity }) => (await services.runs.find(identity.teamId, id)) ?? null,
  fields: (t) => ({
    workflow: t.field({
      type: WorkflowType,
      nullable: true,
      description: 'The workflow as it is now; null when it was deleted, and for a preview of something unsaved.',
      resolve: async ({ workflowId }, _args, { services, identity }) =>
        (await findWorkflow(services, identity.teamId, workflowId)) ?? null,
    }),
    workflowName: t.exposeString('workflowName', { description: 'What stood behind `workflow:` then.' }),
    workflowTitle: t.string({
      nullable: true,
      description: 'For people.',
      resolve: ({ workflowTitle }) => workflowTitle ?? null,
    }),
    workflowVersion: t.int({
      nullable: true,
      description: 'The version that is carried out; 0 is a draft, null one of the configuration file.',
      resolve: ({ workflowVersion }) => workflowVersion ?? null,
    }),
    source: t.expose('source', { type: RunSourceEnum, description: 'Which way in it came.' }),
    previewStepId: t.string({
      nullable: true,
      description: 'Of a preview: the one step that is executed.',
      resolve: ({ previewStepId }) => previewStepId ?? null,
    }),
    state: t.expose('state', { type: RunStateEnum, description: 'Where it stands.' }),
    origin: t.field({
      type: DataOriginEnum,
      nullable: true,
      description: 'Whether its answers are real; null before anybody answered.',
      resolve: ({ totals }, _args, { services, identity }) => originOf(services, identity, totals) ?? null,
    }),
    inputs: t.field({ type: 'JSON', description: 'With defaults filled in.', resolve: ({ inputs }) => inputs }),
    outputs: t.field({
      type: 'JSON',
      nullable: true,
      description: 'By name; null before it has completed.',
      resolve: ({ outputs }) => outputs ?? null,
    }),
    error: t.field({
      complexity: embedded,
      type: RunErrorType,
      nullable: true,
      description: 'Why it failed.',
      resolve: ({ error }) => error ?? null,
    }),
    tags: t.stringList({ description: 'What its calls are marked with.', resolve: ({ tags }) => [...tags] }),
    startedBy: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'Who started it; null for keys of no person and for people who left the team.',
      resolve: (query, { startedById }, _args, { services, identity }) =>
        startedById === undefined
          ? null
          : services.prisma.user.findFirst({
              ...query,
              where: { id: startedById, memberships: { some: { teamId: identity.teamId } } },
            }),
    }),
    apiKey: t.prismaField({
      type: 'ApiKey',
      nullable: true,
      description: 'The key that started it, when it was not a person.',
      resolve: (query, { apiKeyId }, _args, { services, identity }) =>
        apiKeyId === undefined
          ? null
          : services.prisma.apiKey.findUnique({
              ...query,
              where: { id_teamId: { id: apiKeyId, teamId: identity.teamId } },
            }),
    }),
    subject: t.string({
      nullable: true,
      description: 'Whom it is for, as the app names its users.',
      resolve: ({ subject }) => subject ?? null,
    }),
    session: t.string({
      nullable: true,
      description: 'The session it belongs to, as the app names it.',
      resolve: ({ session }) => session ?? null,
    }),
    experiment: t.prismaField({
      type: 'Experiment',
      nullable: true,
      description: 'The test that it is an answer of; null for every other run, and when the test was deleted.',
      resolve: (query, { experimentId }, _args, { services, identity: { teamId } }) =>
        experimentId === undefined
          ? null
          : services.prisma.experiment.findUnique({ ...query, where: { id_teamId: { id: experimentId, teamId } } }),
    }),
    rerunOfId: t.field({
      type: 'ID',
      nullable: true,
      description: 'The run that this one repeats with changes.',
      resolve: ({ rerunOfId }) => (rerunOfId === undefined ? null : encodeId('Run', rerunOfId)),
    }),
    retries: t.exposeInt('retries', { description: 'How often it was retried after it had ended.' }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was started.',
      resolve: ({ createdAtMs }) => new Date(createdAtMs),
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was over; null while it is not.',
      resolve: ({ endedAtMs }) => (endedAtMs === undefined ? null : new Date(endedAtMs)),
    }),
    contentRemovedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When inputs, outputs and answers were taken away, because the settings of the team keep none; null while they are there.',
      resolve: ({ contentRemovedAtMs }) => (contentRemovedAtMs === undefined ? null : new Date(contentRemovedAtMs)),
    }),
    deadlineAt: t.field({
      type: 'DateTime',
      description: 'When it fails unless it is over.',
      resolve: ({ deadlineAtMs }) => new Date(deadlineAtMs),
    }),
    durationMs: t.float({
      nullable: true,
      description: 'From start to end, waiting included; null while it is not over.',
      resolve: ({ createdAtMs, endedAtMs }) => (endedAtMs === undefined ? null : endedAtMs - createdAtMs),
    }),
    stepCount: t.exposeInt('stepCount', { description: 'How many steps it has.' }),
    settledStepCount: t.exposeInt('settledStepCount', { description: 'Completed, failed or skipped.' }),
    activeStepIds: t.stringList({
      description: 'Steps at work, in the order of the definition.',
      resolve: ({ activeStepIds }) => [...activeStepIds],
    }),
    totals: t.field({
      complexity: embedded,
      type: [RunProviderTotalType],
      description: 'What each provider was paid so far, failed attempts included.',
      resolve: ({ totals }) => [...totals],
    }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What all providers were paid so far; null when the cost of one attempt is unknown.',
      resolve: ({ totals }) => {
        const cost = sumCostNanoUsd(totals);
        return cost === undefined ? null : formatUsd(cost);
      },
    }),
    knownCostUsd: t.field({
      type: 'Decimal',
      description: 'The part of the cost that is known.',
      resolve: ({ totals }) => formatUsd(totals.reduce((total, { costNanoUsd }) => total + BigInt(costNanoUsd), 0n)),
    }),
    inputTokens: t.int({
      description: 'Of all providers so far, as far as they said.',
      resolve: ({ totals }) => sum(totals.map(({ inputTokens }) => inputTokens)),
    }),
    outputTokens: t.int({
      description: 'Of all providers so far, as far as they said.',
      resolve: ({ totals }) => sum(totals.map(({ outputTokens }) => outputTokens)),
    }),
    failedAttempts: t.exposeInt('failedAttempts', { description: 'Attempts at vendors that failed.' }),
    failovers: t.exposeInt('failovers', { description: 'How often another model was asked in place of one.' }),
    breaches: t.exposeInt('breaches', { description: 'How often a budget or limit stood against a call.' }),
    pendingApprovals: t.exposeInt('pendingApprovals', { description: 'Questions that wait for a person now.' }),
    definition: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What is carried out, whatever has become of the workflow; null when the run was deleted meanwhile.',
      complexity: { field: 2, multiplier: 1 },
      resolve: async ({ id }, _args, { services, identity }) =>
        (await services.runs.definition(identity.teamId, id)) ?? null,
    }),
    steps: t.field({
      type: [StepRunType],
      description: 'All steps, in the order of the definition.',
      // They are read together; what is fetched for each of them counts for ten.
      complexity: { field: 10, multiplier: 10 },
      resolve: async (run, _args, context): Promise<StepOfRun[]> =>
        ((await readRunDetails(context, run))?.steps ?? []).map((step) => ({ ...step, run })),
    }),
    step: t.field({
      type: StepRunType,
      nullable: true,
      description: 'One step; null when there is no such.',
      args: { stepId: t.arg.string({ required: true, description: 'As the definition names it.' }) },
      resolve: async (run, { stepId }, context): Promise<StepOfRun | null> => {
        const found = (await readRunDetails(context, run))?.steps.find((step) => step.stepId === stepId);
        return found ? { ...found, run } : null;
      },
    }),
    approvals: t.field({
      complexity: { field: 10, multiplier: 1 },
      type: [RunApprovalType],
      description: 'Everything that people were asked, step by step.',
      resolve: async (run, _args, context) =>
        ((await readRunDetails(context, run))?.steps ?? []).flatMap(({ approvals }) => [...approvals]),
    }),
    lastSeq: t.exposeInt('lastSeq', {
      description: 'Subscribe to `runEvents` with `afterSeq: lastSeq` to go on from this very answer without a gap.',
    }),
  }),
});
