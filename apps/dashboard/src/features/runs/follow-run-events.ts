import type { GraphQLError } from 'graphql';
import { RunEventsDocument, type RunEventsSubscription } from '../../gql/runs.ts';
import { eventSocket } from '../../graphql/event-socket.ts';
import type { RunEvent } from './run-record.ts';

export type StreamStatus = 'idle' | 'live' | 'reconnecting' | 'refused';

interface Following {
  runId: string;
  /** The last event that was applied; asked again before each connection. */
  afterSeq(): number;
  /** Whether nothing more is to come, so that the end of the stream is the end. */
  isOver(): boolean;
  onEvent(event: RunEvent): void;
  onStatus(status: StreamStatus): void;
}

const refusals = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT']);

function isRefusal(error: unknown): boolean {
  if (Array.isArray(error)) return refusals.has(String((error[0] as GraphQLError | undefined)?.extensions?.code));
  return error instanceof CloseEvent && (error.code === 4403 || error.code === 4401);
}

/**
 * Follows the events of a run until it is over. A lost connection is opened again after the last applied event, with
 * growing waits up to five seconds. Returns the way to stop.
 */
export function followRunEvents({ runId, afterSeq, isOver, onEvent, onStatus }: Following): () => void {
  let isStopped = false;
  let attempts = 0;
  let unsubscribe = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;

  const reconnect = () => {
    if (isStopped) return;
    onStatus('reconnecting');
    timer = setTimeout(connect, Math.min(5000, 250 * 2 ** attempts) * (0.75 + Math.random() * 0.5));
    attempts += 1;
  };
  const refuse = () => {
    isStopped = true;
    onStatus('refused');
  };
  const connect = () => {
    if (isStopped) return;
    unsubscribe = eventSocket().subscribe<RunEventsSubscription>(
      {
        query: String(RunEventsDocument),
        operationName: 'RunEvents',
        variables: { runId, afterSeq: afterSeq() },
      },
      {
        next({ data, errors }) {
          if (isStopped) return;
          if (errors && isRefusal(errors)) return refuse();
          if (!data) return;
          attempts = 0;
          onStatus('live');
          onEvent(data.runEvents);
        },
        error(error) {
          if (isStopped) return;
          if (isRefusal(error)) refuse();
          else reconnect();
        },
        complete() {
          if (isStopped) return;
          if (isOver()) onStatus('idle');
          else reconnect();
        },
      },
    );
  };

  connect();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    unsubscribe();
  };
}
