import {
  type CallEnd,
  callNotMade,
  concludeCall,
  type JournalFact,
  type OpenCall,
  type PreparedCall,
  type ProgressFact,
  type RunError,
  type RunState,
  stoppedError,
} from '@switchyard/core/workflows';
import { EvaluationKilled, type EvaluationPool, EvaluationUnavailable } from './evaluation-pool.ts';
import type { LiveTests, StepTest } from './live-tests.ts';
import type { KeyedDefinition } from './run-definitions.ts';

/** Whose behalf a run is on; what its calls need beside the prompt. */
export interface RunContextFacts {
  readonly runId: string;
  readonly teamId: string;
  readonly workflowName: string;
  readonly tags: readonly string[];
  readonly userId: string | undefined;
  readonly apiKeyId: string | undefined;
  /** The app's own name of whom the run is for, and of their session. */
  readonly subject?: string | undefined;
  readonly session?: string | undefined;
  /** Nobody waits for it: it answers for a test. */
  readonly isPatient?: boolean;
  /** Whether it is what users of an app ask for; only that is split between variants of a live test. */
  readonly isTraffic?: boolean;
}

/** How one call is made. */
export interface CallWays {
  readonly isBudgetApproved: boolean;
  readonly onProgress: (facts: readonly ProgressFact[]) => void;
  /** Asked before a call is begun; waits until it is certain. Rejects when the run belongs to another process. */
  readonly confirm: () => Promise<void>;
  /** Asked before each attempt at a vendor, and answered soon; what it rejects with has ended the call: nothing may be sent. */
  readonly confirmNow: () => Promise<void>;
  /** A later step looks at what is known of the quality of the answer. */
  readonly wantsRating: boolean;
  /** The live test that put the call on one of its variants. */
  readonly test?: StepTest['test'] | undefined;
  readonly signal: AbortSignal;
}

/** Makes the calls of runs; see `ModelCaller` of core, which it is for one run. */
export interface StepCaller {
  call(run: RunContextFacts, prepared: PreparedCall, ways: CallWays): Promise<CallEnd>;
}

/** The abort reason of calls when the server stops: they are made again by whoever takes the run over. */
export class RunInterrupted extends Error {
  override readonly name = 'RunInterrupted';
}

/** The abort reason of calls that the run wants no more. */
export class CallStopped extends Error {
  override readonly name = 'CallStopped';
}

/** One call of a run that is to be made now. */
export interface WantedCall extends CallWays {
  readonly run: RunContextFacts;
  readonly definition: KeyedDefinition;
  /** As much of the state as the step looks at. */
  readonly state: RunState;
  readonly call: OpenCall;
}

/** What calls of runs are made with. */
interface CallParts {
  readonly pool: EvaluationPool;
  readonly caller: StepCaller;
  readonly liveTests?: LiveTests | undefined;
}

/** Makes one call to its end; nothing when there is nothing to tell, because another process makes it again. */
export async function makeCall(parts: CallParts, wanted: WantedCall): Promise<JournalFact | undefined> {
  const { definition, state, call, run } = wanted;
  const assigning = parts.liveTests?.assign(run, definition, call, state);
  const live = assigning && (await assigning);
  if (!live) return (await callOnce(parts, wanted)).fact;
  const made = await callOnce(parts, { ...wanted, definition: live.definition, test: live.test });
  if (!made.isNotRouted) return made.fact;
  // The variant's model cannot be asked: a live request does not suffer from a test.
  await live.giveUp();
  return (await callOnce(parts, wanted)).fact;
}

interface MadeCall {
  readonly fact: JournalFact | undefined;
  /** Nobody was asked, because no model of it can be called. */
  readonly isNotRouted?: boolean;
}

const notRoutedCodes: readonly string[] = ['MODEL.NOT_AVAILABLE', 'ROLE.UNRESOLVED'];

async function callOnce(parts: CallParts, wanted: WantedCall): Promise<MadeCall> {
  const { definition, state, call, run, signal } = wanted;
  const preparation = await parts.pool
    .run(definition.key, definition.definition, { type: 'prepare', call, state })
    .catch((error: unknown) => ({ isReady: false as const, error: toRunError(error) }));
  if (signal.aborted) {
    return { fact: signal.reason instanceof RunInterrupted ? undefined : callNotMade(call, stoppedError) };
  }
  if (!preparation.isReady) return { fact: callNotMade(call, preparation.error) };
  const { prepared } = preparation;
  const end = await parts.caller.call(run, prepared, wanted);
  if (end.type === 'failed' && signal.aborted && signal.reason instanceof RunInterrupted) {
    if (end.spend.length === 0) return { fact: undefined };
    const interruption = (call.interruptions ?? 0) + 1;
    return { fact: { type: 'call-interrupted', ...placeOf(call), interruption, spend: end.spend } };
  }
  const isNotRouted = end.type === 'failed' && end.spend.length === 0 && notRoutedCodes.includes(end.error.code);
  return { fact: await conclude(parts.pool, definition, prepared, end), isNotRouted };
}

async function conclude(
  pool: EvaluationPool,
  { key, definition }: KeyedDefinition,
  prepared: PreparedCall,
  end: CallEnd,
): Promise<JournalFact> {
  // Only what is read against a schema is work of an author's.
  if (prepared.output?.format !== 'json') return concludeCall(prepared, end);
  try {
    return await pool.run(key, definition, { type: 'conclude', prepared, end });
  } catch (error) {
    const place = placeOf(prepared.call);
    return { type: 'call-failed', ...place, error: toRunError(error), isTransient: false, spend: end.spend };
  }
}

function placeOf({ callId, stepId, itemIndex, slot, attempt }: OpenCall) {
  return { callId, stepId, ...(itemIndex !== undefined && { itemIndex }), slot, attempt };
}

/** What killed or broke work on a step, as it is recorded. What is no fault of the author's is told to the log alone. */
export function toRunError(error: unknown): RunError {
  if (error instanceof EvaluationKilled) return { code: 'EVALUATION.KILLED', message: error.message };
  if (error instanceof EvaluationUnavailable) return { code: 'EVALUATION.UNAVAILABLE', message: error.message };
  return { code: 'STEP.FAILED', message: 'An internal error stopped this step. The log of the server says more.' };
}
