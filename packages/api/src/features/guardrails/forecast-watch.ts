import {
  bucketMsFor,
  decideForecastAlerts,
  describeForecastFinding,
  effectiveLimit,
  type ForecastFinding,
  historyStartMs,
  type SpendBucket,
} from '@switchyard/core/guardrails';
import type { Clock, Log } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { AlertDesk } from '../alerts/alert-desk.ts';
import { type StoredBudget, toBudget } from './budget.mapping.ts';
import { forecastOf, spendQuestionOf } from './forecast-budget.ts';
import type { SpendReader } from './spend-reader.ts';

/** Windows looked at in one round; the others have their turn in the next ones. */
const mostWindows = 200;
/** A window in which nothing was spent is looked at again after this time, since time passes in it. */
const quietForMs = 10 * 60_000;
/** Of more windows the records are read anew each time, so that memory stays bounded. */
const mostRemembered = 500;
const hourMs = 3_600_000;

export interface ForecastWatchParts {
  readonly prisma: PrismaClient;
  readonly spend: Pick<SpendReader, 'readBuckets'>;
  readonly alerts: Pick<AlertDesk, 'raise'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this process should look: one does, though two do no harm. */
  readonly isOnDuty: () => Promise<boolean>;
}

interface Seen {
  readonly spent: bigint;
  readonly atMs: number;
  /** What was recorded before `knownUntilMs`, which is a full hour. */
  readonly buckets: readonly SpendBucket[];
  readonly knownUntilMs: number;
  readonly limit: bigint;
}

interface OpenWindow {
  readonly windowId: string;
  readonly budgetId: string;
  readonly origin: 'live' | 'simulated';
  readonly subject: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly spent: bigint;
  readonly reserved: bigint;
}

/**
 * Looks at the windows of all teams' budgets and raises an alert when a forecast crosses the limit or a threshold, and
 * when a budget burns too fast; takes it back when that is over. Repeating it is harmless: alerts have keys.
 */
export class ForecastWatch {
  readonly #parts: ForecastWatchParts;
  #seen = new Map<string, Seen>();

  constructor(parts: ForecastWatchParts) {
    this.#parts = parts;
  }

  /** One round; call it every minute. Rejects when the database is away. */
  async tick(): Promise<void> {
    const { prisma, clock, isOnDuty } = this.#parts;
    if (!(await isOnDuty())) return;
    const nowMs = clock.nowMs();
    const [windows, rows] = await Promise.all([
      this.#readOpenWindows(nowMs),
      prisma.budget.findMany({ where: { isEnabled: true } }),
    ]);
    const budgets = new Map(rows.map((row) => [row.id, toBudget(row)]));
    this.#seen = new Map(
      windows.flatMap(({ windowId }) => {
        const seen = this.#seen.get(windowId);
        return seen ? [[windowId, seen] as const] : [];
      }),
    );
    const due = windows
      .filter((window) => this.#isDue(window, budgets.get(window.budgetId), nowMs))
      // Those that were not looked at for the longest time first.
      .toSorted((a, b) => (this.#seen.get(a.windowId)?.atMs ?? 0) - (this.#seen.get(b.windowId)?.atMs ?? 0));
    const isOpen = due.length === 0 ? new Set<string>() : await this.#readOpenKeys();
    for (const window of due.slice(0, mostWindows)) {
      const budget = budgets.get(window.budgetId);
      if (budget) await this.#look(budget, window, nowMs, isOpen);
    }
  }

  #isDue({ windowId, spent }: OpenWindow, budget: StoredBudget | undefined, nowMs: number): boolean {
    // Of a rate limit nothing is foreseen.
    if (!budget || budget.window === 'minute') return false;
    const seen = this.#seen.get(windowId);
    if (!seen) return true;
    return seen.spent !== spent || seen.limit !== effectiveLimit(budget, nowMs) || nowMs - seen.atMs >= quietForMs;
  }

  async #look(budget: StoredBudget, window: OpenWindow, nowMs: number, isOpen: ReadonlySet<string>): Promise<void> {
    const { alerts } = this.#parts;
    const limit = effectiveLimit(budget, nowMs);
    const buckets = await this.#readBuckets(budget, window, limit, nowMs);
    const { windowId, spent, reserved, endMs, origin } = window;
    const forecast = forecastOf(budget, { ...window, limit, free: 0n }, buckets, nowMs);
    const { id: budgetId, name: budgetName, unit, teamId } = budget;
    const figures = { budgetId, budgetName, unit, windowId, spent, reserved, limit, resetsAtMs: endMs };
    const { atEnd, exhaustedAtMs, burnRate } = forecast;
    const foreseen = { forecast: atEnd?.likely, low: atEnd?.low, high: atEnd?.high, exhaustedAtMs, burnRate };
    for (const finding of decideForecastAlerts(budget, { spent, limit }, forecast)) {
      if (finding.status === 'resolved' && !isOpen.has(keyOf(windowId, finding))) continue;
      await alerts.raise(describeForecastFinding(finding, figures, foreseen, { teamId, origin, atMs: nowMs }));
    }
  }

  /** The records of four weeks are read once; after that only what came since the last full hour. */
  async #readBuckets(
    budget: StoredBudget,
    window: OpenWindow,
    limit: bigint,
    nowMs: number,
  ): Promise<readonly SpendBucket[]> {
    const { spend } = this.#parts;
    const span = { startMs: window.startMs, endMs: window.endMs };
    const question = spendQuestionOf(budget, window);
    const seen = this.#seen.get(window.windowId);
    const fromMs = seen?.knownUntilMs ?? historyStartMs(span, nowMs);
    const fresh = await spend.readBuckets(question, fromMs, nowMs, bucketMsFor(span));
    const buckets = [...(seen?.buckets ?? []), ...fresh];
    // Records are written behind the calls: the last full hour is read once more.
    const knownUntilMs = Math.max(fromMs, Math.floor(nowMs / hourMs) * hourMs - hourMs);
    const isKept = seen !== undefined || this.#seen.size < mostRemembered;
    this.#seen.set(window.windowId, {
      spent: window.spent,
      atMs: nowMs,
      limit,
      buckets: isKept ? buckets.filter(({ startMs }) => startMs < knownUntilMs) : [],
      knownUntilMs: isKept ? knownUntilMs : fromMs,
    });
    return buckets;
  }

  /** The keys of the alerts about forecasts that are open. */
  async #readOpenKeys(): Promise<ReadonlySet<string>> {
    const rows = await this.#parts.prisma.$queryRaw<{ dedupeKey: string }[]>`
      SELECT c."dedupeKey" FROM alert_condition c
      WHERE c."isOpen" AND (c."dedupeKey" LIKE 'budget:%:forecast%' OR c."dedupeKey" LIKE 'budget:%:burn-rate')`;
    return new Set(rows.map(({ dedupeKey }) => dedupeKey));
  }

  /** Present windows with an end in which something was spent. */
  async #readOpenWindows(nowMs: number): Promise<readonly OpenWindow[]> {
    const at = new Date(nowMs);
    const rows = await this.#parts.prisma.$queryRaw<
      {
        windowId: string;
        budgetId: string;
        origin: string;
        subject: string;
        startsAt: Date;
        endsAt: Date;
        spent: bigint;
        reserved: bigint;
      }[]
    >`
      SELECT a."windowId", a."budgetId", a.origin::text AS origin, a.subject, a."startsAt", a."endsAt", a.spent,
        COALESCE((SELECT sum(l."inUse") FROM budget_lease l WHERE l."windowId" = a."windowId"), 0)::bigint AS reserved
      FROM budget_account a
      WHERE a.spent > 0 AND a."startsAt" <= ${at} AND a."endsAt" > ${at}`;
    return rows.map(({ origin, startsAt, endsAt, ...row }) => ({
      ...row,
      origin: origin === 'LIVE' ? 'live' : 'simulated',
      startMs: startsAt.getTime(),
      endMs: endsAt.getTime(),
    }));
  }
}

/** As `describeForecastFinding` makes it. */
function keyOf(windowId: string, finding: ForecastFinding): string {
  if (finding.type === 'burn-rate') return `budget:${windowId}:burn-rate`;
  return `budget:${windowId}:${finding.share >= 1 ? 'forecast' : `forecast:${finding.share}`}`;
}
