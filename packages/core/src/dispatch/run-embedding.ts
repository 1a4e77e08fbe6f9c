import { computeCost } from '../catalog/index.ts';
import { sleep } from '../kernel/index.ts';
import type { CallPurpose, CallRecord } from '../metrics/index.ts';
import { DeadlineExceeded, decideRetry, toCircuitOutcome } from '../policies/index.ts';
import type { EmbeddingCall, EmbeddingResult, ModelCall, ProviderError } from '../spec/index.ts';
import { circuitKeyOf, enterGate } from './attempt-gate.ts';
import { awaitPermit, createTooLate } from './await-permit.ts';
import { askPermit, type CallPermit } from './call-budget.ts';
import type { ChainDependencies } from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import { callEmbedding } from './embedding-call.ts';
import { mayFailOver } from './next-step.ts';
import { RequestUse } from './request-use.ts';
import { toBudgetError } from './to-budget-error.ts';
import { toProviderError } from './to-provider-error.ts';

/** How a call for vectors ended; `result` is undefined exactly when it failed. */
export interface EmbeddingOutcome {
  /** The one that answered, or that failed last. */
  readonly target: DispatchTarget;
  /** One per call that was made, in order. */
  readonly records: readonly CallRecord[];
  readonly result?: EmbeddingResult;
  readonly error?: ProviderError;
}

interface Failure {
  readonly error: ProviderError;
  /** No call was made: the way was closed by a full queue, an open circuit or a budget. */
  readonly wasTurnedAway: boolean;
  /** A budget says that nobody else is to be asked. */
  readonly isFinal?: boolean;
}

/**
 * Asks for vectors with retries and failover under the policy of `dependencies`; through the same circuits, budgets and
 * limits as chats go. Vectors of two models cannot be compared, so that only candidates with the vendor model id of the
 * first are asked; the others are passed over. Never throws for anything the vendor or the network does.
 */
export async function runEmbedding(
  targets: readonly [DispatchTarget, ...DispatchTarget[]],
  call: Omit<EmbeddingCall, 'model'>,
  purpose: CallPurpose,
  dependencies: ChainDependencies,
  signal?: AbortSignal,
): Promise<EmbeddingOutcome> {
  const { clock, policy, retryBudgets, random } = dependencies;
  const endsAtMs = clock.monotonicMs() + policy.overallMs;
  const candidates = targets.filter(({ vendorModelId }) => vendorModelId === targets[0].vendorModelId);
  const records: CallRecord[] = [];
  const use = new RequestUse();
  let waitedMs = 0;
  let last: { readonly target: DispatchTarget; readonly failure: Failure } | undefined;
  for (const [index, target] of candidates.entries()) {
    const retry = { ...policy.retry, ...target.overrides?.retry };
    const budget = circuitKeyOf(target);
    retryBudgets.noteRequest(budget);
    for (let attempt = 1; ; attempt += 1) {
      const remainingMs = endsAtMs - clock.monotonicMs();
      const isLastResort = records.length === 0 && index === candidates.length - 1;
      const isLast = index === candidates.length - 1;
      const asked = {
        target,
        call,
        purpose,
        remainingMs,
        isLastResort,
        isLast,
        number: records.length + 1,
        use,
        signal,
      };
      const outcome = await tryOnce(asked, dependencies, records);
      if ('result' in outcome) {
        retryBudgets.noteSuccess(budget);
        return { target, records, result: outcome.result };
      }
      last = { target, failure: outcome };
      const { error, wasTurnedAway } = outcome;
      if (outcome.isFinal) return { target, records, error };
      const source = wasTurnedAway ? 'circuit' : 'call';
      const mayMoveOn = index < candidates.length - 1 && mayFailOver({ source, kind: error.kind }, policy.failoverOn);
      const decision = decideRetry(
        {
          kind: error.kind,
          retryAfterMs: error.details.retryAfterMs,
          attempt,
          remainingMs: endsAtMs - clock.monotonicMs(),
          waitedMs,
          hasNextCandidate: mayMoveOn,
          isRetryAffordable: retryBudgets.canRetry(budget),
        },
        retry,
        random,
      );
      if (decision.action === 'give-up') return { target, records, error };
      if (decision.action === 'next-candidate') break;
      if (wasTurnedAway || !retryBudgets.takeRetry(budget)) {
        if (mayMoveOn) break;
        return { target, records, error };
      }
      try {
        await sleep(clock, decision.waitMs, signal);
      } catch {
        return { target, records, error: toProviderError(undefined, target, signal) };
      }
      waitedMs += decision.waitMs;
    }
  }
  if (!last) throw new Error('A list of candidates holds its first one.');
  return { target: last.target, records, error: last.failure.error };
}

interface Try {
  readonly target: DispatchTarget;
  readonly call: Omit<EmbeddingCall, 'model'>;
  readonly purpose: CallPurpose;
  readonly remainingMs: number;
  /** Nobody was asked yet and nobody else is left: an open circuit does not keep the call away. */
  readonly isLastResort: boolean;
  /** Whether no other candidate is left. */
  readonly isLast: boolean;
  readonly number: number;
  readonly use: RequestUse;
  readonly signal: AbortSignal | undefined;
}

/** One call through slot and circuit; leaves its record in `records` and with the recorder. */
async function tryOnce(
  { target, call, purpose, remainingMs, isLastResort, isLast, number, use, signal }: Try,
  dependencies: ChainDependencies,
  records: CallRecord[],
): Promise<Failure | { readonly result: EmbeddingResult }> {
  const { clock, policy, ids, recorder } = dependencies;
  const queuedAtMs = clock.monotonicMs();
  const queueMs = Math.min(policy.queueMs, remainingMs);
  const asChat = toModelCall(target, call);
  const gate = await enterGate(target, dependencies, queueMs, signal, asChat, isLastResort);
  if (!gate.isOpen) return { error: gate.error, wasTurnedAway: true };
  // The price of the moment: it stays with the call when prices change.
  const priced = { ...target, price: target.price };
  const callId = ids.next('call');
  const { requestLimits } = policy;
  const turnAway = (error: ProviderError, isFinal = false) => {
    gate.release(0);
    gate.circuit.settle('ignored');
    return { error, wasTurnedAway: true, isFinal };
  };
  let permit: CallPermit;
  try {
    const asking = askPermit(
      { target: priced, call: asChat, purpose, callId, requestLimits, use },
      dependencies.ledger,
    );
    const patienceMs = Math.min(policy.queueMs, remainingMs - (clock.monotonicMs() - queuedAtMs));
    const answer = await awaitPermit(asking, clock, patienceMs, signal);
    if (answer === 'too-late')
      return turnAway(signal?.aborted ? toProviderError(undefined, target, signal) : createTooLate(target));
    if (!answer.isGranted) {
      const { breach } = answer;
      const isFinal = isLast || breach.refusal.onBreach === 'fail-fast';
      const decision = isFinal ? ('fail-fast' as const) : ('skip-to-next' as const);
      const { source, sourceId } = purpose;
      dependencies.observer?.onBreach({ ...breach, decision, source, sourceId, callId, atMs: clock.nowMs() });
      return turnAway(toBudgetError(breach, target, clock.nowMs()), isFinal);
    }
    permit = answer;
  } catch (bug) {
    turnAway(toProviderError(bug, target, signal));
    throw bug;
  }
  if (signal?.aborted) {
    permit.release();
    return turnAway(toProviderError(undefined, target, signal));
  }
  const startedAtMs = clock.nowMs();
  const startMs = clock.monotonicMs();
  const ownMs = { ...dependencies.deadlines, ...target.overrides?.deadlines }.totalMs;
  const leftMs = Math.max(1, remainingMs - (startMs - queuedAtMs));
  let result: EmbeddingResult | undefined;
  let error: ProviderError | undefined;
  try {
    const wanted = { ...call, model: target.vendorModelId };
    const make = () => callEmbedding(target, wanted, Math.min(ownMs, leftMs), clock, signal);
    const facts = { callId, attempt: number, operation: 'embeddings', target, call: asChat, purpose } as const;
    const { aroundCall } = dependencies;
    result = await (aroundCall ? aroundCall({ ...facts, isHedge: false, readReceived: () => '' }, make) : make());
  } catch (thrown) {
    error = toProviderError(thrown, target, signal);
    // A call that only timed out because little time was left for it says nothing about the provider.
    const isOurs = thrown instanceof DeadlineExceeded && leftMs < ownMs;
    gate.circuit.settle(isOurs ? 'ignored' : toCircuitOutcome(error.kind));
  } finally {
    gate.release();
    if (result) gate.circuit.settle('success');
  }
  const latencyMs = Math.round(clock.monotonicMs() - startMs);
  const raw = buildRecord({ target: priced, purpose, result, error, startedAtMs, latencyMs, number, id: callId });
  const record = permit.settle(raw, '');
  use.noteEnd(record);
  records.push(record);
  recorder.record(record);
  for (const warning of permit.warnings) dependencies.observer?.onWarning(warning, permit.attributes, clock.nowMs());
  const { expectedNanoUsd } = permit;
  dependencies.observer?.onCallEnd(record, { expectedNanoUsd, latencyTargetMs: undefined });
  return error || !result ? { error: error ?? toProviderError(undefined, target), wasTurnedAway: false } : { result };
}

function buildRecord(facts: {
  target: DispatchTarget;
  purpose: CallPurpose;
  result: EmbeddingResult | undefined;
  error: ProviderError | undefined;
  startedAtMs: number;
  latencyMs: number;
  number: number;
  id: string;
}): CallRecord {
  const { target, purpose, result, error } = facts;
  const usage = result?.usage ?? {};
  // A request that was answered with an error status is not billed.
  const isUnbilled = (error?.details.status ?? 0) >= 400;
  const cost = isUnbilled ? ({ kind: 'known', costNanoUsd: 0n } as const) : computeCost(usage, target.price);
  const providerRequestId = result?.providerRequestId ?? error?.details.providerRequestId;
  return {
    ...purpose,
    id: facts.id,
    attempt: facts.number,
    providerId: target.providerId,
    modelId: target.modelId,
    origin: target.origin,
    outcome: error ? (error.kind === 'cancelled' ? 'cancelled' : 'failed') : 'succeeded',
    usage,
    startedAtMs: facts.startedAtMs,
    latencyMs: facts.latencyMs,
    ...(error && { errorKind: error.kind, errorMessage: error.message }),
    ...(result?.servedModel !== undefined && { servedModel: result.servedModel }),
    ...(providerRequestId !== undefined && { providerRequestId }),
    ...(target.price && { price: target.price }),
    ...(cost.kind === 'known' ? { costNanoUsd: cost.costNanoUsd } : { costUnknownReason: cost.reason }),
  };
}

/** The call as limits on tokens see it: all input, no output. */
function toModelCall(target: DispatchTarget, { inputs }: Omit<EmbeddingCall, 'model'>): ModelCall {
  const content = inputs.map((input) => ({
    type: 'text' as const,
    // A token has about four characters.
    text: typeof input === 'string' ? input : 'x'.repeat(input.length * 4),
  }));
  return { model: target.vendorModelId, messages: [{ role: 'user', content }], maxOutputTokens: 0 };
}
