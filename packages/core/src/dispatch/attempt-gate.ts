import { type CircuitEntry, QueueDeadlineExceeded, QueueFull, type ReleaseSlot } from '../policies/index.ts';
import { type ModelCall, ProviderError } from '../spec/index.ts';
import type { ChainDependencies } from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import { estimateCallTokens } from './estimate-call-tokens.ts';
import type { AttemptFailure } from './next-step.ts';
import { toProviderError } from './to-provider-error.ts';

/** The way to one call: open with a slot and the circuit's consent, or closed with the error that says why. */
export type Gate =
  | { readonly isOpen: true; readonly circuit: Extract<CircuitEntry, { isAdmitted: true }>; release: ReleaseSlot }
  | { readonly isOpen: false; readonly source: AttemptFailure['source']; readonly error: ProviderError };

/** The key of the target's circuit: provider instance and the vendor's model. */
export function circuitKeyOf(target: DispatchTarget): string {
  return `${target.instanceId ?? target.providerId}/${target.vendorModelId}`;
}

/**
 * Waits for a slot at the target's provider for at most `queueMs`, then asks its circuit. Never throws. `call` is what
 * limits of tokens are judged by; without it they count no token. With `isLastResort` a closed way for the circuit's
 * sake is taken all the same. `isPatient`: nobody waits for the call; see `QueueOptions`.
 */
export async function enterGate(
  target: DispatchTarget,
  dependencies: Pick<ChainDependencies, 'circuits' | 'concurrency'>,
  queueMs: number,
  signal: AbortSignal | undefined,
  call?: ModelCall,
  isLastResort = false,
  isPatient = false,
): Promise<Gate> {
  const { circuits, concurrency } = dependencies;
  const key = circuitKeyOf(target);
  // Asked before the queue too: nobody should wait for a slot that leads to an open circuit.
  if (!isLastResort && !circuits.canEnter(key)) return closedGate(target, circuits.enter(key));
  let release: ReleaseSlot;
  try {
    const estimateTokens = call && (() => estimateCallTokens(call));
    const options = { queueMs, signal, estimateTokens, isPatient };
    release = await concurrency.acquire(target.instanceId ?? target.providerId, options);
  } catch (thrown) {
    if (!(thrown instanceof QueueDeadlineExceeded || thrown instanceof QueueFull))
      return { isOpen: false, source: 'queue', error: toProviderError(thrown, target, signal) };
    const message = `The limits set for provider ${target.providerId} are reached. ${thrown.message}`;
    return { isOpen: false, source: 'queue', error: createError(target, 'rate-limit', message) };
  }
  const circuit = circuits.enter(key);
  if (!circuit.isAdmitted) {
    if (isLastResort) return { isOpen: true, circuit: circuits.enterAnyway(key), release };
    release();
    return closedGate(target, circuit);
  }
  const claim = circuit.isProbe ? circuits.claimProbe(key) : undefined;
  // Another replica finds out for all: wait for its verdict.
  if (claim && !(await claim)) {
    circuit.settle('ignored');
    if (isLastResort) return { isOpen: true, circuit: circuits.enterAnyway(key), release };
    release();
    return closedGate(target, circuits.enter(key));
  }
  return { isOpen: true, circuit, release };
}

function closedGate(target: DispatchTarget, entry: CircuitEntry): Gate {
  const retryAfterMs = entry.isAdmitted ? 0 : Math.ceil(entry.retryInMs);
  const message = `${target.modelId} is left alone after repeated failures; the next try is in ${Math.ceil(retryAfterMs / 1000)} s.`;
  return { isOpen: false, source: 'circuit', error: createError(target, 'overloaded', message, retryAfterMs) };
}

function createError(
  target: DispatchTarget,
  kind: 'overloaded' | 'rate-limit',
  message: string,
  retryAfterMs?: number,
): ProviderError {
  return new ProviderError({
    kind,
    provider: target.providerId,
    model: target.vendorModelId,
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
