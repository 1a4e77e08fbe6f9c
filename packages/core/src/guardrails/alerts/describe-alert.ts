import type { Alert, AlertFact } from './alert.ts';

const severityWords: Readonly<Record<Alert['severity'], string>> = {
  info: 'Info',
  warning: 'Warning',
  critical: 'Critical',
};

/** What every message for people begins and ends with. Simulated trouble always says that it is simulated. */
export function describeAlert(alert: Alert): { readonly heading: string; readonly footer: string } {
  const state = alert.status === 'resolved' ? 'Resolved' : severityWords[alert.severity];
  const origin = alert.origin === 'simulated' ? ' (simulated)' : '';
  return {
    heading: `${state}${origin}: ${alert.title}`,
    footer: `Switchyard · ${alert.kind} · ${new Date(alert.atMs).toISOString()}`,
  };
}

/** A fact's value for people. */
export function factText({ value }: AlertFact): string {
  if (value === null) return 'unknown';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
