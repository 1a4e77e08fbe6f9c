import type { Clock, Timer } from '@switchyard/core/kernel';
import type { Credential, IdentityResolver } from '../auth/identity-resolver.ts';

const everyMs = 400;

/**
 * Looks again and again whether `credential` is still good and calls `onEnded` once when it is not: expired, revoked
 * or signed out. While the database is away nothing is decided. Returns how to stop looking.
 */
export function watchIdentity(
  identities: IdentityResolver,
  clock: Clock,
  credential: Credential,
  onEnded: () => void,
): () => void {
  let isStopped = false;
  let timer: Timer | undefined;
  const look = () => {
    identities.resolve(credential).then(
      (identity) => {
        if (isStopped) return;
        if (identity) timer = clock.startTimer(everyMs, look);
        else onEnded();
      },
      () => {
        if (!isStopped) timer = clock.startTimer(everyMs, look);
      },
    );
  };
  timer = clock.startTimer(everyMs, look);
  return () => {
    isStopped = true;
    timer?.cancel();
  };
}
