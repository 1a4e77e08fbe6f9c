import {
  applyEvent,
  type GivenOutput,
  newRun,
  planRetry,
  previewStep,
  publicTypeOf,
  type RetryRefusal,
  type RunState,
  readDefinition,
  readInputs,
  replayRun,
  reuseOutputs,
  validateWorkflow,
  type WorkflowDefinition,
} from '@switchyard/core/workflows';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { runIdempotently } from '../../idempotency.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { assertModelCount } from '../workflows/assert-model-count.ts';
import { InvalidWorkflowFailure } from '../workflows/invalid-workflow.ts';
import { readWorkflowEnvironment } from '../workflows/workflow-environment.ts';
import { beginNewRun, findRepeated, hashRequest, type WantedRun } from './begin-new-run.ts';
import { decideRunApproval } from './decide-run-approval.ts';
import { findRunWorkflow } from './find-run-workflow.ts';
import type { LiveTests } from './live-tests.ts';
import { readRunFold } from './read-run-fold.ts';
import { readStepPrompt } from './read-step-prompt.ts';
import { withOtherModels } from './rerun-definition.ts';
import { buildRunDetails } from './run-details.ts';
import type { RunParts } from './run-parts.ts';
import { endedRunStates, type RunDetails, type RunRecord } from './run-record.ts';
import type { PreviewStepInput, PublicRunEvent, RerunInput, RunService, StartRunInput } from './run-service.ts';
import { summarizeRun } from './run-summary.ts';

/** Times that a decision from outside is made anew because the run went on meanwhile. */
const mostTries = 50;
const eventsPerPage = 2_000;
const lookAgainMs = 5_000;
/** Processes need not agree about the time to the second. */
const clockSkewMs = 60_000;
/** Calls whose records are looked up for one run; more are shown as their events tell. */
const mostRecords = 5_000;

const refusals: Readonly<Record<RetryRefusal, readonly [code: string, message: string]>> = {
  'still-running': ['RUNS.STILL_RUNNING', 'The run has not ended. Wait for it, or cancel it first.'],
  completed: ['RUNS.COMPLETED', 'The run has completed. Name the step to go on from, or run it again with changes.'],
  'unknown-step': ['RUNS.UNKNOWN_STEP', 'The workflow of this run has no such step.'],
  'nothing-to-retry': ['RUNS.NOTHING_TO_RETRY', 'There is nothing in this run that could be done again.'],
};

function assertContentKept({ contentRemovedAtMs }: RunRecord): void {
  if (contentRemovedAtMs === undefined) return;
  const message = 'Your team keeps no inputs and answers, so those of this run are gone. Start a new run.';
  throw new ConflictFailure('RUNS.CONTENT_REMOVED', message, ['input', 'runId']);
}

/** Everything that can be done with runs, over the engine of this process and the tables that all share. */
export function createRunService(services: () => Services, parts: RunParts, liveTests?: LiveTests): RunService {
  const { runs, journal, engine, feed, definitions, clock, prisma } = parts;

  const requireRun = async ({ teamId }: Identity, runId: string) => {
    const row = await runs.findRow(teamId, runId);
    if (!row) throw new NotFoundFailure('run', ['input', 'runId']);
    return row;
  };
  const requireRecord = async (identity: Identity, runId: string): Promise<RunRecord> => {
    const record = await runs.find(identity.teamId, runId);
    if (!record) throw new NotFoundFailure('run', ['input', 'runId']);
    return record;
  };
  const requireDefinition = async (identity: Identity, runId: string): Promise<WorkflowDefinition> => {
    const text = await runs.findDefinition(identity.teamId, runId);
    if (text === undefined) throw new NotFoundFailure('run', ['input', 'runId']);
    return definitions.read(text).definition;
  };
  const readState = async (runId: string): Promise<RunState> => replayRun(await journal.readJournal(runId, 0), newRun);

  /** A run that begins at most once for an idempotency key. */
  const begin = async (
    identity: Identity,
    operation: string,
    input: { readonly idempotencyKey?: string },
    prepare: () => Promise<Omit<WantedRun, 'idempotencyKey'>>,
  ): Promise<RunRecord> => {
    const hash = hashRequest(operation, input);
    const { idempotencyKey } = input;
    const repeated = await findRepeated(parts, identity, idempotencyKey, hash);
    if (repeated) return repeated;
    const wanted = await prepare();
    assertModelCount(services(), identity.teamId, wanted.definition, ['input']);
    return beginNewRun(parts, identity, { ...wanted, idempotencyKey }, hash);
  };

  return {
    start: (identity, input: StartRunInput) =>
      begin(identity, 'startRun', input, async () => {
        const { workflow, version, inputs, tags = [], deadlineMs, pinned = {}, source } = input;
        const { subject, session, experimentId } = input;
        const found = await findRunWorkflow(services(), identity, workflow, version);
        const definition = deadlineMs === undefined ? found.definition : { ...found.definition, deadlineMs };
        assertSteps(definition, Object.keys(pinned), 'pinned');
        return { ...found, definition, inputs, given: pinned, tags, source, subject, session, experimentId };
      }),

    preview: (identity, input) =>
      begin(identity, 'previewStep', input, () => preparePreview(services(), identity, input)),

    rerun: (identity, input) =>
      begin(identity, 'rerun', input, async () => {
        const earlier = await requireRecord(identity, input.runId);
        if (!endedRunStates.includes(earlier.state)) throw refuse('still-running');
        assertContentKept(earlier);
        const before = await requireDefinition(identity, earlier.id);
        return prepareRerun(services(), identity, input, earlier, before, await readState(earlier.id));
      }),

    async retry(identity, { runId, fromStepId, idempotencyKey }) {
      const operation = {
        teamId: identity.teamId,
        operation: 'retryRun',
        key: idempotencyKey,
        input: { runId, fromStepId },
      };
      await runIdempotently<{ runId: string }>(prisma, clock, operation, async () => {
        assertContentKept(await requireRecord(identity, runId));
        const definition = await requireDefinition(identity, runId);
        const state = await readState(runId);
        const plan = planRetry(state, definition, clock.nowMs(), fromStepId);
        if (!plan.isReady) throw refuse(plan.refusal);
        const next = applyEvent(state, { ...plan.fact, seq: state.lastSeq + 1, atMs: clock.nowMs() });
        const written = await journal.write({
          runId,
          facts: [],
          decisions: { facts: [plan.fact], afterSeq: state.lastSeq },
          summary: { ...summarizeRun(next, definition, []), state: 'queued' },
          wakes: true,
        });
        // Somebody else has begun it again.
        if (!written.isDecided) throw refuse('still-running');
        return { runId };
      });
      engine.nudge(runId);
      return requireRecord(identity, runId);
    },

    async cancel(identity, runId) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const row = await requireRun(identity, runId);
        const { state, retries: retry, lastJournalSeq: afterSeq } = row;
        if (endedRunStates.some((ended) => ended === state) || state === 'cancelling') break;
        const { userId } = identity;
        const fact = { type: 'cancel-requested', retry, ...(userId !== undefined && { requestedBy: userId }) } as const;
        const decisions = { facts: [fact], afterSeq };
        const written = await journal.write({ runId, facts: [], decisions, wakes: true, state: 'cancelling' });
        if (!written.isDecided) continue;
        engine.nudge(runId);
        break;
      }
      return requireRecord(identity, runId);
    },

    async decideApproval(identity, decision) {
      await decideRunApproval(services(), parts, identity, decision);
      engine.nudge(decision.runId);
      return requireRecord(identity, decision.runId);
    },

    async delete(identity, runId) {
      await requireRun(identity, runId);
      if (!(await runs.delete(identity.teamId, runId))) throw refuse('still-running');
    },

    find: (teamId, runId) => runs.find(teamId, runId),
    list: (teamId, filter, page) => runs.list(teamId, filter, page),
    count: (teamId, filter) => runs.count(teamId, filter),

    async details(teamId, runId): Promise<RunDetails | undefined> {
      const [run, text] = [await runs.find(teamId, runId), await runs.findDefinition(teamId, runId)];
      if (!run || text === undefined) return undefined;
      const { definition } = definitions.read(text);
      const fold = await readRunFold(parts, run, definition);
      const callIds = definition.steps.flatMap(({ id }) => [...fold.of(id).attempts.callIds]);
      const { createdAtMs, endedAtMs = clock.nowMs() } = run;
      const records = await prisma.callRecord.findMany({
        where: {
          teamId,
          runId,
          startedAt: { gte: new Date(createdAtMs - clockSkewMs), lte: new Date(endedAtMs + clockSkewMs) },
          sourceId: { in: callIds.slice(-mostRecords) },
        },
        orderBy: { startedAt: 'asc' },
      });
      return buildRunDetails(run, definition, fold, records);
    },

    async prompt(teamId, runId, stepId, itemIndex, isAsWritten = false) {
      const [run, text] = [await runs.find(teamId, runId), await runs.findDefinition(teamId, runId)];
      if (!run || text === undefined) return undefined;
      const written = definitions.read(text);
      const routes = isAsWritten ? [] : (await readRunFold(parts, run, written.definition)).of(stepId).routes;
      const test = routes.findLast((route) => route.test)?.test;
      const executed = test && (await liveTests?.asExecuted(teamId, test, written, stepId));
      return readStepPrompt(parts, run, executed ?? written, stepId, itemIndex);
    },

    async definition(teamId, runId) {
      const text = await runs.findDefinition(teamId, runId);
      return text === undefined ? undefined : definitions.read(text).definition;
    },

    async readEvents(teamId, runId, afterSeq, limit) {
      if (!(await runs.readHead(teamId, runId))) return [];
      const found: PublicRunEvent[] = [];
      for (let cursor = afterSeq; found.length < limit; ) {
        const page = await runs.readEvents(runId, cursor, eventsPerPage);
        found.push(...page.filter(({ type }) => publicTypeOf[type] !== undefined));
        cursor = page.at(-1)?.seq ?? cursor;
        if (page.length < eventsPerPage) break;
      }
      return found.slice(0, limit);
    },

    follow: (teamId, runId, afterSeq, signal) => feed.follow(teamId, runId, afterSeq, signal),

    async wait(teamId, runId, { signal = new AbortController().signal, untilWaiting = false }) {
      for (;;) {
        signal.throwIfAborted();
        const record = await runs.find(teamId, runId);
        if (!record) throw new NotFoundFailure('run', ['input', 'runId']);
        const isOver = endedRunStates.includes(record.state) || (untilWaiting && record.state === 'waiting');
        if (isOver) return record;
        // Looked at again after a while in any case: whoever waits must not hang on one event.
        const pause = new AbortController();
        const timer = clock.startTimer(lookAgainMs, () => pause.abort());
        const events = feed.follow(teamId, runId, record.lastSeq, AbortSignal.any([signal, pause.signal]));
        for await (const { type } of events) {
          // A run begins to wait with any of them.
          if (type !== 'output-delta' && type !== 'reasoning-delta') break;
        }
        timer.cancel();
      }
    },
  };
}

function refuse(refusal: RetryRefusal): ConflictFailure {
  const [code, message] = refusals[refusal];
  return new ConflictFailure(code, message, ['input', refusal === 'unknown-step' ? 'fromStepId' : 'runId']);
}

function assertSteps({ steps }: WorkflowDefinition, stepIds: readonly string[], field: string): void {
  const known = new Set(steps.map(({ id }) => id));
  const unknown = stepIds.find((id) => !known.has(id));
  if (unknown === undefined) return;
  const message = `The workflow has no step "${unknown.slice(0, 80)}".`;
  throw new ConflictFailure('RUNS.UNKNOWN_STEP', message, ['input', field]);
}

async function preparePreview(
  services: Services,
  identity: Identity,
  { workflow, version, stepId, inputs, outputs }: PreviewStepInput,
): Promise<Omit<WantedRun, 'idempotencyKey'>> {
  const path = ['input', 'workflow'];
  const isGiven = 'definition' in workflow;
  const found = isGiven ? undefined : await findRunWorkflow(services, identity, workflow, version);
  const source: unknown = isGiven ? workflow.definition : found?.definition;
  const { definition, problems } = readDefinition(source);
  if (!definition) throw new InvalidWorkflowFailure(problems, path);
  // What is wrong elsewhere in the workflow does not stand in the way of one step.
  const index = definition.steps.findIndex(({ id }) => id === stepId);
  const checked = validateWorkflow(source, readWorkflowEnvironment(services, identity.teamId)).problems;
  const own = checked.filter((problem) => problem.path[0] === 'steps' && problem.path[1] === index);
  if (own.some(({ severity }) => severity === 'error')) throw new InvalidWorkflowFailure(own, path);
  const preview = previewStep(definition, stepId, { inputs, ...(outputs && { steps: outputs }) });
  if (!preview) {
    if (problems.length > 0) throw new InvalidWorkflowFailure(problems, path);
    throw new ConflictFailure('RUNS.UNKNOWN_STEP', 'The workflow has no such step.', ['input', 'stepId']);
  }
  if (!preview.isReady) {
    const missing = preview.missingStepIds.map((id) => `"${id}"`).join(', ');
    const message = `The step looks at ${missing}: give sample outputs, or take them from an earlier run.`;
    throw new ConflictFailure('RUNS.SAMPLE_MISSING', message, ['input', 'outputs']);
  }
  return {
    workflowId: found?.workflowId ?? '',
    workflowName: found?.workflowName ?? definition.name,
    workflowVersion: found?.workflowVersion ?? 0,
    definition: preview.definition,
    given: preview.given,
    inputs,
    tags: [],
    source: 'preview',
    previewStepId: stepId,
  };
}

async function prepareRerun(
  services: Services,
  identity: Identity,
  input: RerunInput,
  earlier: RunRecord,
  before: WorkflowDefinition,
  state: RunState,
): Promise<Omit<WantedRun, 'idempotencyKey'>> {
  const { inputs = earlier.inputs, models = {}, pinned = {}, fromStepIds = [], isWhole = false, version } = input;
  const { workflowId, workflowName } = earlier;
  const found =
    version === undefined
      ? { workflowId, workflowName, workflowVersion: earlier.workflowVersion, definition: before }
      : await findRunWorkflow(services, identity, { workflowId }, version);
  const definition = withOtherModels(found.definition, models);
  assertSteps(definition, [...fromStepIds, ...Object.keys(pinned)], 'fromStepIds');
  const read = readInputs(definition, inputs);
  const changed = [...fromStepIds, ...Object.keys(pinned)];
  const reused: Readonly<Record<string, GivenOutput>> =
    isWhole || !read.isValid ? {} : reuseOutputs({ definition: before, state }, definition, read.inputs, changed);
  const { previewStepId } = earlier;
  return {
    ...found,
    definition,
    inputs,
    given: { ...reused, ...(previewStepId === undefined ? {} : samplesOf(state, previewStepId)), ...pinned },
    tags: input.tags ?? earlier.tags,
    source: previewStepId === undefined ? input.source : 'preview',
    rerunOfId: earlier.id,
    subject: earlier.subject,
    session: earlier.session,
    ...(previewStepId !== undefined && { previewStepId }),
  };
}

/** The stand-ins of a preview are never executed. */
function samplesOf({ steps }: RunState, previewStepId: string): Readonly<Record<string, GivenOutput>> {
  return Object.fromEntries(
    Object.entries(steps).flatMap(([id, { status, output, modelOutputs }]) =>
      id === previewStepId || status !== 'completed' ? [] : [[id, { output, ...(modelOutputs && { modelOutputs }) }]],
    ),
  );
}
