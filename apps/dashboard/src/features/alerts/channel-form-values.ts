import type { AlertKind, CreateAlertChannelInput, UpdateAlertChannelInput } from '../../gql/alerts.ts';
import type { ListedChannel } from './alert-words.ts';

/** The form of a channel. Field names are those of the API, so that its issues find their fields. */
export interface ChannelFormValues {
  type: ListedChannel['type'];
  name: string;
  /** Never filled by the server: empty means that the stored address stays. */
  url: string;
  isEverything: boolean;
  kinds: AlertKind[];
  isSecretReplaced: boolean;
}

export const emptyChannelForm: ChannelFormValues = {
  type: 'SLACK',
  name: '',
  url: '',
  isEverything: true,
  kinds: ['BUDGET_THRESHOLD', 'BUDGET_BREACHED'],
  isSecretReplaced: false,
};

export function channelFormOf(channel: ListedChannel): ChannelFormValues {
  return {
    ...emptyChannelForm,
    type: channel.type,
    name: channel.name,
    isEverything: channel.kinds.length === 0,
    kinds: channel.kinds.length === 0 ? emptyChannelForm.kinds : [...channel.kinds],
  };
}

/** What a person forgot, by field; the server says the rest. */
export function channelProblems(values: ChannelFormValues, isNew: boolean): Record<string, string> {
  const problems: Record<string, string> = {};
  if (values.name.trim() === '') problems.name = 'Give it a name, for example the channel that it leads to.';
  if (isNew && values.url.trim() === '') problems.url = 'Paste the whole address of the webhook.';
  else if (values.url.trim() !== '' && !/^https?:\/\//.test(values.url.trim()))
    problems.url = 'A whole address begins with https://.';
  if (!values.isEverything && values.kinds.length === 0) problems.kinds = 'Choose at least one.';
  return problems;
}

const kindsOf = (values: ChannelFormValues) => (values.isEverything ? [] : values.kinds);

export function createChannelInput(values: ChannelFormValues, idempotencyKey: string): CreateAlertChannelInput {
  return {
    type: values.type,
    name: values.name.trim(),
    url: values.url.trim(),
    kinds: kindsOf(values),
    idempotencyKey,
  };
}

export function updateChannelInput(values: ChannelFormValues, channelId: string): UpdateAlertChannelInput {
  const url = values.url.trim();
  return {
    channelId,
    name: values.name.trim(),
    kinds: kindsOf(values),
    ...(url === '' ? {} : { url }),
    ...(values.isSecretReplaced ? { replaceSigningSecret: true } : {}),
  };
}

/** The server's issues by field, and what belongs to no field of the form. */
export function channelIssues(issues: readonly { path: readonly string[]; message: string }[]) {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const { path, message } of issues) {
    const field = path[0] === 'input' ? path[1] : path[0];
    if (field === 'name' || field === 'url' || field === 'kinds' || field === 'type') fields[field] ??= message;
    else rest.push(message);
  }
  return { fields, rest };
}
