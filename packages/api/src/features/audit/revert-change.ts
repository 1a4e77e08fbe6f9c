import { isDeepStrictEqual } from 'node:util';
import { type Identity, mayDo } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { AuditEntry } from '../../generated/prisma/client.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import { type AuditActor, actAs } from '../../observability/acting.ts';
import { type AuditedTable, auditedTables } from '../../persistence/audited-tables.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { type AuditPayload, isShortened, type JsonRecord, parseExact, readPayload } from './audit-payload.ts';
import { type Revertible, reverters } from './reverters.ts';

const tableOf = new Map(
  Object.entries(auditedTables).map(([name, table]): [string, AuditedTable & { readonly name: string }] => [
    table.type,
    { ...table, name },
  ]),
);

/** Why an entry cannot be taken back by this identity; undefined when it can. */
export async function cannotRevert(
  services: Services,
  identity: Identity,
  entry: AuditEntry,
): Promise<string | undefined> {
  const examined = await examine(services, identity, entry);
  return typeof examined === 'string' ? examined : undefined;
}

/** The reason against taking an entry back, or what doing it needs. */
async function examine(services: Services, identity: Identity, entry: AuditEntry): Promise<string | Revertible> {
  const { prisma } = services;
  const { teamId } = identity;
  const reverter = reverters[entry.objectType];
  if (entry.operation === 'EVENT') return 'This is something that happened, not a change.';
  if (!reverter) return 'Changes of this kind cannot be taken back from here.';
  const payload = readPayload(entry);
  const unsupported = reverter.unsupported?.(entry, payload);
  if (unsupported !== undefined) return unsupported;
  if ([payload.before, payload.after].some((row) => Object.values(row ?? {}).some(isShortened)))
    return 'A value is too long for the log, which kept its hash alone.';
  if (!mayDo(identity, 'MANAGE', 'TEAM') || !mayDo(identity, 'MANAGE', reverter.area))
    return 'Only owners and admins may take changes back.';
  const reverted = await prisma.auditEntry.findFirst({ where: { teamId, revertsSeq: entry.seq } });
  if (reverted) return `It was taken back already, at ${reverted.at.toISOString()}.`;
  const current = await readCurrent(services, entry);
  const changed = reverter.changedAgain
    ? await reverter.changedAgain(services, entry)
    : await findChangedAgain(services, entry, payload, current);
  return changed ?? { entry, payload, current: current ?? {} };
}

/**
 * Takes a change back through the use-case that makes such changes, so that its rules hold and caches hear of it. The new
 * entry names the old one. Throws `ForbiddenFailure`, `NotFoundFailure`, `ConflictFailure` with the reason, and what the
 * use-case throws.
 */
export async function revertChange(
  services: Services,
  identity: Identity,
  entryId: string | undefined,
): Promise<{ readonly entryId: string }> {
  assertMayManage(identity, 'TEAM', 'take changes back');
  const { prisma } = services;
  const { teamId, userId, apiKeyId } = identity;
  const where = { id_teamId: { id: entryId ?? '', teamId } };
  const entry = entryId === undefined ? null : await prisma.auditEntry.findUnique({ where });
  if (!entry) throw new NotFoundFailure('audit entry', ['input', 'auditEntryId']);
  const examined = await examine(services, identity, entry);
  if (typeof examined === 'string')
    throw new ConflictFailure('AUDIT.CANNOT_REVERT', examined, ['input', 'auditEntryId']);
  const kind = apiKeyId === undefined ? 'PERSON' : 'KEY';
  const actor: AuditActor = { kind, userId, apiKeyId, action: 'revertChange', revertsSeq: entry.seq };
  await actAs(actor, () => reverters[entry.objectType]?.revert(services, identity, examined));
  const made = await prisma.auditEntry.findFirst({
    where: { teamId, revertsSeq: entry.seq },
    orderBy: { seq: 'desc' },
  });
  return { entryId: made?.id ?? entry.id };
}

/** The row as it is now, by the names of its columns, in the form in which the log tells it; undefined when it is gone. */
export async function readCurrent(
  { prisma }: Pick<Services, 'prisma'>,
  entry: Pick<AuditEntry, 'teamId' | 'objectType' | 'objectId'>,
): Promise<JsonRecord | undefined> {
  const table = tableOf.get(entry.objectType);
  if (!table || entry.objectId === null) return undefined;
  const keys = table.keys ?? ['id'];
  // One key may hold slashes: routing settings of a step do.
  const values = keys.length === 1 ? [entry.objectId] : entry.objectId.split('/');
  const quoted = (name: string) => Prisma.raw(`"${name}"`);
  const conditions = [
    Prisma.sql`t.${quoted(table.team ?? 'teamId')} = ${entry.teamId}`,
    ...keys.map((key, index) => Prisma.sql`t.${quoted(key)}::text = ${values[index] ?? ''}`),
  ];
  const [row] = await prisma.$queryRaw<{ readonly content: string }[]>`
    SELECT audit_shorten(to_jsonb(t))::text AS content FROM ${quoted(table.name)} t
    WHERE ${Prisma.join(conditions, ' AND ')} LIMIT 1`;
  return row && (parseExact(row.content) as JsonRecord);
}

/** Why the object is not any more as the entry left it; undefined when it is. */
async function findChangedAgain(
  services: Services,
  entry: AuditEntry,
  { after }: AuditPayload,
  current: JsonRecord | undefined,
): Promise<string | undefined> {
  const { operation, objectType, objectId, teamId } = entry;
  const isThere = current !== undefined;
  if (operation === 'DELETE') return isThere ? 'There is such an object again.' : undefined;
  if (!isThere) return 'What was changed is not there any more.';
  const differs = Object.entries(after ?? {}).filter(([name, value]) => !isDeepStrictEqual(current[name], value));
  if (differs.length === 0) return undefined;
  const later = await services.prisma.auditEntry.findFirst({
    where: { teamId, objectType, objectId, seq: { gt: entry.seq } },
    orderBy: { seq: 'desc' },
  });
  const names = differs.map(([name]) => name).join(', ');
  return later
    ? `It was changed again at ${later.at.toISOString()} by ${later.actorName} (entry ${later.seq}: ${names}). Take that back first.`
    : `It is not any more as this change left it: ${names}.`;
}
