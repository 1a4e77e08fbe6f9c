import { createModelAdapter, providerProfiles } from '@switchyard/core/providers';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { openCredentials } from './build-team-providers.ts';
import { findChangeable } from './change-provider.ts';
import { type ConnectionReport, testAdapter } from './connection-test.ts';
import { assertMayManage } from './may-manage.ts';
import {
  apiKeyInput,
  assertTypeAllowed,
  baseUrlInput,
  headersInput,
  readEndpoint,
  typeInput,
} from './provider-input.ts';

const input = z.object({
  type: typeInput,
  baseUrl: baseUrlInput.nullish(),
  apiKey: apiKeyInput.nullish(),
  headers: headersInput.nullish(),
});

/** What a test of unsaved values found. */
export interface UnsavedConnectionReport extends ConnectionReport {
  /** The vendor's own model ids, at most 500. */
  readonly listedModels: readonly string[];
}

const mostListed = 500;

/**
 * Tests values as a form holds them; nothing is kept. With `providerId` the stored key and headers stand in for what was
 * not typed, but only at the very address they were stored for. Throws `ForbiddenFailure`, `NotFoundFailure`,
 * `ValidationFailure`, `ConflictFailure`.
 */
export async function testProviderConnection(
  services: Services,
  identity: Identity,
  providerId: string | null | undefined,
  rawInput: unknown,
): Promise<UnsavedConnectionReport> {
  assertMayManage(identity, 'MODELS', 'test connections');
  const row = providerId === null ? undefined : await findChangeable(services, identity, providerId);
  const wanted = parseInput(input, rawInput);
  const { type } = wanted;
  assertTypeAllowed(services, type);
  const baseUrl = readEndpoint(services, type, wanted.baseUrl);
  const isStoredPlace = row !== undefined && row.baseUrl === baseUrl && row.type === type;
  const stored = isStoredPlace ? openCredentials(row, services.vault) : undefined;
  const apiKey = wanted.apiKey === undefined ? stored?.apiKey : (wanted.apiKey ?? undefined);
  const headers =
    wanted.headers === undefined || wanted.headers === null
      ? (stored?.headers ?? {})
      : Object.fromEntries(wanted.headers.map(({ name, value }) => [name, value]));
  const adapter = createModelAdapter(
    {
      id: row?.slug ?? type,
      type,
      baseUrl,
      headers,
      addressPolicy: services.settings.allowsPrivateNetworks ? 'allow-private' : 'public-only',
      ...(apiKey !== undefined && { apiKey }),
    },
    services,
  );
  const { keyPageUrl } = providerProfiles[type];
  const { report, listedModels } = await testAdapter(
    { baseUrl, keyVariable: undefined, keyPageUrl },
    adapter,
    services.clock,
  );
  return { ...report, listedModels: (listedModels ?? []).slice(0, mostListed) };
}
