import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { isPlaceholder } from './build-providers.ts';
import { assertMayManage } from './may-manage.ts';
import { sealCredentials } from './provider-credentials.ts';
import {
  apiKeyInput,
  assertSlugFits,
  assertTypeAllowed,
  baseUrlInput,
  displayNameInput,
  headersInput,
  readEndpoint,
  slugInput,
  tuningInput,
  typeInput,
} from './provider-input.ts';

const mostProviders = 100;

const input = z.object({
  slug: slugInput,
  type: typeInput,
  displayName: displayNameInput.nullish(),
  baseUrl: baseUrlInput.nullish(),
  apiKey: apiKeyInput.nullish(),
  headers: headersInput.nullish(),
  ...tuningInput,
  isEnabled: z.boolean().nullish(),
  idempotencyKey: idempotencyKeyInput,
});

/**
 * Makes a provider of the team and tests its connection. Answers its id. Throws `ForbiddenFailure`,
 * `ValidationFailure`, `ConflictFailure`, `IdempotencyFailure`.
 */
export async function createProvider(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  assertMayManage(identity, 'MODELS', 'add providers');
  const { idempotencyKey, ...wanted } = parseInput(input, rawInput);
  const { teamId } = identity;
  const { slug, type } = wanted;
  assertTypeAllowed(services, type);
  assertSlugFits(slug, type);
  const baseUrl = readEndpoint(services, type, wanted.baseUrl);
  const { clock, ids, prisma, providerRows, vault } = services;
  // What is remembered of the input is a hash; of the secrets in it not even a plain one.
  const secrets = vault.fingerprint(JSON.stringify([wanted.apiKey ?? null, wanted.headers ?? null]));
  const call = {
    teamId,
    operation: 'createProvider',
    key: idempotencyKey,
    input: { ...wanted, apiKey: null, headers: null, secrets },
  };
  const { id } = await runIdempotently<{ id: string }>(prisma, clock, call, async (store) => {
    const taken = services.providers.snapshot.installation.find((instance) => instance.slug === slug);
    if (taken && !isPlaceholder(taken)) throw idTaken(slug, 'a provider of the installation');
    if ((await providerRows.count(teamId)) >= mostProviders) {
      const message = `A team has at most ${mostProviders} providers. Delete one first.`;
      throw new ConflictFailure('PROVIDERS.TOO_MANY', message, ['input']);
    }
    const row = { id: ids.next('prv'), teamId, baseUrl };
    const isMade = await providerRows.create(
      teamId,
      {
        id: row.id,
        createdById: identity.userId ?? null,
        slug,
        type,
        displayName: wanted.displayName ?? null,
        baseUrl,
        ...sealCredentials(vault, row, { apiKey: wanted.apiKey ?? null, headers: wanted.headers ?? [] }),
        limits: (wanted.limits ?? {}) as Prisma.InputJsonValue,
        retry: (wanted.retry ?? {}) as Prisma.InputJsonValue,
        deadlines: (wanted.deadlines ?? {}) as Prisma.InputJsonValue,
        models: (wanted.models ?? []) as Prisma.InputJsonValue,
        isEnabled: wanted.isEnabled ?? true,
        createdAt: new Date(clock.nowMs()),
      },
      store({ id: row.id }),
    );
    if (!isMade) throw idTaken(slug, 'another provider of your team');
    return { id: row.id };
  });
  await services.provisioner.reloadRows();
  const instance = services.providers.find(teamId, id);
  if (instance?.adapter) await services.providers.testConnection(instance);
  return id;
}

function idTaken(slug: string, owner: string): ConflictFailure {
  return new ConflictFailure(
    'PROVIDERS.ID_TAKEN',
    `The id ${slug} belongs to ${owner}. Take another one, for example ${slug}-2.`,
    ['input', 'slug'],
  );
}
