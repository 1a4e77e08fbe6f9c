import { addToTimeline, type TimelineEntry } from '@switchyard/core/events';
import type { CallAnswer, CallPlace, ProviderSpend } from '@switchyard/core/workflows';
import { entryOf } from './deliver-run-event.ts';
import type { PublicRunEvent } from './run-service.ts';

/** What one slot of a step has written so far: the text of its last call. */
export interface ReplayedStepLane {
  readonly place: CallPlace;
  /** `provider/model` that is being asked or that answered; undefined before anybody was. */
  readonly modelId: string | undefined;
  readonly output: string;
  readonly reasoning: string;
  readonly isComplete: boolean;
  readonly answer: CallAnswer | undefined;
  readonly spend: readonly ProviderSpend[];
  /** What happened on the way, all calls of the slot together. */
  readonly timeline: readonly TimelineEntry[];
  readonly atMs: number;
}

/** Names a slot of a step within its run. */
export const laneKey = ({ stepId, itemIndex, slot }: Omit<CallPlace, 'callId' | 'attempt'>): string =>
  `${stepId}/${itemIndex ?? ''}/${slot}`;

/**
 * The texts of all slots from the events of a run, in order, by {@link laneKey}. A step that is begun anew begins with
 * empty lanes: what it wrote before is void.
 */
export function replayStepLanes(events: Iterable<PublicRunEvent>): ReadonlyMap<string, ReplayedStepLane> {
  const lanes = new Map<string, ReplayedStepLane>();
  for (const event of events) {
    if (event.type === 'run-retried') dropLanes(lanes, event.resetStepIds);
    if (!('callId' in event)) continue;
    const { callId, stepId, itemIndex, slot, attempt, atMs } = event;
    const place = { callId, stepId, ...(itemIndex !== undefined && { itemIndex }), slot, attempt };
    const known = lanes.get(laneKey(place));
    const before: ReplayedStepLane =
      known?.place.callId === callId
        ? known
        : {
            place,
            modelId: undefined,
            output: '',
            reasoning: '',
            isComplete: false,
            answer: undefined,
            spend: [],
            timeline: known?.timeline ?? [],
            atMs,
          };
    const entry = entryOf(event);
    const timeline = entry ? addToTimeline(before.timeline, entry) : before.timeline;
    lanes.set(laneKey(place), { ...step(before, event), timeline, atMs });
  }
  return lanes;
}

function step(lane: ReplayedStepLane, event: PublicRunEvent): ReplayedStepLane {
  switch (event.type) {
    case 'attempt-started':
      return { ...lane, modelId: event.modelId };
    case 'failover-happened':
      return { ...lane, modelId: event.toModelId };
    case 'output-delta':
      return { ...lane, output: lane.output.slice(0, event.offset) + event.text };
    case 'reasoning-delta':
      return { ...lane, reasoning: lane.reasoning.slice(0, event.offset) + event.text };
    case 'output-reset':
      return { ...lane, output: '', reasoning: '' };
    case 'output-completed': {
      const { answer, spend } = event;
      return { ...lane, modelId: answer.modelId, output: answer.text, isComplete: true, answer, spend };
    }
    default:
      return lane;
  }
}

function dropLanes(lanes: Map<string, ReplayedStepLane>, stepIds: readonly string[]): void {
  const dropped = new Set(stepIds);
  for (const [key, { place }] of lanes) if (dropped.has(place.stepId)) lanes.delete(key);
}
