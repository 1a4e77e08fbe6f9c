import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { findChangeable } from './change-provider.ts';
import { assertMayManage } from './may-manage.ts';

/**
 * Deletes a provider of the team with its key. Calls that are running end by themselves; what it answered is kept.
 * Throws `ForbiddenFailure`, `NotFoundFailure`, `ConflictFailure`.
 */
export async function deleteProvider(
  services: Services,
  identity: Identity,
  providerId: string | undefined,
): Promise<{ readonly id: string; readonly slug: string }> {
  assertMayManage(identity, 'MODELS', 'delete providers');
  const { id, slug } = await findChangeable(services, identity, providerId);
  await services.providerRows.delete(identity.teamId, id);
  await services.provisioner.reloadRows();
  return { id, slug };
}
