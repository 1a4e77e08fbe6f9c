import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';
import {
  buildCall,
  idempotencyKeyInput,
  imagesInput,
  parametersInput,
  promptInput,
  systemPromptInput,
} from './generation-input.ts';
import { fallbacksInput, modelLimitsInput, modelNameInput, tagsInput, toStoredLimits } from './lane-limits-input.ts';
import type { LaneJob } from './lane-run.ts';
import type { LaneSettings } from './resolve-lanes.ts';
import { routeLanes } from './route-lanes.ts';

export const fewestLanes = 2;
export const mostLanes = 8;

const laneCount = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .min(fewestLanes, `Choose at least ${fewestLanes} models.`)
    .max(mostLanes, `Choose at most ${mostLanes} models.`)
    .nullish();

const input = z
  .object({
    prompt: promptInput,
    systemPrompt: systemPromptInput,
    images: imagesInput,
    models: laneCount(modelNameInput),
    lanes: laneCount(
      z.object({ model: modelNameInput, limits: modelLimitsInput.nullish(), fallbacks: fallbacksInput }),
    ),
    parameters: parametersInput,
    tags: tagsInput,
    idempotencyKey: idempotencyKeyInput,
  })
  .refine(({ models, lanes }) => (models == null) !== (lanes == null), {
    message: 'Give exactly one of models and lanes.',
    path: ['models'],
  });

/**
 * Stores a comparison and starts all its lanes. Returns the raw id of the comparison at once; everything after is told
 * by its events. Throws `ValidationFailure`, `NoEligibleModelFailure`, `IdempotencyFailure`.
 */
export async function startComparison(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  const { idempotencyKey, ...wanted } = parseInput(input, rawInput);
  const { prisma, clock, ids } = services;
  const call = {
    teamId: identity.teamId,
    operation: 'startComparison',
    key: idempotencyKey,
    input: { ...wanted, lanes: wanted.lanes?.map(({ limits, ...lane }) => [lane, limits && toStoredLimits(limits)]) },
  };
  const settings: readonly LaneSettings[] =
    wanted.lanes?.map(({ limits, ...lane }) => ({ ...lane, limits: limits ?? undefined })) ??
    wanted.models?.map((model) => ({ model, limits: undefined, fallbacks: [] })) ??
    [];
  const { comparisonId } = await runIdempotently<{ comparisonId: string }>(prisma, clock, call, async (store) => {
    const path = ['input', wanted.lanes ? 'lanes' : 'models'];
    const asked = buildCall({ ...wanted, vendorModelId: '' });
    const named = settings.map((lane) => ({ ...lane, laneId: ids.next('lane') }));
    const routedLanes = await routeLanes(services, identity, named, asked, wanted.tags, path);
    const id = ids.next('cmp');
    const lanes = routedLanes.map(({ laneId, routed, limits, fallbacks }, position) => {
      return { id: laneId, position, resolution: routed.resolution, routed, limits, fallbacks };
    });
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
          tags: wanted.tags,
          origin: combineOrigins(lanes.map(({ resolution }) => resolution)),
          instanceId: services.instanceId,
          createdAt: new Date(clock.nowMs()),
          lanes: {
            create: lanes.map((lane) => ({
              id: lane.id,
              position: lane.position,
              modelId: lane.resolution.requested,
              fallbacks: [...lane.fallbacks],
              ...(lane.limits && { limits: toStoredLimits(lane.limits) as Prisma.InputJsonObject }),
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
        call: { ...asked, model: lane.resolution.targets[0].vendorModelId },
        purpose: lane.routed.purpose,
        decision: lane.routed.decision,
        follow: lane.routed.follow,
      }),
    );
    const position = { teamId: identity.teamId, comparisonId: id, lastSeq: 0, earlierCosts: new Map() };
    services.runner.start(position, jobs);
    return { comparisonId: id };
  });
  return comparisonId;
}

function combineOrigins(resolutions: readonly ModelResolution[]): 'LIVE' | 'SIMULATED' | 'MIXED' {
  const origins = new Set(resolutions.flatMap(({ targets }) => targets.map((target) => target.origin)));
  return origins.size > 1 ? 'MIXED' : origins.has('live') ? 'LIVE' : 'SIMULATED';
}
