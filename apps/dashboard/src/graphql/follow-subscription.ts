import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { GraphQLError } from 'graphql';
import { eventSocket } from './event-socket.ts';

interface Following<Data> {
  readonly document: TypedDocumentNode<Data, Record<string, never>>;
  readonly operationName: string;
  onData(data: Data): void;
  /** The connection was lost; it is opened again by itself. */
  onLost?(): void;
  /** The connection is open again after a gap: ask what was missed. */
  onResumed?(): void;
}

const longestWaitMs = 15_000;

function isRefusal(error: unknown): boolean {
  if (!Array.isArray(error)) return error instanceof CloseEvent && (error.code === 4401 || error.code === 4403);
  const code = (error[0] as GraphQLError | undefined)?.extensions?.code;
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' || code === 'BAD_USER_INPUT';
}

/**
 * Follows a subscription without arguments over the page's socket. A lost connection is opened again with growing waits; a refusal
 * ends it, because the next request of the page leads to sign-in anyway. Returns the way to stop.
 */
export function followSubscription<Data>({
  document,
  operationName,
  onData,
  onLost,
  onResumed,
}: Following<Data>): () => void {
  let isStopped = false;
  let attempts = 0;
  let unsubscribe = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reconnect = () => {
    if (isStopped) return;
    onLost?.();
    const waitMs = Math.min(longestWaitMs, 500 * 2 ** attempts) * (0.75 + Math.random() * 0.5);
    attempts += 1;
    timer = setTimeout(() => {
      connect();
      onResumed?.();
    }, waitMs);
  };
  const connect = () => {
    if (isStopped) return;
    unsubscribe = eventSocket().subscribe<Data>(
      { query: String(document), operationName },
      {
        next({ data }) {
          if (!data || isStopped) return;
          attempts = 0;
          onData(data);
        },
        error(error) {
          if (!isRefusal(error)) reconnect();
        },
        complete: reconnect,
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
