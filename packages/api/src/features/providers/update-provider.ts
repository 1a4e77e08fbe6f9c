import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { changedMeanwhile, findChangeable } from './change-provider.ts';
import { assertMayManage } from './may-manage.ts';
import { sealCredentials } from './provider-credentials.ts';
import {
  apiKeyInput,
  assertTypeAllowed,
  baseUrlInput,
  displayNameInput,
  headersInput,
  readEndpoint,
  tuningInput,
  typeInput,
} from './provider-input.ts';

const input = z.object({
  displayName: displayNameInput.nullish(),
  baseUrl: baseUrlInput.nullish(),
  apiKey: apiKeyInput.nullish(),
  headers: headersInput.nullish(),
  ...tuningInput,
});

export interface UpdatedProvider {
  readonly id: string;
  /** The address changed and no new key came with it, so that the old one was thrown away. */
  readonly isKeyDropped: boolean;
  /** The same for the headers. */
  readonly areHeadersDropped: boolean;
}

/**
 * Changes a provider of the team: what is absent stays, null takes back to the default. Another address drops key and
 * headers that were kept for the old one, unless new ones are given with it. Tests the connection afterwards. Throws
 * `ForbiddenFailure`, `NotFoundFailure`, `ValidationFailure`, `ConflictFailure`.
 */
export async function updateProvider(
  services: Services,
  identity: Identity,
  providerId: string | undefined,
  rawInput: unknown,
): Promise<UpdatedProvider> {
  assertMayManage(identity, 'MODELS', 'change providers');
  const row = await findChangeable(services, identity, providerId);
  const wanted = parseInput(input, rawInput);
  const type = typeInput.parse(row.type);
  assertTypeAllowed(services, type);
  const baseUrl = wanted.baseUrl === undefined ? row.baseUrl : readEndpoint(services, type, wanted.baseUrl);
  const isMoved = baseUrl !== row.baseUrl;
  const isKeyDropped = isMoved && wanted.apiKey === undefined && row.sealedKey !== null;
  const areHeadersDropped = isMoved && wanted.headers === undefined && row.sealedHeaders !== null;
  const credentials = {
    apiKey: wanted.apiKey ?? (isMoved || wanted.apiKey === null ? null : undefined),
    headers: wanted.headers ?? (isMoved || wanted.headers === null ? null : undefined),
  };
  const { limits, retry, deadlines, models } = wanted;
  const isWritten = await services.providerRows.update(row, {
    baseUrl,
    ...(wanted.displayName !== undefined && { displayName: wanted.displayName }),
    ...sealCredentials(services.vault, { ...row, baseUrl }, credentials),
    ...(limits !== undefined && { limits: (limits ?? {}) as Prisma.InputJsonValue }),
    ...(retry !== undefined && { retry: (retry ?? {}) as Prisma.InputJsonValue }),
    ...(deadlines !== undefined && { deadlines: (deadlines ?? {}) as Prisma.InputJsonValue }),
    ...(models !== undefined && { models: (models ?? []) as Prisma.InputJsonValue }),
  });
  if (!isWritten) throw changedMeanwhile();
  await services.provisioner.reloadRows();
  const instance = services.providers.find(identity.teamId, row.id);
  if (instance?.adapter) await services.providers.testConnection(instance);
  return { id: row.id, isKeyDropped, areHeadersDropped };
}
