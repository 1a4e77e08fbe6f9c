import type { GraphQLError } from 'graphql';
import { AlertsDocument, type AlertsSubscription } from '../../gql/alerts.ts';
import { eventSocket } from '../../graphql/event-socket.ts';

interface Following {
  onAlert(alert: AlertsSubscription['alerts']): void;
  /** The connection came back after a gap: ask what was missed. */
  onResumed(): void;
}

const longestWaitMs = 30_000;

function isRefusal(error: unknown): boolean {
  if (!Array.isArray(error)) return error instanceof CloseEvent && (error.code === 4401 || error.code === 4403);
  const code = (error[0] as GraphQLError | undefined)?.extensions?.code;
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' || code === 'BAD_USER_INPUT';
}

/**
 * Follows the alerts of the team for as long as the page lives. A lost connection is opened again with growing waits up to half a minute; a
 * refusal ends it, because the next request of the page leads to sign-in anyway. Returns the way to stop.
 */
export function followAlerts({ onAlert, onResumed }: Following): () => void {
  let isStopped = false;
  let attempts = 0;
  let unsubscribe = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;

  const reconnect = () => {
    if (isStopped) return;
    const waitMs = Math.min(longestWaitMs, 500 * 2 ** attempts) * (0.75 + Math.random() * 0.5);
    attempts += 1;
    timer = setTimeout(() => {
      connect();
      onResumed();
    }, waitMs);
  };

  const connect = () => {
    if (isStopped) return;
    unsubscribe = eventSocket().subscribe<AlertsSubscription>(
      { query: String(AlertsDocument), operationName: 'Alerts' },
      {
        next({ data }) {
          if (!data || isStopped) return;
          attempts = 0;
          onAlert(data.alerts);
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
