import { type Clock, sleep } from '../kernel/index.ts';
import { ProviderError } from '../spec/index.ts';
import type { DispatchTarget } from './dispatch-target.ts';

interface Releasable {
  readonly isGranted: boolean;
  release?(): void;
}

/**
 * Waits for `asking`, but no longer than `limitMs` and not after `signal` has aborted: a database that hangs must not
 * hold a call beyond its deadline. A permit that comes too late is given back. Rejects with what `asking` rejects with.
 */
export async function awaitPermit<Permit extends Releasable>(
  asking: Promise<Permit>,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<Permit | 'too-late'> {
  const over = new AbortController();
  const onAbort = () => over.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) over.abort();
  const tooLate = sleep(clock, Math.max(1, limitMs), over.signal).then(
    () => 'too-late' as const,
    () => 'too-late' as const,
  );
  const first = await Promise.race([asking, tooLate]).finally(() => {
    signal?.removeEventListener('abort', onAbort);
    over.abort();
  });
  if (first === 'too-late') {
    asking.then(
      (permit) => permit.release?.(),
      () => {},
    );
  }
  return first;
}

/** What a call ends with that was not made because nobody answered for the budgets. */
export function createTooLate({ providerId, vendorModelId }: DispatchTarget): ProviderError {
  const message =
    'The budgets could not be asked in time, because the database does not answer. Try again in a moment.';
  return new ProviderError({ kind: 'timeout', provider: providerId, model: vendorModelId, message });
}
