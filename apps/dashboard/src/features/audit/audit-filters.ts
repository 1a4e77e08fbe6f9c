import type { AuditLogQueryVariables } from '../../gql/audit.ts';

const pageSize = 30;
const kinds = ['PERSON', 'KEY', 'FILE', 'SYSTEM'] as const;
type Kind = (typeof kinds)[number];

/** Names in the address that the list of the audit log is filtered by. */
export const filterNames = ['search', 'actor', 'type', 'object', 'request', 'from', 'to'] as const;

/** A day of the address as the moment when it begins here; undefined for anything that is none. */
function startOfDay(text: string | null, addDays = 0): string | undefined {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = new Date(`${text}T00:00:00`);
  if (Number.isNaN(day.getTime())) return undefined;
  day.setDate(day.getDate() + addDays);
  return day.toISOString();
}

/** What to ask for, from the address: the filter and one page. `to` is a day that counts as a whole. */
export function auditVariables(address: URLSearchParams): AuditLogQueryVariables {
  const actor = address.get('actor');
  const kind = kinds.find((name) => name === actor) as Kind | undefined;
  const from = startOfDay(address.get('from'));
  const to = startOfDay(address.get('to'), 1);
  const text = (name: string, field: string) => (address.get(name) ? { [field]: address.get(name) } : {});
  const filter = {
    ...text('search', 'search'),
    ...text('type', 'objectType'),
    ...text('object', 'objectId'),
    ...text('request', 'requestId'),
    ...(kind ? { actorKind: kind } : actor ? { actorId: actor } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
  const before = address.get('before');
  const after = address.get('after');
  const page = before ? { last: pageSize, before } : { first: pageSize, ...(after ? { after } : {}) };
  return { ...page, ...(Object.keys(filter).length > 0 ? { filter } : {}) };
}

/** The same filter for the export over HTTP. */
export function exportAddress(format: 'csv' | 'jsonl', variables: AuditLogQueryVariables): string {
  const parameters = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(variables.filter ?? {}))
    if (typeof value === 'string') parameters.set(name, value);
  return `/api/audit/export?${parameters}`;
}
