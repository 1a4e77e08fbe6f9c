import type { GraphQLError } from 'graphql';
import type { ComparisonEventsSubscription } from '../../gql/comparisons.ts';
import { ComparisonEventsDocument } from '../../gql/comparisons.ts';
import { eventSocket } from '../../graphql/event-socket.ts';
import type { ComparisonEvent } from './comparison-record.ts';

export type StreamStatus = 'idle' | 'live' | 'reconnecting' | 'refused';

interface Following {
  comparisonId: string;
  /** The last event that was applied; asked again before each connection. */
  afterSeq(): number;
  isFinished(): boolean;
  onEvent(event: ComparisonEvent): void;
  onStatus(status: StreamStatus): void;
}

function isRefusal(error: unknown): boolean {
  if (Array.isArray(error)) {
    const code = (error[0] as GraphQLError | undefined)?.extensions?.code;
    return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' || code === 'BAD_USER_INPUT';
  }
  return error instanceof CloseEvent && (error.code === 4403 || error.code === 4401);
}

/**
 * Follows the events of a comparison until it is finished. A lost connection is opened again after the last applied event, with growing
 * waits up to five seconds. Returns the way to stop.
 */
export function followEvents({ comparisonId, afterSeq, isFinished, onEvent, onStatus }: Following): () => void {
  let isStopped = false;
  let attempts = 0;
  let unsubscribe = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;

  const reconnect = () => {
    if (isStopped) return;
    onStatus('reconnecting');
    const wait = Math.min(5000, 250 * 2 ** attempts) * (0.75 + Math.random() * 0.5);
    attempts += 1;
    timer = setTimeout(connect, wait);
  };

  const connect = () => {
    if (isStopped) return;
    unsubscribe = eventSocket().subscribe<ComparisonEventsSubscription>(
      {
        query: String(ComparisonEventsDocument),
        operationName: 'ComparisonEvents',
        variables: { comparisonId, afterSeq: afterSeq() },
      },
      {
        next({ data, errors }) {
          if (errors && isRefusal(errors)) {
            onStatus('refused');
            return;
          }
          if (!data || isStopped) return;
          attempts = 0;
          onStatus('live');
          onEvent(data.comparisonEvents);
        },
        error(error) {
          if (isStopped) return;
          if (isRefusal(error)) onStatus('refused');
          else reconnect();
        },
        complete() {
          if (isStopped) return;
          if (isFinished()) onStatus('idle');
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
