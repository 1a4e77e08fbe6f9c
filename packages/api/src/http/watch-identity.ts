import type { Clock, Timer } from '@switchyard/core/kernel';
import type { Identity } from '../auth/identity.ts';
import type { Credential, IdentityResolver } from '../auth/identity-resolver.ts';

const everyMs = 400;

/**
 * Looks again and again whether `credential` is still good and calls `onEnded` once when it is not: expired, revoked,
 * signed out, in another team than `began` was, or without a right that `began` had. While the database is away nothing
 * is decided. Returns how to stop looking.
 */
export function watchIdentity(
  identities: IdentityResolver,
  clock: Clock,
  credential: Credential,
  onEnded: () => void,
  began?: Identity,
): () => void {
  let isStopped = false;
  let timer: Timer | undefined;
  const look = () => {
    identities.resolve(credential).then(
      (identity) => {
        if (isStopped) return;
        if (identity && isAsBefore(identity, began)) timer = clock.startTimer(everyMs, look);
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

function isAsBefore(now: Identity, began: Identity | undefined): boolean {
  if (!began) return true;
  return now.teamId === began.teamId && [...began.scopes].every((scope) => now.scopes.has(scope));
}
