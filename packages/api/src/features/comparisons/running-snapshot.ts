import { type ComparisonEvent, isLaneEnd, type ReplayedLane, replayLanes } from '@switchyard/core/events';
import type { GraphContext } from '../../graphql/context.ts';

type LaneRow = { readonly id: string; readonly state: string };

/** The stored events of comparisons that run, read once per request. */
const loaded = new WeakMap<GraphContext, Map<string, Promise<readonly ComparisonEvent[]>>>();

function readEvents(context: GraphContext, comparisonId: string): Promise<readonly ComparisonEvent[]> {
  const byId = loaded.get(context) ?? new Map<string, Promise<readonly ComparisonEvent[]>>();
  loaded.set(context, byId);
  const { services, identity } = context;
  const events =
    byId.get(comparisonId) ?? services.comparisonEvents.read(identity.teamId, comparisonId, 0, Number.MAX_SAFE_INTEGER);
  byId.set(comparisonId, events);
  return events;
}

/** What a lane that runs has received so far, by its stored events. */
export async function readRunningLane(
  context: GraphContext,
  comparisonId: string,
  laneId: string,
): Promise<ReplayedLane | undefined> {
  return replayLanes(await readEvents(context, comparisonId)).get(laneId);
}

/**
 * The number after which a subscriber who got these rows must go on: the last stored event, or, when a lane ended
 * between the reading of its row and the reading of the events, the one before that end, so that the end is told.
 */
export async function readResumePoint(
  context: GraphContext,
  comparison: { readonly id: string; readonly state: string; readonly lanes: readonly LaneRow[] },
): Promise<number> {
  if (comparison.state !== 'RUNNING') {
    return context.services.comparisons.lastSeq(context.identity.teamId, comparison.id);
  }
  return findResumePoint(await readEvents(context, comparison.id), comparison.lanes);
}

/** Pure part of {@link readResumePoint} for a comparison whose row says that it runs. */
export function findResumePoint(events: readonly ComparisonEvent[], lanes: readonly LaneRow[]): number {
  const running = new Set(lanes.filter(({ state }) => state === 'RUNNING' || state === 'QUEUED').map(({ id }) => id));
  const ends = new Map<string, number>();
  let finishedAt: number | undefined;
  for (const event of events) {
    if (event.type === 'comparison-finished') finishedAt = event.seq;
    else if (event.type === 'output-reset') finishedAt = undefined;
    if (!('laneId' in event)) continue;
    if (event.type === 'lane-started' || event.type === 'output-reset') ends.delete(event.laneId);
    else if (isLaneEnd(event) && running.has(event.laneId)) ends.set(event.laneId, event.seq);
  }
  const untold = [...ends.values(), ...(finishedAt === undefined ? [] : [finishedAt])];
  return untold.length > 0 ? Math.min(...untold) - 1 : (events.at(-1)?.seq ?? 0);
}
