import type { Identity } from '../../auth/identity.ts';
import { ForbiddenFailure } from '../../user-errors.ts';

/** Throws `ForbiddenFailure` without the scope MANAGE, with the way to get it; `what` completes "Only admins may …". */
export function assertMayManage(identity: Identity, what: string): void {
  if (identity.scopes.has('MANAGE')) return;
  const remedy =
    identity.apiKeyId === undefined
      ? 'Ask an owner or admin of your team to do it, or for a higher access role.'
      : 'This API key lacks the scope MANAGE: an owner or admin can make a key that has it, on the page Team.';
  throw new ForbiddenFailure(`Only admins may ${what}. ${remedy}`);
}
