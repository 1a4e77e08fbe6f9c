import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';

/** Stops a running lane and resolves when that is stored; the upstream call is closed and what had arrived is kept. */
export async function stopLane(services: Services, identity: Identity, laneId: string | undefined): Promise<string> {
  const lane = laneId && (await services.comparisons.findLane(identity.teamId, laneId));
  if (!lane) throw new NotFoundFailure('lane', ['input', 'laneId']);
  if (await services.runner.stopLane(lane.comparisonId, lane.id)) return lane.id;
  const now = await services.comparisons.findLane(identity.teamId, lane.id);
  if (now?.state === 'STOPPED') return lane.id;
  const message =
    now?.state === 'RUNNING' || now?.state === 'QUEUED'
      ? 'This lane runs in another server process. Try again when it has ended.'
      : 'This lane is over; there is nothing to stop.';
  throw new ConflictFailure('COMPARISONS.LANE_NOT_RUNNING', message, ['input', 'laneId']);
}

/** Stops all running lanes of a comparison. */
export async function stopComparison(
  services: Services,
  identity: Identity,
  comparisonId: string | undefined,
): Promise<string> {
  const comparison = comparisonId && (await services.comparisons.find(identity.teamId, comparisonId));
  if (!comparison) throw new NotFoundFailure('comparison', ['input', 'comparisonId']);
  await services.runner.stopComparison(comparison.id);
  return comparison.id;
}
