import type { AuditEntry, PrismaClient } from '../../generated/prisma/client.ts';
import { listChanges } from './audit-payload.ts';
import { type AuditFilter, whereEntries } from './find-entries.ts';
import { readEntries } from './read-entries.ts';
import { summarizeEntry } from './summarize-entry.ts';
import { chainFields } from './verify-chain.ts';

export type AuditFormat = 'csv' | 'jsonl';

const columns = [
  ...['seq', 'at', 'actorKind', 'actorName', 'actorUserId', 'actorApiKeyId', 'action', 'operation', 'summary'],
  ...['objectType', 'objectId', 'objectName', 'changes', 'ipAddress', 'userAgent', 'requestId', 'reason', 'revertsSeq'],
  ...['previousHash', 'hash'],
] as const;

/**
 * The log of a team as a file, oldest entry first. JSON lines hold all that the chain is made of, so that
 * `switchyard audit verify FILE` can check them without this server; CSV is for spreadsheets.
 */
export async function* exportAudit(
  { prisma }: { readonly prisma: PrismaClient },
  teamId: string,
  format: AuditFormat,
  filter: AuditFilter,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`;
  for await (const entry of readEntries(prisma, { ...whereEntries(teamId, filter), teamId }))
    yield format === 'csv' ? toCsv(entry) : `${JSON.stringify(toChainLine(entry))}\n`;
}

function toChainLine(entry: AuditEntry) {
  const fields = [...chainFields, 'previousHash', 'hash'] as const;
  return { ...Object.fromEntries(fields.map((name) => [name, entry[name]])), summary: summarizeEntry(entry) };
}

function toCsv(entry: AuditEntry): string {
  const changes = listChanges(entry).map(({ path, before, after, isSecret }) =>
    isSecret ? `${path}: changed` : `${path}: ${before ?? '(none)'} -> ${after ?? '(none)'}`,
  );
  const row: Readonly<Record<(typeof columns)[number] | string, unknown>> = {
    ...entry,
    at: entry.at.toISOString(),
    summary: summarizeEntry(entry),
    changes: changes.join('\n'),
  };
  return `${columns.map((name) => toCell(row[name])).join(',')}\r\n`;
}

/** A cell that no spreadsheet takes for a formula. */
export function toCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  // Also behind blanks, which spreadsheets skip, and in full width.
  const safe =
    /^[\s\uFEFF]*[=+\-@\t\r|%\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
