import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { audit } from '../routing/change-rules.ts';
import { auditRow } from '../routing/routing.repository.ts';
import { fewestRecordDays, mostRecordDays } from './prune-metrics.ts';

/** How long a team's call records are kept one by one. */
export interface RecordRetention {
  /** What the team decided; undefined: as the installation does. */
  readonly ownDays: number | undefined;
  readonly installationDays: number;
}

const input = z.object({ recordDays: z.int().min(fewestRecordDays).max(mostRecordDays).nullish() });

export async function readRecordRetention(
  { prisma, settings }: Pick<Services, 'prisma' | 'settings'>,
  teamId: string,
): Promise<RecordRetention> {
  const row = await prisma.metricSettings.findFirst({ where: { teamId } });
  return { ownDays: row?.recordDays ?? undefined, installationDays: settings.callRecords.recordDays };
}

/**
 * Decides for how many days a team's call records are kept; null leaves it to the installation. What is older goes at the
 * next pruning, and what is gone does not come back when more is to be kept. Throws `ValidationFailure`, `ForbiddenFailure`.
 */
export async function setRecordRetention(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<RecordRetention> {
  assertMayManage(identity, 'REPORTS', 'decide how long call records are kept');
  const recordDays = parseInput(input, rawInput).recordDays ?? null;
  const { prisma } = services;
  const { teamId } = identity;
  const before = await readRecordRetention(services, teamId);
  const summary =
    recordDays === null
      ? `Call records are kept as long as the installation keeps them, ${before.installationDays} days.`
      : `Call records are kept for ${recordDays} days.`;
  const entry = audit(
    services,
    identity,
    'set-record-retention',
    summary,
    { recordDays: before.ownDays ?? null },
    { recordDays },
  );
  await prisma.$transaction([
    prisma.metricSettings.upsert({
      where: { teamId },
      create: { teamId, recordDays },
      update: { recordDays },
    }),
    prisma.routingAudit.create({ data: auditRow(teamId, { ...entry, scope: 'metrics' }) }),
  ]);
  return { ...before, ownDays: recordDays ?? undefined };
}
