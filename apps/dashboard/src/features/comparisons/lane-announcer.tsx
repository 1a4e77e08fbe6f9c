'use client';

import { useEffect, useRef, useState } from 'react';
import { formatDuration } from '../../format/number-format.ts';
import type { LaneState } from '../../gql/comparisons.ts';
import type { ComparisonStore } from './comparison-store.ts';
import type { LaneLabel } from './lane.tsx';
import { useSummary } from './use-comparison.ts';

/** Tells a screen reader that a lane started, ended or failed. Never its tokens. */
export function LaneAnnouncer({ store, labels }: { store: ComparisonStore; labels: ReadonlyMap<string, LaneLabel> }) {
  const { laneIds, laneStates, isReplaying } = useSummary(store);
  const [message, setMessage] = useState('');
  const known = useRef<readonly LaneState[]>(laneStates);

  useEffect(() => {
    const before = known.current;
    known.current = laneStates;
    if (isReplaying) return;
    const sentences = laneIds.flatMap((id, index) => {
      const state = laneStates[index];
      if (state === before[index]) return [];
      const name = labels.get(id)?.name ?? 'Lane';
      const lane = store.record.lanes[id];
      if (state === 'RUNNING') return [`${name} started.`];
      if (state === 'COMPLETED')
        return [`${name} complete${lane?.latencyMs ? ` after ${formatDuration(lane.latencyMs)}` : ''}.`];
      if (state === 'FAILED') return [`${name} failed: ${lane?.failure?.message ?? 'unknown reason'}.`];
      if (state === 'STOPPED') return [`${name} stopped.`];
      if (state === 'INTERRUPTED') return [`${name} interrupted.`];
      return [];
    });
    if (sentences.length > 0) setMessage(sentences.join(' '));
  }, [laneIds, laneStates, isReplaying, labels, store]);

  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {message}
    </p>
  );
}
