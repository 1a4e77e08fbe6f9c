import type { Budget } from '@switchyard/core/guardrails';
import type { Services } from '../../container.ts';
import { type LiveWindow, liveWindows } from './live-windows.ts';

/** These windows of `budgets` as they stand this moment; one in which nothing happened yet is absent. One query. */
export async function readWindows(
  { prisma, clock, budgets: { ledger } }: Pick<Services, 'prisma' | 'clock' | 'budgets'>,
  budgets: readonly Budget[],
  windowIds: readonly string[],
): Promise<readonly LiveWindow[]> {
  if (windowIds.length === 0) return [];
  const wanted = new Set(windowIds);
  const rows = await prisma.$queryRaw<
    {
      windowId: string;
      budgetId: string;
      origin: string;
      subject: string;
      startsAt: Date;
      endsAt: Date | null;
      spent: bigint;
      leased: bigint;
      reserved: bigint;
    }[]
  >`
    SELECT a."windowId", a."budgetId", a.origin::text AS origin, a.subject, a."startsAt", a."endsAt", a.spent, a.leased,
      COALESCE((SELECT sum(l."inUse") FROM budget_lease l WHERE l."windowId" = a."windowId"
        AND l."instanceId" <> ${ledger.instanceId}), 0)::bigint AS reserved
    FROM budget_account a
    WHERE a."windowId" = ANY(${[...windowIds]}::text[])`;
  const accounts = rows.map(({ startsAt, endsAt, origin, ...row }) => ({
    ...row,
    origin: origin === 'LIVE' ? ('live' as const) : ('simulated' as const),
    startMs: startsAt.getTime(),
    endMs: endsAt?.getTime(),
  }));
  const slices = ledger.slices().filter(({ windowId }) => wanted.has(windowId));
  return liveWindows(budgets, accounts, slices, clock.nowMs());
}
