import { createHash } from 'node:crypto';

/** An entry as the chain knows it; `at` in milliseconds of ISO text. */
export interface ChainEntry {
  readonly teamId: string;
  readonly seq: number;
  readonly at: Date | string;
  readonly actorKind: string;
  readonly actorUserId: string | null;
  readonly actorApiKeyId: string | null;
  readonly actorName: string;
  readonly reason: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly action: string;
  readonly operation: string;
  readonly objectType: string;
  readonly objectId: string | null;
  readonly objectName: string | null;
  readonly revertsSeq: number | null;
  readonly payload: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** What the fields of a chain are called, in the order in which they are hashed, behind the previous hash. */
export const chainFields = [
  ...(['teamId', 'seq', 'at', 'actorKind', 'actorUserId', 'actorApiKeyId', 'actorName', 'reason'] as const),
  ...(['ipAddress', 'userAgent', 'requestId', 'action', 'operation', 'objectType', 'objectId', 'objectName'] as const),
  ...(['revertsSeq', 'payload'] as const),
] as const;

/** Where a chain begins and ends. */
export interface ChainEnds {
  readonly seq: number;
  readonly hash: string;
  /** Entries up to this one were removed because they were old; 0 for none. */
  readonly anchorSeq: number;
  readonly anchorHash: string;
}

/** What became of checking a team's chain. */
export interface AuditVerification {
  readonly isIntact: boolean;
  readonly checkedEntries: number;
  /** The first entry that is not as it was written, or is missing; undefined when all are. */
  readonly brokenSeq: number | undefined;
  readonly problem: string | undefined;
  /** The last entry, and the hash that stands for all up to it: whoever keeps it elsewhere sees a cut as well. */
  readonly lastSeq: number;
  readonly lastHash: string;
  readonly anchorSeq: number;
}

/** Of a chain that has not begun. */
export const emptyHash = '0'.repeat(64);

/** What is hashed of an entry: the same as `audit_append` of the database writes. */
export function hashOf(entry: ChainEntry): string {
  const hash = createHash('sha256');
  const add = (field: string | null) => hash.update(field === null ? '-' : `${Buffer.byteLength(field)}:${field}`);
  add(entry.previousHash);
  for (const name of chainFields) {
    const value = entry[name];
    add(value === null ? null : value instanceof Date ? value.toISOString() : String(value));
  }
  return hash.digest('hex');
}

/**
 * Computes a chain anew, oldest entry first, and says where it is not as it was written. Without `ends` (a file) what is
 * there is taken to begin where it begins; a cut end cannot be seen then but by comparing `lastHash`.
 */
export async function verifyChain(
  entries: AsyncIterable<ChainEntry> | Iterable<ChainEntry>,
  ends: ChainEnds | undefined,
): Promise<AuditVerification> {
  let seq = ends?.anchorSeq;
  let previousHash = ends?.anchorHash;
  let checkedEntries = 0;
  const tell = (brokenSeq?: number, problem?: string): AuditVerification => ({
    ...{ isIntact: problem === undefined, checkedEntries, brokenSeq, problem },
    ...{ lastSeq: ends?.seq ?? seq ?? 0, lastHash: ends?.hash ?? previousHash ?? emptyHash },
    anchorSeq: ends?.anchorSeq ?? 0,
  });
  for await (const entry of entries) {
    if (ends && entry.seq <= ends.anchorSeq)
      return tell(entry.seq, 'It should have been removed with those before it.');
    if (ends && entry.seq > ends.seq) return tell(entry.seq, 'It lies behind the end of the chain.');
    if (seq !== undefined && entry.seq !== seq + 1)
      return tell(Math.min(seq + 1, entry.seq), entry.seq > seq ? 'It is missing.' : 'It is there twice.');
    if (previousHash !== undefined && entry.previousHash !== previousHash)
      return tell(entry.seq, 'It does not follow the one before it.');
    if (hashOf(entry) !== entry.hash) return tell(entry.seq, 'It was changed after it had been written.');
    seq = entry.seq;
    previousHash = entry.hash;
    checkedEntries += 1;
  }
  if (ends && (seq ?? 0) < ends.seq) return tell((seq ?? 0) + 1, 'It is missing at the end, as are all behind it.');
  if (ends && previousHash !== ends.hash) return tell(seq ?? 0, 'It is not the one that the head of the chain knows.');
  return tell();
}
