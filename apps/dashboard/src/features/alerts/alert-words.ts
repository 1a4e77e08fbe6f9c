import type { AlertFieldsFragment, AlertKind, AlertSeverity, ChannelFieldsFragment } from '../../gql/alerts.ts';

export type ListedAlert = AlertFieldsFragment;
export type ListedChannel = ChannelFieldsFragment;
export type Tone = 'bad' | 'warn' | 'info' | 'good';

/** What a channel can be limited to, in the words of the page and in the order in which they are offered. */
export const alertKinds: readonly {
  kind: AlertKind;
  label: string;
  group: 'Budgets' | 'Providers' | 'Reports' | 'Channels';
}[] = [
  { kind: 'BUDGET_THRESHOLD', label: 'A threshold is reached', group: 'Budgets' },
  { kind: 'BUDGET_FORECAST', label: 'It will not last', group: 'Budgets' },
  { kind: 'BUDGET_BREACHED', label: 'It is used up', group: 'Budgets' },
  { kind: 'BUDGET_APPROVAL_REQUESTED', label: 'A call asks for more', group: 'Budgets' },
  { kind: 'MODEL_LATENCY_WARNING', label: 'A model is slower than its target', group: 'Providers' },
  { kind: 'PROVIDER_DOWN', label: 'Does not answer', group: 'Providers' },
  { kind: 'PROVIDER_DEGRADED', label: 'Answers worse than usual', group: 'Providers' },
  { kind: 'PROVIDER_LATENCY', label: 'Answers slowly', group: 'Providers' },
  { kind: 'PROVIDER_ERROR_RATE', label: 'Too many calls fail', group: 'Providers' },
  { kind: 'PROVIDER_RECOVERED', label: 'Is well again', group: 'Providers' },
  { kind: 'REPORT_WEEKLY', label: 'The report of a week (sent only when chosen)', group: 'Reports' },
  { kind: 'CHANNEL_DISABLED', label: 'Another channel was switched off', group: 'Channels' },
];

export const channelTypes = [
  {
    type: 'SLACK',
    label: 'Slack',
    text: 'An incoming webhook',
    placeholder: 'https://hooks.slack.com/services/…',
    help: 'In Slack: Apps, Incoming Webhooks, Add to a channel, then copy the webhook URL.',
  },
  {
    type: 'TEAMS',
    label: 'Microsoft Teams',
    text: 'A workflow webhook',
    placeholder: 'https://….logic.azure.com/workflows/…',
    help: 'In Teams: Workflows, “Post to a channel when a webhook request is received”, then copy the address.',
  },
  {
    type: 'WEBHOOK',
    label: 'Webhook',
    text: 'Signed JSON for a program',
    placeholder: 'https://example.com/alerts',
    help: 'Any address that takes JSON. Messages are signed as Standard Webhooks say.',
  },
] as const satisfies readonly { type: ListedChannel['type']; label: string; [more: string]: string }[];

export const channelTypeLabel = (type: ListedChannel['type']): string =>
  channelTypes.find((each) => each.type === type)?.label ?? type;

/** What a channel is sent, as a few words: `everything`, `budget alerts`, `3 kinds`. */
export function kindsInWords(kinds: readonly AlertKind[]): string {
  if (kinds.length === 0) return 'everything';
  const chosen = new Set(kinds);
  for (const group of ['Budgets', 'Providers'] as const) {
    const all = alertKinds.filter((each) => each.group === group);
    if (all.length === chosen.size && all.every(({ kind }) => chosen.has(kind)))
      return `all about ${group.toLowerCase()}`;
  }
  return chosen.size === 1 ? '1 kind of alert' : `${chosen.size} kinds of alerts`;
}

const tones: Record<AlertSeverity, Tone> = { CRITICAL: 'bad', WARNING: 'warn', INFO: 'info' };

/** The end of a trouble is good news, however bad it was. */
export function toneOf({ severity, status }: Pick<ListedAlert, 'severity' | 'status'>): Tone {
  return status === 'RESOLVED' ? 'good' : tones[severity];
}

/** Whether somebody who works on another page must be told at once. */
export function isUrgent({ severity, status, kind }: Pick<ListedAlert, 'severity' | 'status' | 'kind'>): boolean {
  return status === 'FIRING' && severity !== 'INFO' && kind !== 'CHANNEL_TEST';
}

/** A path of this dashboard, or undefined for anything that leads elsewhere. */
export function linkOf(alert: Pick<ListedAlert, 'link'>): string | undefined {
  const { link } = alert;
  return link.startsWith('/') && !link.startsWith('//') && !link.includes('\\') && link !== '/' ? link : undefined;
}
