import type { PrismaClient } from '../../generated/prisma/client.ts';
import { readEntries } from './read-entries.ts';
import { type AuditVerification, emptyHash, verifyChain } from './verify-chain.ts';

/** Computes the whole chain of a team anew and compares it with what is stored. */
export async function verifyAudit(
  { prisma }: { readonly prisma: PrismaClient },
  teamId: string,
): Promise<AuditVerification> {
  const head = await prisma.auditHead.findUnique({ where: { teamId } });
  if (!head) {
    const first = await prisma.auditEntry.findFirst({ where: { teamId }, orderBy: { seq: 'asc' } });
    const nothing = { checkedEntries: 0, lastSeq: 0, lastHash: emptyHash, anchorSeq: 0 };
    return first
      ? { ...nothing, isIntact: false, brokenSeq: first.seq, problem: 'The head of the chain is missing.' }
      : { ...nothing, isIntact: true, brokenSeq: undefined, problem: undefined };
  }
  const found = await verifyChain(readEntries(prisma, { teamId, seq: { lte: head.seq } }), head);
  if (!found.isIntact) return found;
  // What was written since the head was read has moved the head on as well.
  const surplus = await prisma.auditEntry.findFirst({
    where: { teamId, seq: { gt: head.seq } },
    orderBy: { seq: 'asc' },
  });
  const now = surplus && (await prisma.auditHead.findUnique({ where: { teamId } }));
  if (surplus && (now?.seq ?? 0) < surplus.seq)
    return { ...found, isIntact: false, brokenSeq: surplus.seq, problem: 'It lies behind the end of the chain.' };
  return found;
}
