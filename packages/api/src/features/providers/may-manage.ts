import type { Identity } from '../../auth/identity.ts';
import { ForbiddenFailure } from '../../user-errors.ts';

/** Throws `ForbiddenFailure` without the scope MANAGE; `what` completes "Only admins may …". */
export function assertMayManage(identity: Identity, what: string): void {
  if (!identity.scopes.has('MANAGE')) throw new ForbiddenFailure(`Only admins may ${what}.`);
}
