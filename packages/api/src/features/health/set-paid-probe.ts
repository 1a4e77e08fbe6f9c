import { parseUsd } from '@switchyard/core/kernel';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import type { ProviderInstance } from '../providers/provider-instance.ts';
import { defaultProbe, ofFile } from './paid-probes.ts';

const input = z.object({
  isEnabled: z.boolean(),
  modelId: z.string().trim().min(1).max(300).nullish(),
  everyMs: z.int().min(60_000).max(86_400_000).nullish(),
  maxPerDay: z.int().min(1).max(10_000).nullish(),
  maxUsdPerDay: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,9})?$/, 'Give an amount of US dollars, for example 0.05.')
    .nullish(),
});

/**
 * Switches the paid probe of a provider on or off for the team that pays for it. Throws `ForbiddenFailure`,
 * `NotFoundFailure`, `ValidationFailure`, `ConflictFailure` for one of the file.
 */
export async function setPaidProbe(
  services: Services,
  identity: Identity,
  providerId: string | undefined,
  rawInput: unknown,
): Promise<ProviderInstance> {
  assertMayManage(identity, 'HEALTH', 'switch paid probes');
  const { prisma, clock, providers } = services;
  const { teamId, userId } = identity;
  const instance = providerId === undefined ? undefined : providers.find(teamId, providerId);
  if (!instance) throw new NotFoundFailure('provider', ['input', 'providerId']);
  const given = parseInput(input, rawInput);
  const where = { teamId_subjectId: { teamId, subjectId: instance.id } };
  const known = await prisma.healthProbe.findUnique({ where });
  const isOfFile = providers.snapshot.configuration.health.paidProbes.some((probe) => probe.providerId === instance.id);
  if (known?.updatedById === ofFile && isOfFile)
    throw new ConflictFailure('HEALTH.PROBE_OF_FILE', 'This probe stands in the configuration file: change it there.', [
      'input',
      'providerId',
    ]);
  const modelId = given.modelId ?? known?.modelId;
  const refuse = (message: string) => {
    throw new ValidationFailure([{ path: ['input', 'modelId'], message, code: 'unusable_model' }]);
  };
  if (modelId === undefined) return refuse('Name the model that is to be called; the cheapest of the provider does.');
  const model = providers.findModel(teamId, modelId);
  if (!model || model.instance.id !== instance.id) return refuse(`"${modelId}" is not a model of this provider.`);
  if (model.catalog.capabilities.embeddings) return refuse(`"${modelId}" gives no answers.`);
  if (given.isEnabled && !providers.price(teamId, model))
    return refuse(`"${modelId}" has no known price, so that its cost cannot be capped. Set a price first.`);
  const data = {
    modelId,
    isEnabled: given.isEnabled,
    everyMs: given.everyMs ?? known?.everyMs ?? defaultProbe.everyMs,
    maxPerDay: given.maxPerDay ?? known?.maxPerDay ?? defaultProbe.maxPerDay,
    maxNanoUsdPerDay:
      given.maxUsdPerDay == null
        ? (known?.maxNanoUsdPerDay ?? parseUsd(defaultProbe.maxUsdPerDay))
        : parseUsd(given.maxUsdPerDay),
    nextAtMs: 0n,
    updatedById: userId ?? null,
    updatedAt: new Date(clock.nowMs()),
  };
  await prisma.healthProbe.upsert({ where, create: { ...data, teamId, subjectId: instance.id }, update: data });
  return instance;
}
