import type { GraphQLError } from 'graphql';
import { ExperimentProgressDocument, type ExperimentProgressSubscription } from '../../gql/experiments.ts';
import { eventSocket } from '../../graphql/event-socket.ts';

export type Progress = ExperimentProgressSubscription['experimentProgress'];

interface Following {
  experimentId: string;
  onProgress(progress: Progress): void;
  /** Nothing more is to come: the test has ended, or it may not be followed. */
  onEnd(): void;
  onLost(isLost: boolean): void;
}

const refusals = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT']);

function isRefusal(error: unknown): boolean {
  if (Array.isArray(error)) return refusals.has(String((error[0] as GraphQLError | undefined)?.extensions?.code));
  return error instanceof CloseEvent && (error.code === 4403 || error.code === 4401);
}

/** Follows a test until it has ended. A lost connection is opened again with growing waits. Returns the way to stop. */
export function followProgress({ experimentId, onProgress, onEnd, onLost }: Following): () => void {
  let isOver = false;
  let attempts = 0;
  let unsubscribe = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    if (isOver) return;
    isOver = true;
    onEnd();
  };
  const reconnect = () => {
    if (isOver) return;
    onLost(true);
    timer = setTimeout(connect, Math.min(5000, 250 * 2 ** attempts) * (0.75 + Math.random() * 0.5));
    attempts += 1;
  };
  const connect = () => {
    if (isOver) return;
    unsubscribe = eventSocket().subscribe<ExperimentProgressSubscription>(
      { query: String(ExperimentProgressDocument), operationName: 'ExperimentProgress', variables: { experimentId } },
      {
        next({ data, errors }) {
          if (isOver) return;
          if (errors && isRefusal(errors)) return end();
          if (!data) return;
          attempts = 0;
          onLost(false);
          onProgress(data.experimentProgress);
        },
        error(error) {
          if (isRefusal(error)) end();
          else reconnect();
        },
        complete: end,
      },
    );
  };
  connect();
  return () => {
    isOver = true;
    clearTimeout(timer);
    unsubscribe();
  };
}
