import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { ProviderModel } from '../../generated/prisma/models.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { explainReadOnly } from './provider.types.ts';

/** A row of the team that may be changed. Throws `NotFoundFailure`; `ConflictFailure` for what is described elsewhere. */
export async function findChangeable(
  services: Services,
  identity: Identity,
  providerId: string | undefined,
): Promise<ProviderModel> {
  const path = ['input', 'providerId'];
  if (providerId === undefined) throw new NotFoundFailure('provider', path);
  const row = await services.providerRows.find(identity.teamId, providerId);
  if (row) return row;
  const instance = services.providers.find(identity.teamId, providerId);
  const reason = instance && explainReadOnly(instance);
  if (reason) throw new ConflictFailure('PROVIDERS.READ_ONLY', reason, path);
  throw new NotFoundFailure('provider', path);
}

/** For a row that somebody else changed between reading and writing. */
export function changedMeanwhile(): ConflictFailure {
  return new ConflictFailure(
    'PROVIDERS.CHANGED_MEANWHILE',
    'Somebody else changed this provider at the same moment. Look at it again and repeat your change.',
    ['input', 'providerId'],
  );
}
