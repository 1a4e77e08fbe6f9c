import type { DispatchTarget } from '@switchyard/core/dispatch';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
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
    const targets = resolveTargets(services, wanted.models, ['input', 'models']);
    const id = ids.next('cmp');
    const lanes = targets.map((target, position) => ({ id: ids.next('lane'), position, target }));
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
          origin: combineOrigins(targets),
          instanceId: services.instanceId,
          createdAt: new Date(clock.nowMs()),
          lanes: {
            create: lanes.map((lane) => ({
              id: lane.id,
              position: lane.position,
              modelId: lane.target.modelId,
              origin: lane.target.origin === 'live' ? ('LIVE' as const) : ('SIMULATED' as const),
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
        target: lane.target,
        call: buildCall({ ...wanted, vendorModelId: lane.target.vendorModelId }),
        purpose: purposeOf(identity, lane.id),
      }),
    );
    const position = { teamId: identity.teamId, comparisonId: id, lastSeq: 0, earlierCosts: new Map() };
    services.runner.start(position, jobs);
    return { comparisonId: id };
  });
  return comparisonId;
}

/** All models as targets, or one failure that names every model that cannot be called. */
export function resolveTargets(
  services: Services,
  modelIds: readonly string[],
  path: readonly string[],
): DispatchTarget[] {
  const found = modelIds.map((modelId) => services.providers.resolveTarget(modelId));
  const targets = found.filter((candidate) => 'adapter' in candidate);
  if (targets.length === found.length) return targets;
  throw new NoEligibleModelFailure(
    found.filter((candidate) => 'reason' in candidate),
    path,
  );
}

function combineOrigins(targets: readonly DispatchTarget[]): 'LIVE' | 'SIMULATED' | 'MIXED' {
  const origins = new Set(targets.map((target) => target.origin));
  return origins.size > 1 ? 'MIXED' : origins.has('live') ? 'LIVE' : 'SIMULATED';
}
