'use client';

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useQuery } from 'urql';
import { RunDocument } from '../../gql/runs.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import { followRunEvents, type StreamStatus } from './follow-run-events.ts';
import { emptyRecord, isEnded, type RunDetails, type RunEvent, type RunRecord, recordOfDetails } from './run-record.ts';
import { RunStore } from './run-store.ts';

/** A longer story is not told from its beginning: what was written before is asked for step by step. */
const mostReplayedEvents = 20_000;
const reloadEveryMs = 1_500;
/** After these the figures that only the server adds up have changed. */
const telling = new Set<RunEvent['__typename']>([
  'StepCompleted',
  'StepStarted',
  'ApprovalRequested',
  'RunFinished',
  'RunStarted',
  'AttemptFailed',
  'OutputCompleted',
  'RouteDecided',
]);

export interface OpenRun {
  readonly run: RunDetails;
  readonly store: RunStore;
  /** Whether the stream was heard from its beginning. */
  readonly isReplayed: boolean;
}

interface Loading {
  readonly open: OpenRun | undefined;
  readonly isMissing: boolean;
  readonly failure: Failure | undefined;
  readonly status: StreamStatus;
  reload(): void;
}

/** Loads a run and keeps it up to date: what the query says, and every event of its stream. */
export function useRun(id: string): Loading {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: RunDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const [held, setHeld] = useState<{ store: RunStore; isReplayed: boolean }>();
  const [status, setStatus] = useState<StreamStatus>('idle');
  const run = data?.run?.id === id ? data.run : undefined;
  const lastSeq = useRef(0);
  if (run) lastSeq.current = run.lastSeq;

  useEffect(() => {
    if (!run) return;
    setHeld((known) => {
      if (known?.store.record.id === run.id) return known;
      const isReplayed = run.lastSeq <= mostReplayedEvents;
      const stepIds = run.steps.map(({ stepId }) => stepId);
      return { store: new RunStore(isReplayed ? emptyRecord(run.id, stepIds) : recordOfDetails(run)), isReplayed };
    });
  }, [run]);

  const reload = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch]);
  const store = held?.store.record.id === id ? held.store : undefined;
  const isOver = run !== undefined && isEnded(run.state);
  const lastReload = useRef(0);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const reloadSoon = useCallback(() => {
    if (waiting.current !== undefined) return;
    const inMs = Math.max(200, lastReload.current + reloadEveryMs - Date.now());
    waiting.current = setTimeout(() => {
      waiting.current = undefined;
      lastReload.current = Date.now();
      reload();
    }, inMs);
  }, [reload]);
  useEffect(() => () => clearTimeout(waiting.current), []);

  useEffect(() => {
    if (!store || (isOver && isEnded(store.record.state))) return;
    const stop = followRunEvents({
      runId: store.record.id,
      afterSeq: () => store.record.lastSeq,
      isOver: () => isEnded(store.record.state) || isOver,
      onEvent(event) {
        store.apply(event);
        // The end is always asked after: the query may have counted its event before it had the figures.
        if (event.__typename === 'RunFinished' || (event.seq > lastSeq.current && telling.has(event.__typename)))
          reloadSoon();
      },
      onStatus: setStatus,
    });
    return () => {
      stop();
      setStatus('idle');
    };
  }, [store, isOver, reloadSoon]);

  const streamState = store?.record.state;
  useEffect(() => {
    if (run && !isOver && streamState !== undefined && isEnded(streamState) && store?.record.stateSeq === run.lastSeq)
      reloadSoon();
  }, [run, isOver, streamState, store, reloadSoon]);

  const isReplayed = held?.isReplayed;
  const open = useMemo(
    () => (run && store && isReplayed !== undefined ? { run, store, isReplayed } : undefined),
    [run, store, isReplayed],
  );
  const failure = error ? describeFailure(error) : undefined;
  // An id that is no id at all is answered with BAD_USER_INPUT; for the reader it is a run that is not there.
  const isMissing = !fetching && !run && (failure ? failure.code === 'BAD_USER_INPUT' : data?.run === null);
  return {
    open,
    isMissing,
    failure: failure && !run && !isMissing ? failure : undefined,
    status,
    reload,
  };
}

/** What `select` takes of the stream; renders again only when that is another value. */
export function useStream<Slice>(store: RunStore, select: (record: RunRecord) => Slice): Slice {
  const snapshot = () => select(store.snapshot());
  return useSyncExternalStore(store.subscribe, snapshot, snapshot);
}
