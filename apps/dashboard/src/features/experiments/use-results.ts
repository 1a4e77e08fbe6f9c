'use client';

import { useEffect, useRef, useState } from 'react';
import { useQuery } from 'urql';
import {
  ExperimentLooksDocument,
  type ExperimentLooksQuery,
  ExperimentResultDocument,
  type ExperimentResultQuery,
} from '../../gql/experiments.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import { followProgress, type Progress } from './follow-progress.ts';

export type TestWithResults = NonNullable<ExperimentResultQuery['experiment']>;
export type Results = NonNullable<TestWithResults['results']>;
export type Look = NonNullable<ExperimentLooksQuery['experiment']>['looks'][number];

interface State {
  readonly test: TestWithResults | undefined;
  readonly looks: readonly Look[] | undefined;
  /** How it stands this moment; may be ahead of the results. */
  readonly progress: Progress | undefined;
  readonly isLost: boolean;
  readonly failure: Failure | undefined;
  reload(): void;
}

const leastWaitMs = 1_200;

/** What a test has shown, read again while it runs: at once when something changed, but not more often than the server can. */
export function useResults(id: string, isRunning: boolean): State {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ExperimentResultDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const [{ data: history }, refetchLooks] = useQuery({
    query: ExperimentLooksDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const [progress, setProgress] = useState<Progress>();
  const [isLost, setLost] = useState(false);
  const again = () => {
    refetch({ requestPolicy: 'network-only' });
    refetchLooks({ requestPolicy: 'network-only' });
  };
  const read = useRef({ again, isBusy: fetching, atMs: 0 });
  read.current = { ...read.current, again, isBusy: fetching };

  useEffect(() => {
    if (!isRunning) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (leastMs = 0) => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          if (read.current.isBusy) return soon(300);
          read.current.atMs = performance.now();
          read.current.again();
        },
        Math.max(leastMs, read.current.atMs + leastWaitMs - performance.now()),
      );
    };
    const stop = followProgress({
      experimentId: id,
      onProgress: (next) => {
        setProgress(next);
        soon();
      },
      onEnd: () => soon(),
      onLost: setLost,
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [id, isRunning]);

  // What was read while the test ended may be of just before: once more, for good.
  const wasRunning = useRef(isRunning);
  useEffect(() => {
    if (wasRunning.current && !isRunning) read.current.again();
    wasRunning.current = isRunning;
  }, [isRunning]);

  return {
    test: data?.experiment ?? undefined,
    looks: history?.experiment?.looks,
    progress: isRunning ? progress : undefined,
    isLost: isRunning && isLost,
    failure: error && !data ? describeFailure(error) : undefined,
    reload: again,
  };
}
