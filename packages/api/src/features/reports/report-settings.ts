import { isTimeZone } from '@switchyard/core/reports';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { audit } from '../routing/change-rules.ts';
import { auditRow } from '../routing/routing.repository.ts';

export interface ReportSettings {
  /** Whose weeks. */
  readonly timeZone: string;
  readonly isWeeklyOn: boolean;
}

const usual: ReportSettings = { timeZone: 'UTC', isWeeklyOn: true };

const input = z.object({
  timeZone: z.string().max(64).refine(isTimeZone, 'Give a name of the IANA database, such as Europe/Berlin.').nullish(),
  isWeeklyOn: z.boolean().nullish(),
});

export async function readReportSettings(
  { prisma, teamSettings }: Pick<Services, 'prisma' | 'teamSettings'>,
  teamId: string,
): Promise<ReportSettings> {
  const row = await prisma.reportSettings.findUnique({ where: { teamId } });
  // A zone that this machine does not know (any more) must not end the reports of everybody else.
  return row
    ? { timeZone: isTimeZone(row.timeZone) ? row.timeZone : 'UTC', isWeeklyOn: row.isWeeklyOn }
    : { ...usual, timeZone: teamSettings.of(teamId).timeZone ?? usual.timeZone };
}

/**
 * Decides whose weeks a team's reports are about, and whether there are any; what is absent stays. Reports that are there stay as
 * they are. Throws `ValidationFailure`, `ForbiddenFailure`.
 */
export async function setReportSettings(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<ReportSettings> {
  assertMayManage(identity, 'REPORTS', 'decide about reports');
  const given = parseInput(input, rawInput);
  const { teamId } = identity;
  const before = await readReportSettings(services, teamId);
  const after: ReportSettings = {
    timeZone: given.timeZone ?? before.timeZone,
    isWeeklyOn: given.isWeeklyOn ?? before.isWeeklyOn,
  };
  const summary = after.isWeeklyOn
    ? `Weekly reports are made, by the weeks of ${after.timeZone}.`
    : 'No weekly reports are made.';
  const entry = audit(services, identity, 'set-report-settings', summary, before, after);
  await services.prisma.$transaction([
    services.prisma.reportSettings.upsert({ where: { teamId }, create: { teamId, ...after }, update: after }),
    services.prisma.routingAudit.create({ data: auditRow(teamId, { ...entry, scope: 'reports' }) }),
  ]);
  return after;
}
