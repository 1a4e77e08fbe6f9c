import type { AuditEntry } from '../../generated/prisma/client.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonRecord = Readonly<Record<string, JsonValue>>;

/** What an entry says of its row: of an update only the columns that differ. */
export interface AuditPayload {
  readonly before: JsonRecord | undefined;
  readonly after: JsonRecord | undefined;
  /** Columns that were changed and are never told. */
  readonly secrets: readonly string[];
  /** Of events. */
  readonly details: JsonRecord | undefined;
}

/** One value that differs. */
export interface AuditChange {
  /** Names joined by dots: `settings.chain.0`. */
  readonly path: string;
  /** For people; null: there was none. */
  readonly before: string | null;
  readonly after: string | null;
  /** Neither value is ever told. */
  readonly isSecret: boolean;
}

const longestShown = 400;
const mostChanges = 200;

/** JSON as the database wrote it; whole numbers that a double cannot hold become bigints. */
export function parseExact(text: string): JsonValue {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && /^-?\d{16,}$/.test(context.source)
      ? BigInt(context.source)
      : value,
  ) as JsonValue;
}

export function readPayload({ payload }: Pick<AuditEntry, 'payload'>): AuditPayload {
  const { before, after, secrets, details } = parseExact(payload) as Record<string, JsonValue | undefined>;
  return {
    before: before as JsonRecord | undefined,
    after: after as JsonRecord | undefined,
    secrets: (secrets ?? []) as readonly string[],
    details: details as JsonRecord | undefined,
  };
}

/** What differs, value by value: columns that hold JSON are told by what changed within. At most 200. */
export function listChanges(entry: Pick<AuditEntry, 'payload'>): readonly AuditChange[] {
  const { before, after, secrets, details } = readPayload(entry);
  const changes: AuditChange[] = [];
  compare([], unfold(before ?? {}), unfold(after ?? details ?? {}), changes);
  for (const name of secrets) changes.push({ path: name, before: null, after: 'changed', isSecret: true });
  return changes.slice(0, mostChanges);
}

/** Whether a value was too long for the log, which keeps its hash alone. */
export function isShortened(value: JsonValue | undefined): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '$sha256');
}

function compare(
  path: readonly string[],
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  into: AuditChange[],
): void {
  if (into.length > mostChanges) return;
  if (isBranch(before) && isBranch(after) && path.length < 8) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare([...path, key], (before as JsonRecord)[key], (after as JsonRecord)[key], into);
    return;
  }
  const [left, right] = [show(before), show(after)];
  if (left === right && asText(before) === asText(after)) return;
  into.push({ path: path.join('.'), before: left, after: right, isSecret: false });
}

const isBranch = (value: JsonValue | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !isShortened(value);

/** Texts that hold JSON objects are told by what is in them. */
function unfold(row: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value !== 'string' || !value.startsWith('{')) return [name, value];
      try {
        return [name, parseExact(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}

const asText = (value: JsonValue | undefined): string | undefined =>
  value === undefined || typeof value === 'string'
    ? value
    : JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? String(each) : each));

/** A value for people, short; null: there is none. */
export function show(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (isShortened(value)) return `(${String((value as JsonRecord).$length)} characters)`;
  const text = asText(value) ?? '';
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
}
