import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { changedMeanwhile, findChangeable } from './change-provider.ts';
import { assertMayManage } from './may-manage.ts';

/** Switches a provider of the team on or off; calls that are running go on. Throws like `updateProvider`. */
export async function setProviderEnabled(
  services: Services,
  identity: Identity,
  providerId: string | undefined,
  isEnabled: boolean,
): Promise<string> {
  assertMayManage(identity, 'MODELS', 'switch providers on and off');
  const row = await findChangeable(services, identity, providerId);
  if (row.isEnabled !== isEnabled && !(await services.providerRows.update(row, { isEnabled })))
    throw changedMeanwhile();
  await services.provisioner.reloadRows();
  return row.id;
}
