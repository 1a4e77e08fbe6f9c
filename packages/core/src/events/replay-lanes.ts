import type { ComparisonEvent } from './comparison-event.ts';
import { addToTimeline, type TimelineEntry } from './timeline-entry.ts';

/** What the events say of one lane's present attempt. */
export interface ReplayedLane {
  readonly attempt: number;
  readonly output: string;
  readonly reasoning: string;
  readonly toolCalls: readonly { readonly id: string; readonly toolName: string; readonly input: string }[];
  readonly timeline: readonly TimelineEntry[];
}

/** Rebuilds the texts of all lanes from the events of a comparison, in order. A reset or a new start voids what was. */
export function replayLanes(events: Iterable<ComparisonEvent>): ReadonlyMap<string, ReplayedLane> {
  const lanes = new Map<string, ReplayedLane>();
  const empty = (attempt: number): ReplayedLane => ({
    attempt,
    output: '',
    reasoning: '',
    toolCalls: [],
    timeline: [],
  });
  for (const event of events) {
    if (!('laneId' in event)) continue;
    const lane = lanes.get(event.laneId) ?? empty(1);
    switch (event.type) {
      case 'lane-started':
        lanes.set(event.laneId, empty(event.attempt));
        break;
      case 'output-reset': {
        // A reset within an attempt voids the text, not the story of how it came about.
        const { timeline } = event.attempt === lane.attempt ? lane : empty(event.attempt);
        lanes.set(event.laneId, { ...empty(event.attempt), timeline });
        break;
      }
      case 'lane-progressed':
        lanes.set(event.laneId, { ...lane, timeline: addToTimeline(lane.timeline, event.entry) });
        break;
      case 'output-delta':
        lanes.set(event.laneId, { ...lane, output: lane.output + event.text });
        break;
      case 'reasoning-delta':
        lanes.set(event.laneId, { ...lane, reasoning: lane.reasoning + event.text });
        break;
      case 'tool-call': {
        const { id, toolName, input } = event;
        lanes.set(event.laneId, { ...lane, toolCalls: [...lane.toolCalls, { id, toolName, input }] });
        break;
      }
    }
  }
  return lanes;
}
