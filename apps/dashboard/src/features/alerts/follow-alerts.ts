import { AlertsDocument, type AlertsSubscription } from '../../gql/alerts.ts';
import { followSubscription } from '../../graphql/follow-subscription.ts';

interface Following {
  onAlert(alert: AlertsSubscription['alerts']): void;
  /** The connection came back after a gap: ask what was missed. */
  onResumed(): void;
}

/** Follows the alerts of the team for as long as the page lives. Returns the way to stop. */
export function followAlerts({ onAlert, onResumed }: Following): () => void {
  return followSubscription<AlertsSubscription>({
    document: AlertsDocument,
    operationName: 'Alerts',
    onData: ({ alerts }) => onAlert(alerts),
    onResumed,
  });
}
