'use client';

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useQuery } from 'urql';
import { ComparisonDocument, type ComparisonFieldsFragment } from '../../gql/comparisons.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import { emptiedLane, type LaneRecord, recordOfComparison } from './comparison-record.ts';
import { ComparisonStore, type ComparisonSummary } from './comparison-store.ts';
import { followEvents, type StreamStatus } from './follow-events.ts';

export interface OpenComparison {
  comparison: ComparisonFieldsFragment;
  store: ComparisonStore;
}

interface Loading {
  open: OpenComparison | undefined;
  isMissing: boolean;
  failure: Failure | undefined;
  status: StreamStatus;
  reload(): void;
}

/** Loads a comparison and keeps it up to date: the answer of the query first, then every event after it. */
export function useComparison(id: string | null): Loading {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ComparisonDocument,
    variables: { id: id ?? '' },
    pause: id === null,
    requestPolicy: 'cache-and-network',
  });
  const [store, setStore] = useState<ComparisonStore>();
  const [status, setStatus] = useState<StreamStatus>('idle');
  const comparison = data?.comparison?.id === id ? data?.comparison : undefined;

  useEffect(() => {
    if (!comparison) return;
    setStore((known) => {
      if (known?.record.id === comparison.id) {
        known.load(recordOfComparison(comparison));
        return known;
      }
      return new ComparisonStore(recordOfComparison(comparison));
    });
  }, [comparison]);

  const reload = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch]);
  const current = store?.record.id === id ? store : undefined;
  const summary = useSummary(current);
  const isRunning = summary?.state === 'RUNNING';

  useEffect(() => {
    if (!current || !isRunning) return;
    const stop = followEvents({
      comparisonId: current.record.id,
      afterSeq: () => current.record.lastSeq,
      isFinished: () => current.record.state === 'FINISHED',
      onEvent: (event) => current.apply(event),
      onStatus: setStatus,
    });
    return () => {
      stop();
      setStatus('idle');
    };
  }, [current, isRunning]);

  const hasGap = summary?.hasGap ?? false;
  useEffect(() => {
    if (hasGap) reload();
  }, [hasGap, reload]);

  useRecording(current, summary);

  const open = useMemo(
    () => (current && comparison ? { comparison, store: current } : undefined),
    [current, comparison],
  );
  const failure = error ? describeFailure(error) : undefined;
  // An id that is no id at all is answered with BAD_USER_INPUT; for the reader it is a comparison that is not there.
  const isMissing =
    id !== null && !fetching && (failure ? failure.code === 'BAD_USER_INPUT' : data?.comparison === null);

  return {
    open,
    isMissing,
    failure: failure && !comparison && !isMissing ? failure : undefined,
    status,
    reload,
  };
}

const nothing = () => () => {};
const none = () => undefined;

export function useSummary(store: ComparisonStore): ComparisonSummary;
export function useSummary(store: ComparisonStore | undefined): ComparisonSummary | undefined;
export function useSummary(store: ComparisonStore | undefined): ComparisonSummary | undefined {
  return useSyncExternalStore(store?.subscribe ?? nothing, store?.summary ?? none, none);
}

/** One lane; renders again only when this lane changed. */
export function useLane(store: ComparisonStore, laneId: string): LaneRecord {
  const subscribe = useCallback((listener: () => void) => store.subscribeLane(laneId, listener), [store, laneId]);
  const snapshot = useCallback(() => store.lane(laneId), [store, laneId]);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

/** For a finished comparison that was not watched live: fetches its recorded events once, for the race strip and the replay. */
function useRecording(store: ComparisonStore | undefined, summary: ComparisonSummary | undefined): void {
  const isFinished = summary?.state === 'FINISHED';
  useEffect(() => {
    if (!store || !isFinished) return;
    const { lanes, laneIds } = store.record;
    if (!laneIds.some((id) => (lanes[id]?.unmarkedLength ?? 0) > 0)) return;
    const bare = Object.fromEntries(laneIds.map((id) => [id, emptiedLane(lanes[id] as LaneRecord, 'QUEUED', 1)]));
    const recording = new ComparisonStore({ ...store.record, lastSeq: 0, state: 'RUNNING', lanes: bare });
    return followEvents({
      comparisonId: store.record.id,
      afterSeq: () => recording.record.lastSeq,
      isFinished: () => true,
      onEvent: (event) => recording.apply(event),
      onStatus: (status) => {
        if (status === 'idle') store.addRecording(recording.record);
      },
    });
  }, [store, isFinished]);
}
