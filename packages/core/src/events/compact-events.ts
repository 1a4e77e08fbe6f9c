import type { ComparisonEvent } from './comparison-event.ts';

/**
 * Joins neighbouring deltas of the same kind and lane into one that carries the number and time of the last. Because
 * only neighbours are joined, every number still means "all up to here", and a reader may resume after any of them.
 */
export function compactEvents(events: readonly ComparisonEvent[]): readonly ComparisonEvent[] {
  const compacted: ComparisonEvent[] = [];
  for (const event of events) {
    const last = compacted.at(-1);
    if (
      last &&
      (event.type === 'output-delta' || event.type === 'reasoning-delta') &&
      last.type === event.type &&
      last.laneId === event.laneId
    ) {
      compacted[compacted.length - 1] = { ...event, text: last.text + event.text, offset: last.offset };
    } else {
      compacted.push(event);
    }
  }
  return compacted;
}
