import type { Clock } from '../kernel/index.ts';
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
export function awaitPermit<Permit extends Releasable>(
  asking: Promise<Permit>,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<Permit | 'too-late'> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const end = () => {
      isOver = true;
      timer.cancel();
      signal?.removeEventListener('abort', giveUp);
    };
    const giveUp = () => {
      end();
      resolve('too-late');
    };
    const timer = clock.startTimer(Math.max(1, limitMs), giveUp);
    signal?.addEventListener('abort', giveUp, { once: true });
    asking.then(
      (permit) => {
        if (isOver) return permit.release?.();
        end();
        resolve(permit);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
    if (signal?.aborted) giveUp();
  });
}

/** What a call ends with that was not made because nobody answered for the budgets. */
export function createTooLate({ providerId, vendorModelId }: DispatchTarget): ProviderError {
  const message =
    'The budgets could not be asked in time, because the database does not answer. Try again in a moment.';
  return new ProviderError({ kind: 'timeout', provider: providerId, model: vendorModelId, message });
}
