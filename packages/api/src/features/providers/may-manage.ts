import { type Identity, mayDo, type PermissionArea } from '../../auth/identity.ts';
import { ForbiddenFailure } from '../../user-errors.ts';

/** Throws `ForbiddenFailure` without the level MANAGE in `area`, with the way to get it; `what` completes "Only admins may …". */
export function assertMayManage(identity: Identity, area: PermissionArea, what: string): void {
  if (mayDo(identity, 'MANAGE', area)) return;
  const remedy =
    identity.apiKeyId === undefined
      ? 'Ask an owner or admin of your team to do it, or for a higher access role.'
      : `This API key lacks the scope MANAGE or MANAGE_${area}: an owner or admin can make a key that has it, on the page Team.`;
  throw new ForbiddenFailure(`Only admins may ${what}. ${remedy}`);
}
