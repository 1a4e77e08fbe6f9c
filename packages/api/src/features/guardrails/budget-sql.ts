import { type Holding, type LeaseRequest, type SpendEntry, wantedForMs } from '@switchyard/core/guardrails';
import { Prisma } from '../../generated/prisma/client.ts';

/** The database's clock in milliseconds, or the given one in tests. */
export function nowSql(nowMs: number | undefined): Prisma.Sql {
  return nowMs === undefined
    ? Prisma.sql`(extract(epoch FROM clock_timestamp()) * 1000)::bigint`
    : Prisma.sql`${BigInt(Math.round(nowMs))}::bigint`;
}

/**
 * Lends by one conditional update: the sizes are those of core's `sizeLease`, reckoned on the row as it is when the
 * update gets it, so that `spent + leased` never passes the limit. No row comes back when nothing was lent.
 */
export function leaseSql(request: LeaseRequest, now: Prisma.Sql): Prisma.Sql {
  const { account, instanceId, budgetVersion, limit } = request;
  // More than the limit is never granted, and 64 bits must hold it.
  const capped = (amount: bigint) => {
    if (amount > limit) return Prisma.sql`${limit}::bigint`;
    return Prisma.sql`${amount}::bigint`;
  };
  const [minimum, needed, wanted] = [capped(request.minimum), capped(request.needed), capped(request.wanted)];
  const free = Prisma.sql`(${limit}::bigint - a.spent - a.leased)`;
  const size = Prisma.sql`(CASE WHEN a."wantedAtMs" > ${now} - ${wantedForMs} THEN ${minimum}
    ELSE GREATEST(${minimum}, LEAST(${wanted}, ${free} / 8), LEAST(${needed}, ${free})) END)`;
  return Prisma.sql`
    WITH granted AS (
      UPDATE budget_account a SET leased = a.leased + ${size}, "lastGrant" = ${size}
      WHERE a."windowId" = ${account.windowId} AND ${free} >= ${minimum}
        AND EXISTS (SELECT 1 FROM budget b WHERE b.id = a."budgetId" AND b.version = ${budgetVersion})
        AND EXISTS (SELECT 1 FROM budget_instance i WHERE i.id = ${instanceId} AND NOT i."isDead")
      RETURNING a."windowId", a.spent, a.leased, a."lastGrant"
    ), lent AS (
      INSERT INTO budget_lease AS l ("instanceId", "windowId", amount, "inUse")
      SELECT ${instanceId}, "windowId", "lastGrant", LEAST("lastGrant", ${needed}) FROM granted
      ON CONFLICT ("instanceId", "windowId")
        DO UPDATE SET amount = l.amount + EXCLUDED.amount, "inUse" = l."inUse" + EXCLUDED."inUse"
    )
    SELECT spent, leased, "lastGrant" AS amount FROM granted`;
}

/** Why a lease got nothing. */
export function refusalSql({ account, instanceId }: LeaseRequest): Prisma.Sql {
  return Prisma.sql`
    SELECT a.spent, a.leased,
      (SELECT version FROM budget b WHERE b.id = a."budgetId") AS version,
      EXISTS (SELECT 1 FROM budget_instance i WHERE i.id = ${instanceId} AND NOT i."isDead") AS "isAlive",
      (SELECT COALESCE(sum(l.amount - l."inUse"), 0)::bigint FROM budget_lease l
        WHERE l."windowId" = a."windowId" AND l."instanceId" <> ${instanceId}) AS "lentUnused"
    FROM budget_account a WHERE a."windowId" = ${account.windowId}`;
}

/** Sums of 64 bits must hold whatever a vendor reports. */
const mostPerEntry = 10n ** 18n;

/**
 * Books entries that are not booked yet and cuts leases to what is held, in one statement. Accounts are locked in one
 * order, so that reports of several processes cannot block each other.
 */
export function reportSql(
  instanceId: string,
  entries: readonly SpendEntry[],
  holdings: readonly Holding[],
): Prisma.Sql {
  const sentEntries = JSON.stringify(
    entries.map((entry) => {
      const amount = entry.amount > mostPerEntry ? mostPerEntry : entry.amount;
      return { ...entry, amount: `${amount}` };
    }),
  );
  const sentHoldings = JSON.stringify(
    holdings.map(({ windowId, hold, inUse }) => ({ windowId, hold: `${hold}`, inUse: `${inUse}` })),
  );
  return Prisma.sql`
    WITH sent AS (
      SELECT * FROM jsonb_to_recordset(${sentEntries}::jsonb) AS e("entryId" text, "windowId" text, "teamId" text,
        "callId" text, amount bigint, "isEstimated" boolean, "atMs" double precision)
    ), held AS (
      SELECT * FROM jsonb_to_recordset(${sentHoldings}::jsonb) AS h("windowId" text, hold bigint, "inUse" bigint)
    ), locked AS (
      SELECT "windowId" FROM budget_account
      WHERE "windowId" IN (SELECT "windowId" FROM sent UNION SELECT "windowId" FROM held)
      ORDER BY "windowId" FOR UPDATE
    ), fresh AS (
      INSERT INTO budget_entry ("entryId", "windowId", "teamId", "callId", amount, "isEstimated", "reservedAt")
      SELECT "entryId", "windowId", "teamId", "callId", amount, "isEstimated",
        (to_timestamp("atMs" / 1000) AT TIME ZONE 'UTC')
      FROM sent WHERE "windowId" IN (SELECT "windowId" FROM locked)
      ON CONFLICT DO NOTHING
      RETURNING "windowId", amount
    ), booked AS (
      SELECT "windowId", sum(amount)::bigint AS amount FROM fresh GROUP BY "windowId"
    ), before AS (
      SELECT l."windowId", l.amount, LEAST(l.amount, h.hold) AS kept, LEAST(l.amount, h.hold, h."inUse") AS "inUse"
      FROM budget_lease l JOIN held h ON h."windowId" = l."windowId"
      WHERE l."instanceId" = ${instanceId} AND l."windowId" IN (SELECT "windowId" FROM locked)
      FOR UPDATE OF l
    ), cut AS (
      UPDATE budget_lease l SET amount = b.kept, "inUse" = b."inUse"
      FROM before b WHERE l."instanceId" = ${instanceId} AND l."windowId" = b."windowId"
    )
    UPDATE budget_account a
    SET spent = a.spent + COALESCE(b.amount, 0), leased = a.leased - COALESCE(c.amount - c.kept, 0)
    FROM locked k
      LEFT JOIN booked b ON b."windowId" = k."windowId"
      LEFT JOIN before c ON c."windowId" = k."windowId"
    WHERE a."windowId" = k."windowId"`;
}

/** Shows that the process lives, and reads accounts: at least one row, whose figures are null when there is none. */
export function heartbeatSql(
  instanceId: string,
  windowIds: readonly string[],
  reportedMs: number,
  now: Prisma.Sql,
): Prisma.Sql {
  return Prisma.sql`
    WITH alive AS (
      UPDATE budget_instance
      SET "aliveAtMs" = ${now}, "reportedAtMs" = GREATEST("reportedAtMs", ${BigInt(Math.round(reportedMs))}::bigint)
      WHERE id = ${instanceId} AND NOT "isDead" RETURNING 1
    )
    SELECT alive.n > 0 AS "isAlive", a."windowId", a.spent, a.leased,
      a."wantedAtMs" > ${now} - ${wantedForMs} AS "isWanted"
    FROM (SELECT count(*) AS n FROM alive) alive
      LEFT JOIN budget_account a ON a."windowId" = ANY(${[...windowIds]}::text[])`;
}

/** Takes back everything that a dead process was lent. */
export function takeBackSql(instanceId: string): Prisma.Sql {
  return Prisma.sql`
    WITH locked AS (
      SELECT "windowId" FROM budget_account
      WHERE "windowId" IN (SELECT "windowId" FROM budget_lease WHERE "instanceId" = ${instanceId})
      ORDER BY "windowId" FOR UPDATE
    ), gone AS (
      DELETE FROM budget_lease
      WHERE "instanceId" = ${instanceId} AND "windowId" IN (SELECT "windowId" FROM locked)
      RETURNING "windowId", amount
    )
    UPDATE budget_account a SET leased = a.leased - g.amount FROM gone g WHERE a."windowId" = g."windowId"`;
}
