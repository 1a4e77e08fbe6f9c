import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';
import {
  buildCall,
  idempotencyKeyInput,
  imagesInput,
  parametersInput,
  promptInput,
  systemPromptInput,
} from './generation-input.ts';
import { purposeOf } from './lane-purpose.ts';
import type { LaneJob } from './lane-run.ts';

export const fewestLanes = 2;
export const mostLanes = 8;

const input = z.object({
  prompt: promptInput,
  systemPrompt: systemPromptInput,
  images: imagesInput,
  models: z
    .array(z.string().min(1).max(300))
    .min(fewestLanes, `Choose at least ${fewestLanes} models.`)
    .max(mostLanes, `Choose at most ${mostLanes} models.`),
  parameters: parametersInput,
  idempotencyKey: idempotencyKeyInput,
});

/**
 * Stores a comparison and starts all its lanes. Returns the raw id of the comparison at once; everything after is told
 * by its events. Throws `ValidationFailure`, `NoEligibleModelFailure`, `IdempotencyFailure`.
 */
export async function startComparison(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  const { idempotencyKey, ...wanted } = parseInput(input, rawInput);
  const { prisma, clock, ids } = services;
  const call = { teamId: identity.teamId, operation: 'startComparison', key: idempotencyKey, input: wanted };
  const { comparisonId } = await runIdempotently<{ comparisonId: string }>(prisma, clock, call, async (store) => {
    const resolutions = resolveModels(services, identity.teamId, wanted.models, ['input', 'models']);
    const id = ids.next('cmp');
    const lanes = resolutions.map((resolution, position) => ({ id: ids.next('lane'), position, resolution }));
    await prisma.$transaction([
      prisma.comparison.create({
        data: {
          id,
          teamId: identity.teamId,
          createdById: identity.userId ?? null,
          prompt: wanted.prompt,
          systemPrompt: wanted.systemPrompt ?? null,
          images: wanted.images as unknown as Prisma.InputJsonValue,
          parameters: wanted.parameters as Prisma.InputJsonValue,
          state: 'RUNNING',
          origin: combineOrigins(resolutions),
          instanceId: services.instanceId,
          createdAt: new Date(clock.nowMs()),
          lanes: {
            create: lanes.map((lane) => ({
              id: lane.id,
              position: lane.position,
              modelId: lane.resolution.requested,
              origin: combineOrigins([lane.resolution]),
              state: 'QUEUED' as const,
            })),
          },
        },
      }),
      ...store({ comparisonId: id }),
    ]);
    const jobs = lanes.map(
      (lane): LaneJob => ({
        laneId: lane.id,
        attempt: 1,
        resolution: lane.resolution,
        call: buildCall({ ...wanted, vendorModelId: lane.resolution.targets[0].vendorModelId }),
        purpose: purposeOf(identity, lane.id),
      }),
    );
    const position = { teamId: identity.teamId, comparisonId: id, lastSeq: 0, earlierCosts: new Map() };
    services.runner.start(position, jobs);
    return { comparisonId: id };
  });
  return comparisonId;
}

/** What all names stand for, or one failure that names every model that cannot be called. */
export function resolveModels(
  services: Services,
  teamId: string,
  names: readonly string[],
  path: readonly string[],
): ModelResolution[] {
  const found = names.map((name) => services.providers.resolve(teamId, name));
  const resolutions = found.filter((candidate) => 'targets' in candidate);
  if (resolutions.length === found.length) return resolutions;
  throw new NoEligibleModelFailure(
    found.filter((candidate) => 'reason' in candidate),
    path,
  );
}

function combineOrigins(resolutions: readonly ModelResolution[]): 'LIVE' | 'SIMULATED' | 'MIXED' {
  const origins = new Set(resolutions.flatMap(({ targets }) => targets.map((target) => target.origin)));
  return origins.size > 1 ? 'MIXED' : origins.has('live') ? 'LIVE' : 'SIMULATED';
}
