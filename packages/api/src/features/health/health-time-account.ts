import type { HealthStatus } from '@switchyard/core/health';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';

/** A process that was silent for longer knows nothing of the time between. */
const gapMs = 150_000;
/** The open period of a provider is made longer this often. */
export const accountEveryMs = 30_000;

/**
 * Makes the last period of each provider longer, to `nowMs`; one that stood still for a while (the server was off)
 * begins a new one, and the time between stays unknown. Several processes may do it at once.
 */
export async function accountTime(prisma: PrismaClient, subjectIds: readonly string[], nowMs: number): Promise<void> {
  if (subjectIds.length === 0) return;
  const ids = [...subjectIds];
  const now = BigInt(nowMs);
  const dueBefore = BigInt(nowMs - accountEveryMs);
  const gapBefore = BigInt(nowMs - gapMs);
  await prisma.$executeRaw`
    WITH gone AS (
      UPDATE health_subject SET "accountedUntilMs" = ${now}
      WHERE id = ANY(${ids}) AND "accountedUntilMs" < ${gapBefore} AND status <> 'unknown' RETURNING id, status)
    INSERT INTO health_period ("subjectId", "fromMs", "toMs", status)
    SELECT id, ${now}, ${now}, status FROM gone ON CONFLICT DO NOTHING`;
  await prisma.$executeRaw`
    WITH due AS (
      UPDATE health_subject SET "accountedUntilMs" = ${now}
      WHERE id = ANY(${ids}) AND "accountedUntilMs" <= ${dueBefore} RETURNING id, status)
    UPDATE health_period p SET "toMs" = ${now} FROM due
    WHERE p."subjectId" = due.id AND p.status = due.status AND p."toMs" >= ${gapBefore} AND p."toMs" < ${now}
      AND p."fromMs" = (SELECT max(q."fromMs") FROM health_period q WHERE q."subjectId" = due.id)`;
}

/**
 * Ends the period of `before` and begins the one of `after`, within the transaction that changes the status. Trouble
 * counts from `fromMs`, when it began; the past is not rewritten beyond the last period.
 */
export async function turnPeriod(
  tx: Prisma.TransactionClient,
  change: {
    readonly subjectId: string;
    readonly before: HealthStatus;
    readonly after: HealthStatus;
    readonly fromMs: number;
    readonly nowMs: number;
  },
): Promise<void> {
  const { subjectId, before, after, nowMs } = change;
  const last = await tx.healthPeriod.findFirst({ where: { subjectId }, orderBy: { fromMs: 'desc' } });
  const isOpen = last !== null && last.status === before && Number(last.toMs) >= nowMs - gapMs;
  const earliestMs = last === null ? 0 : isOpen ? Number(last.fromMs) + 1 : Number(last.toMs);
  const fromMs = Math.min(nowMs, Math.max(change.fromMs, earliestMs));
  if (isOpen) {
    await tx.healthPeriod.update({
      where: { subjectId_fromMs: { subjectId, fromMs: last.fromMs } },
      data: { toMs: BigInt(Math.max(Number(last.fromMs), fromMs)) },
    });
  }
  if (after === 'unknown') return;
  const period = { toMs: BigInt(nowMs), status: after };
  await tx.healthPeriod.upsert({
    where: { subjectId_fromMs: { subjectId, fromMs: BigInt(fromMs) } },
    create: { subjectId, fromMs: BigInt(fromMs), ...period },
    update: period,
  });
}
