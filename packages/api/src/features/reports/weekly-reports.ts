import type { CallOrigin } from '@switchyard/core/metrics';
import {
  buildWeeklyReport,
  calendarDay,
  lastWeeks,
  type ReportWeek,
  type WeeklyReport,
} from '@switchyard/core/reports';
import type { Services } from '../../container.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import { raiseTransaction } from '../alerts/raise-alert.ts';
import { describeReport } from './describe-report.ts';
import { readWeekFacts } from './read-week-facts.ts';
import { readReportSettings } from './report-settings.ts';

/** So long after its end a week is taken to be complete: records of a database that was away have come by then. */
const settleMs = 3_600_000;
/** Weeks that are made up for when no process ran. */
const backfilledWeeks = 4;
const weeksBefore = 4;
/** People are told of weeks that ended within this time, and of older ones no more. */
const newsForMs = 3 * 86_400_000;
/** A process that builds a report for longer is taken for dead. */
const claimMs = 600_000;
const never = new Date('9999-01-01');

const storedOrigin = (origin: CallOrigin) => (origin === 'live' ? 'LIVE' : 'SIMULATED');

/** Builds reports of weeks that are over, each once however many processes do this, and tells people. Cheap when there is nothing to do. */
export async function makeWeeklyReports(services: Services): Promise<number> {
  const { prisma, clock } = services;
  const scopes = await prisma.metricScope.findMany({ where: { origin: { not: 'MIXED' } } });
  let made = 0;
  for (const { teamId, origin: scopeOrigin } of scopes) {
    const settings = await readReportSettings(services, teamId);
    if (!settings.isWeeklyOn) continue;
    const origin: CallOrigin = scopeOrigin === 'LIVE' ? 'live' : 'simulated';
    const weeks = lastWeeks(clock.nowMs() - settleMs, settings.timeZone, backfilledWeeks + weeksBefore);
    const due = weeks.slice(-backfilledWeeks);
    const keys = due.map(({ fromMs }) => calendarDay(fromMs, settings.timeZone));
    const known = await prisma.weeklyReport.findMany({
      where: { teamId, origin: scopeOrigin, weekStart: { in: keys }, claimedUntil: { gt: new Date(clock.nowMs()) } },
      select: { weekStart: true },
    });
    const taken = new Set(known.map(({ weekStart }) => weekStart));
    for (const [index, week] of due.entries()) {
      if (taken.has(keys[index]!)) continue;
      const earlier = weeks.slice(index + backfilledWeeks - weeksBefore, index + weeksBefore);
      if (await makeReport(services, { teamId, origin, timeZone: settings.timeZone, week, earlier })) made += 1;
    }
  }
  return made;
}

interface WantedReport {
  readonly teamId: string;
  readonly origin: CallOrigin;
  readonly timeZone: string;
  readonly week: ReportWeek;
  readonly earlier: readonly ReportWeek[];
}

/** Claims the week, builds and stores its report, and tells of it in the same transaction. False: somebody else has it. */
async function makeReport(services: Services, wanted: WantedReport): Promise<boolean> {
  const { prisma, clock, ids, alerts } = services;
  const { teamId, origin, timeZone, week, earlier } = wanted;
  const weekStart = calendarDay(week.fromMs, timeZone);
  const now = new Date(clock.nowMs());
  const claimedUntil = new Date(now.getTime() + claimMs);
  const [claimed] = await prisma.$queryRaw<{ readonly id: string }[]>`
    INSERT INTO weekly_report AS r (id, "teamId", origin, "weekStart", "startsAt", "endsAt", "timeZone", "claimedUntil", "createdAt")
    VALUES (${ids.next('wrp')}, ${teamId}, ${storedOrigin(origin)}::"DataOrigin", ${weekStart}, ${new Date(week.fromMs)},
      ${new Date(week.toMs)}, ${timeZone}, ${claimedUntil}, ${now})
    ON CONFLICT ("teamId", origin, "weekStart") DO UPDATE
      SET "claimedUntil" = EXCLUDED."claimedUntil", "startsAt" = EXCLUDED."startsAt", "endsAt" = EXCLUDED."endsAt",
        "timeZone" = EXCLUDED."timeZone"
      WHERE r.content IS NULL AND r."claimedUntil" <= ${now}
    RETURNING id`;
  if (!claimed) return false;
  const previous = earlier.at(-1)!;
  const range = { fromMs: previous.fromMs, toMs: week.toMs };
  const { total } = await services.metrics.reader.read({ teamId, origin, ...range, by: [] });
  const report = total.calls === 0 ? undefined : await buildReport(services, { ...wanted, previous });
  const isNews = clock.nowMs() - week.toMs < newsForMs;
  await prisma.$transaction(async (tx) => {
    // Whoever was too slow, and lost the week to another process, stores and says nothing.
    const { count } = await tx.weeklyReport.updateMany({
      where: { id: claimed.id, content: { equals: Prisma.AnyNull }, claimedUntil },
      data: { claimedUntil: never, ...(report && { content: report as unknown as Prisma.InputJsonValue }) },
    });
    if (count === 1 && report && isNews) await alerts.raiseWithin(tx, describeReport(teamId, report, clock.nowMs()));
  }, raiseTransaction);
  alerts.wake();
  return report !== undefined;
}

type BuiltWeek = WantedReport & { readonly previous: ReportWeek };

async function buildReport(services: Services, wanted: BuiltWeek): Promise<WeeklyReport> {
  return buildWeeklyReport(await readWeekFacts(services, wanted));
}

/** The week that goes on, up to now, beside as much of the week before; built for who asks and not stored. */
export async function readWeekSoFar(services: Services, teamId: string, origin: CallOrigin): Promise<WeeklyReport> {
  const { timeZone } = await readReportSettings(services, teamId);
  const nowMs = services.clock.nowMs();
  const [last] = lastWeeks(nowMs, timeZone, 1);
  const week = { fromMs: last!.toMs, toMs: nowMs + 1 };
  const lengthMs = week.toMs - week.fromMs;
  const previous = { fromMs: last!.fromMs, toMs: Math.min(last!.fromMs + lengthMs, last!.toMs) };
  return buildReport(services, { teamId, origin, timeZone, week, previous, earlier: [] });
}
