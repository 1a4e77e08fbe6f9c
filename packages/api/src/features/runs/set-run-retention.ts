import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { audit } from '../routing/change-rules.ts';
import { auditRow } from '../routing/routing.repository.ts';

/** How long a team's runs are kept after their end. */
export interface RunRetention {
  /** What the team decided; undefined: as the installation does. */
  readonly ownDays: number | undefined;
  readonly installationDays: number;
}

const mostKeepDays = 3_650;
const input = z.object({ keepDays: z.int().min(1).max(mostKeepDays).nullish() });

export async function readRunRetention(
  { prisma, settings }: Pick<Services, 'prisma' | 'settings'>,
  teamId: string,
): Promise<RunRetention> {
  const row = await prisma.runSettings.findUnique({ where: { teamId } });
  return { ownDays: row?.keepDays ?? undefined, installationDays: settings.runDays };
}

/**
 * Decides for how many days a team's runs are kept after their end; null leaves it to the installation. Older ones go
 * within the hour and do not come back. Throws `ValidationFailure`, `ForbiddenFailure`.
 */
export async function setRunRetention(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<RunRetention> {
  assertMayManage(identity, 'WORK', 'decide how long runs are kept');
  const keepDays = parseInput(input, rawInput).keepDays ?? null;
  const { teamId } = identity;
  const before = await readRunRetention(services, teamId);
  const summary =
    keepDays === null
      ? `Runs are kept as long as the installation keeps them, ${before.installationDays} days.`
      : `Runs are kept for ${keepDays} ${keepDays === 1 ? 'day' : 'days'}.`;
  const entry = audit(
    services,
    identity,
    'set-run-retention',
    summary,
    { keepDays: before.ownDays ?? null },
    { keepDays },
  );
  await services.prisma.$transaction([
    services.prisma.runSettings.upsert({ where: { teamId }, create: { teamId, keepDays }, update: { keepDays } }),
    services.prisma.routingAudit.create({ data: auditRow(teamId, { ...entry, scope: 'runs' }) }),
  ]);
  return { ...before, ownDays: keepDays ?? undefined };
}
