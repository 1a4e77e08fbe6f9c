import type { ImagePart } from '@switchyard/core/spec';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { routeCall } from '../routing/route-call.ts';
import { buildCall, type GenerationParameters, idempotencyKeyInput } from './generation-input.ts';
import { readStoredLimits } from './lane-limits-input.ts';
import { purposeOf } from './lane-purpose.ts';

const input = z.object({ idempotencyKey: idempotencyKeyInput });

/** Runs a lane that is over once more, with the comparison's own prompt and parameters. Its earlier text is void. */
export async function retryLane(
  services: Services,
  identity: Identity,
  laneId: string | undefined,
  rawInput: { readonly idempotencyKey?: string | null | undefined },
): Promise<string> {
  const { idempotencyKey } = parseInput(input, rawInput);
  const { prisma, clock } = services;
  const call = { teamId: identity.teamId, operation: 'retryLane', key: idempotencyKey, input: { laneId } };
  const result = await runIdempotently<{ laneId: string }>(prisma, clock, call, async (store) => {
    const lane = laneId && (await services.comparisons.findLane(identity.teamId, laneId));
    if (!lane) throw new NotFoundFailure('lane', ['input', 'laneId']);
    const settings = { model: lane.modelId, limits: readStoredLimits(lane.limits), fallbacks: lane.fallbacks };
    const { comparison } = lane;
    if (comparison.contentRemovedAt !== null) {
      const message = 'Your team keeps no prompts, so this one is gone. Start a new comparison.';
      throw new ConflictFailure('COMPARISONS.CONTENT_REMOVED', message, ['input', 'laneId']);
    }
    const asked = buildCall({
      vendorModelId: '',
      prompt: comparison.prompt,
      systemPrompt: comparison.systemPrompt ?? undefined,
      images: comparison.images as unknown as ImagePart[],
      parameters: comparison.parameters as GenerationParameters,
    });
    const purpose = purposeOf(identity, lane.id, comparison.tags);
    const routed = await routeCall(services, settings, asked, purpose, ['input', 'laneId']);
    const { resolution } = routed;
    const position = await services.comparisons.claimRetry(
      identity.teamId,
      lane,
      services.instanceId,
      store({ laneId: lane.id }),
    );
    if (!position) {
      throw new ConflictFailure(
        'COMPARISONS.LANE_RUNNING',
        'This lane is still running, or another server process runs its comparison. Stop it first, or wait.',
        ['input', 'laneId'],
      );
    }
    services.runner.start(position, [
      {
        laneId: lane.id,
        attempt: lane.attempt + 1,
        resolution,
        call: { ...asked, model: resolution.targets[0].vendorModelId },
        purpose: routed.purpose,
        decision: routed.decision,
        follow: routed.follow,
      },
    ]);
    return { laneId: lane.id };
  });
  return result.laneId;
}
