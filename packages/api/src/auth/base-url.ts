import type { ApiSettings } from '../settings.ts';

/** Where browsers reach this installation, without a slash at the end: links in mails and redirects begin with it. */
export function baseUrlOf(settings: Pick<ApiSettings, 'publicUrl' | 'port'>): string {
  return settings.publicUrl ?? `http://localhost:${settings.port}`;
}
