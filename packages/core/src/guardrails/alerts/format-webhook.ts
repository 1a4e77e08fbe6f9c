import type { Alert } from './alert.ts';

/** The body of a plain webhook, in the shape of Standard Webhooks (type, timestamp, data). */
export interface WebhookBody {
  readonly type: Alert['kind'];
  /** RFC 3339. */
  readonly timestamp: string;
  readonly data: {
    readonly alertId: string;
    readonly teamId: string;
    readonly severity: Alert['severity'];
    readonly status: Alert['status'];
    readonly origin: Alert['origin'];
    readonly title: string;
    readonly message: string;
    /** Where to look at it; null when the server does not know its own address. */
    readonly url: string | null;
    readonly dedupeKey: string;
    readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  };
}

/** The body for programs. `url` is where people can look at it. */
export function formatWebhook(alert: Alert, url: string | undefined): WebhookBody {
  const { id, teamId, severity, status, origin, title, message, dedupeKey, facts } = alert;
  return {
    type: alert.kind,
    timestamp: new Date(alert.atMs).toISOString(),
    data: {
      alertId: id,
      teamId,
      severity,
      status,
      origin,
      title,
      message,
      url: url ?? null,
      dedupeKey,
      facts: Object.fromEntries(facts.map(({ name, value }) => [name, value])),
    },
  };
}
