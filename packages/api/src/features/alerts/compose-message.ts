import { type Alert, formatSlack, formatTeams, formatWebhook, signWebhook } from '@switchyard/core/guardrails';
import type { AlertTarget } from './alert-target.ts';

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What `target` is sent of `alert`. `messageId` is the same for every try, `atMs` the time of this one; `publicUrl` is
 * where people reach this server, without a slash at its end. Throws `RangeError` for a secret that is none.
 */
export function composeMessage(
  target: Pick<AlertTarget, 'type' | 'secret'>,
  alert: Alert,
  { messageId, atMs, publicUrl }: { messageId: string; atMs: number; publicUrl: string | undefined },
): Message {
  const url = publicUrl === undefined ? undefined : `${publicUrl}${alert.link}`;
  const headers = { 'content-type': 'application/json', accept: '*/*', 'user-agent': 'Switchyard-Alerts/1' };
  switch (target.type) {
    case 'slack':
      return { headers, body: JSON.stringify(formatSlack(alert, url)) };
    case 'teams':
      return { headers, body: JSON.stringify(formatTeams(alert, url)) };
    case 'webhook': {
      const body = JSON.stringify(formatWebhook(alert, url));
      const signed = target.secret === undefined ? undefined : signWebhook(target.secret, messageId, atMs, body);
      const unsigned = { 'webhook-id': messageId, 'webhook-timestamp': String(Math.floor(atMs / 1000)) };
      return { headers: { ...headers, ...(signed ?? unsigned) }, body };
    }
  }
}
