import type { AuditEntry, Prisma, PrismaClient } from '../../generated/prisma/client.ts';

const pageSize = 500;

/** Entries, oldest first, page by page: memory does not grow with the log. */
export async function* readEntries(
  prisma: PrismaClient,
  where: Prisma.AuditEntryWhereInput & { readonly teamId: string },
): AsyncGenerator<AuditEntry> {
  for (let after = -1; ; ) {
    const page = await prisma.auditEntry.findMany({
      where: { AND: [where, { seq: { gt: after } }] },
      orderBy: { seq: 'asc' },
      take: pageSize,
    });
    yield* page;
    after = page.at(-1)?.seq ?? after;
    if (page.length < pageSize) return;
  }
}
