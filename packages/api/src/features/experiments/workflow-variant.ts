import { type Clock, sleep, toStorableText } from '@switchyard/core/kernel';
import type { WorkflowDefinition } from '@switchyard/core/workflows';
import type { Identity } from '../../auth/identity.ts';
import {
  ConflictFailure,
  IdempotencyFailure,
  NotFoundFailure,
  UserFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { findAnswerSource } from '../runs/chat-answer.ts';
import { endedRunStates, type RunRecord } from '../runs/run-record.ts';
import type { RunService } from '../runs/run-service.ts';
import { sumCostNanoUsd } from '../runs/run-totals.types.ts';
import { type CallResult, notAsked, type TestCaller } from './ask-variant.ts';

/** One answer of a variant that is a workflow. */
export interface WorkflowQuestion {
  readonly workflow: { readonly name: string; readonly version: number };
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  /** The same for the same answer, so that a restart finds its run again. */
  readonly idempotencyKey: string;
}

export interface WorkflowWays {
  readonly runs: RunService;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether the run is to be cancelled when `signal` aborts: not when another process goes on with it. */
  readonly isToCancel: () => boolean;
  /** Told now and then what the run has cost so far, in nano-dollars; false says that it must end. */
  readonly mayGoOn: (spentNanoUsd: bigint) => boolean;
}

const lookEveryMs = 1_000;
const cancelWithinMs = 10_000;

/**
 * Runs a version of a workflow through the run engine and takes its output for the answer. A run that was begun before a
 * restart is found by its key and waited for. Never throws for what workflows and vendors do.
 */
export async function runWorkflow(
  caller: TestCaller,
  { workflow: { name, version }, inputs, tags, idempotencyKey }: WorkflowQuestion,
  ways: WorkflowWays,
): Promise<CallResult> {
  const { runs, signal } = ways;
  const identity = identityOf(caller);
  try {
    const begun = await runs.start(identity, {
      ...{ workflow: { name }, version, inputs, tags, idempotencyKey },
      ...{ source: 'experiment', experimentId: caller.experimentId },
    });
    const ended = await follow(identity, begun, ways);
    if (signal.aborted && !endedRunStates.includes(ended.state)) return failed('cancelled', 'The test was stopped.');
    const definition = await runs.definition(caller.teamId, ended.id);
    return toResult(ended, definition);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (error instanceof ValidationFailure) return failed('invalid-input', error.issues[0]?.message ?? message);
    if (error instanceof ConflictFailure && error.code === 'RUNS.TOO_MANY') return failed('not-available', message);
    if (error instanceof IdempotencyFailure) return failed('invalid-input', message);
    if (error instanceof UserFailure) return failed('no-model', message);
    throw error;
  }
}

/** Cancels the runs of a test that are still under way; what they cost so far is on record. */
export async function cancelTestRuns(runs: RunService, caller: TestCaller, runIds: readonly string[]): Promise<void> {
  await Promise.all(runIds.map((runId) => runs.cancel(identityOf(caller), runId).catch(() => {})));
}

function identityOf({ teamId, userId, apiKeyId, experimentId }: TestCaller): Identity {
  const scopes = new Set(['READ', 'RUN'] as const);
  return { teamId, accessRole: 'DEVELOPER', scopes, userId, apiKeyId, subject: `experiment:${experimentId}` };
}

/** The run when it has ended, or as it was when nobody waits for it any more. */
async function follow(identity: Identity, begun: RunRecord, ways: WorkflowWays): Promise<RunRecord> {
  const { runs, clock, signal } = ways;
  for (let run = begun; ; ) {
    if (endedRunStates.includes(run.state)) return run;
    // Nobody answers questions of a test: a run that asks people is over.
    const isOver = run.state === 'waiting' || !ways.mayGoOn(sumCostNanoUsd(run.totals) ?? 0n);
    if (isOver || (signal.aborted && ways.isToCancel())) {
      const cancelled = await cancel(identity, run.id, ways);
      return run.state === 'waiting'
        ? { ...cancelled, error: { code: 'BUDGET.REFUSED', message: asksPeople } }
        : cancelled;
    }
    if (signal.aborted) return run;
    const pause = new AbortController();
    const timer = clock.startTimer(lookEveryMs, () => pause.abort());
    const next = await runs
      .wait(identity.teamId, run.id, { signal: AbortSignal.any([signal, pause.signal]), untilWaiting: true })
      .catch(async (error: unknown) => {
        if (!pause.signal.aborted && !signal.aborted) throw error;
        return runs.find(identity.teamId, run.id);
      })
      .finally(() => timer.cancel());
    if (!next) throw new NotFoundFailure('run', ['runId']);
    run = next;
  }
}

const asksPeople = 'The workflow waits for a person, and nobody answers for a test.';

async function cancel(identity: Identity, runId: string, { runs, clock }: WorkflowWays): Promise<RunRecord> {
  const cancelled = await runs.cancel(identity, runId);
  const limit = new AbortController();
  const ended = await Promise.race([
    runs.wait(identity.teamId, runId, { signal: limit.signal }).catch(() => undefined),
    sleep(clock, cancelWithinMs, limit.signal).catch(() => undefined),
  ]);
  limit.abort();
  return ended ?? cancelled;
}

function toResult(run: RunRecord, definition: WorkflowDefinition | undefined): CallResult {
  const facts = {
    ...notAsked,
    costNanoUsd: sumCostNanoUsd(run.totals),
    latencyMs: run.endedAtMs === undefined ? undefined : run.endedAtMs - run.createdAtMs,
    inputTokens: run.totals.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: run.totals.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
  };
  if (run.state === 'completed' && definition) {
    const text = findAnswerSource(definition, undefined).read(run.outputs ?? {});
    return { ...facts, text: toStorableText(text), answeredModelId: undefined };
  }
  const { code = 'CALL.STOPPED', message = `The run ended as ${run.state}.` } = run.error ?? {};
  return { ...facts, failure: kindOf(code), failureMessage: toStorableText(message).slice(0, 2_000) };
}

const kinds: Readonly<Record<string, string>> = {
  'BUDGET.REFUSED': 'budget',
  'MODEL.NOT_AVAILABLE': 'no-model',
  'ROLE.UNRESOLVED': 'no-model',
  'CALL.STOPPED': 'cancelled',
};

const kindOf = (code: string): string => kinds[code] ?? code.toLowerCase().replaceAll(/[._]/g, '-');

const failed = (failure: string, message: string): CallResult => ({
  ...notAsked,
  failure,
  failureMessage: toStorableText(message).slice(0, 2_000),
});
