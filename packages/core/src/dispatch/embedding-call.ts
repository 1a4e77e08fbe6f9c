import { type Clock, linkAbort } from '../kernel/index.ts';
import { DeadlineExceeded } from '../policies/index.ts';
import { type EmbeddingCall, type EmbeddingResult, ProviderError } from '../spec/index.ts';
import type { DispatchTarget } from './dispatch-target.ts';

/**
 * Asks one target for vectors under one deadline. Throws `ProviderError`, `DeadlineExceeded` after `limitMs`, at once
 * even if the adapter ignores its signal, or what `signal` was aborted with.
 */
export async function callEmbedding(
  target: DispatchTarget,
  call: EmbeddingCall,
  limitMs: number,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<EmbeddingResult> {
  const { adapter } = target;
  if (!adapter.embed)
    throw new ProviderError({
      kind: 'invalid-request',
      provider: target.providerId,
      model: target.vendorModelId,
      message: `${target.providerId} makes no embeddings.`,
    });
  const abort = linkAbort(signal);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  stopped.catch(() => {});
  const onAbort = () => reject(abort.signal.reason);
  abort.signal.addEventListener('abort', onAbort, { once: true });
  const timer = clock.startTimer(limitMs, () => abort.abort(new DeadlineExceeded('total', limitMs)));
  try {
    if (abort.signal.aborted) throw abort.signal.reason;
    const asking = adapter.embed(call, abort.signal);
    // When the deadline wins, what the adapter then says is of no interest.
    asking.catch(() => {});
    return await Promise.race([asking, stopped]);
  } finally {
    timer.cancel();
    abort.signal.removeEventListener('abort', onAbort);
    abort.unlink();
  }
}
