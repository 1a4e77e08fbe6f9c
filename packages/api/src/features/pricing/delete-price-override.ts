import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { NotFoundFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';

/**
 * Takes back a price that the team set. Calls that start after it are charged at what holds then; what was charged
 * stays. Throws `ForbiddenFailure`, `NotFoundFailure`.
 */
export async function deletePriceOverride(
  services: Services,
  identity: Identity,
  overrideId: string | undefined,
): Promise<{ readonly id: string; readonly model: string; readonly effectiveFrom: string }> {
  assertMayManage(identity, 'MODELS', 'delete prices');
  const { teamId } = identity;
  const row = overrideId === undefined ? null : await services.priceRows.find(teamId, overrideId);
  if (!row || !(await services.priceRows.delete(teamId, row.id))) {
    throw new NotFoundFailure('price', ['input', 'priceOverrideId']);
  }
  await services.prices.reloadRows();
  return { id: row.id, model: row.model, effectiveFrom: row.effectiveFrom };
}
