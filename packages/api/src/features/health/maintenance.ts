import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { HealthMaintenance } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';

const longestMs = 30 * 86_400_000;
const mostOpen = 50;

const createInput = z.object({
  startsAt: z.date().nullish(),
  endsAt: z.date(),
  note: z.string().trim().max(1_000, 'At most 1,000 characters.').nullish(),
});

/**
 * Announces that a provider will be away: the team hears no alerts of it, and loses no uptime. Throws
 * `ForbiddenFailure`, `NotFoundFailure`, `ValidationFailure`, `ConflictFailure`.
 */
export async function createMaintenance(
  services: Services,
  identity: Identity,
  providerId: string | undefined,
  rawInput: unknown,
): Promise<HealthMaintenance> {
  assertMayManage(identity, 'HEALTH', 'announce maintenance');
  const { prisma, ids, clock } = services;
  const { teamId } = identity;
  const instance = providerId === undefined ? undefined : services.providers.find(teamId, providerId);
  if (!instance) throw new NotFoundFailure('provider', ['input', 'providerId']);
  const { startsAt, endsAt, note } = parseInput(createInput, rawInput);
  const nowMs = clock.nowMs();
  const now = new Date(nowMs);
  // What has happened is not rewritten: uptime that was lost stays lost.
  const start = startsAt && startsAt.getTime() > nowMs ? startsAt : now;
  const refuse = (message: string) => {
    throw new ValidationFailure([{ path: ['input', 'endsAt'], message, code: 'invalid_date' }]);
  };
  if (endsAt.getTime() <= start.getTime()) refuse('The end must lie in the future and behind the start.');
  if (endsAt.getTime() - start.getTime() > longestMs) refuse('A maintenance lasts 30 days at most.');
  const open = await prisma.healthMaintenance.count({
    where: { teamId, subjectId: instance.id, endsAt: { gt: now } },
  });
  if (open >= mostOpen) {
    throw new ConflictFailure(
      'HEALTH.TOO_MANY_WINDOWS',
      `There are ${open} windows of this provider already: end some.`,
      ['input'],
    );
  }
  const row = await prisma.healthMaintenance.create({
    data: {
      id: ids.next('mnt'),
      teamId,
      subjectId: instance.id,
      createdById: identity.userId ?? null,
      note: note ?? '',
      startsAt: start,
      endsAt,
      createdAt: now,
    },
  });
  await tell(services, row, 'announced');
  return row;
}

/** Ends a maintenance now, or takes back one that has not begun. Throws `ForbiddenFailure`, `NotFoundFailure`. */
export async function endMaintenance(
  services: Services,
  identity: Identity,
  maintenanceId: string | undefined,
): Promise<HealthMaintenance> {
  assertMayManage(identity, 'HEALTH', 'end maintenance');
  const { prisma, clock } = services;
  const { teamId } = identity;
  const where = { id_teamId: { id: maintenanceId ?? '', teamId } };
  const row = await prisma.healthMaintenance.findUnique({ where });
  if (!row) throw new NotFoundFailure('maintenance window', ['input', 'maintenanceId']);
  const now = new Date(clock.nowMs());
  if (row.endsAt <= now) return row;
  const isAhead = row.startsAt > now;
  const ended = await prisma.healthMaintenance.update({
    where,
    data: { endsAt: now, ...(isAhead && { startsAt: now }) },
  });
  await tell(services, ended, 'ended');
  return ended;
}

/** Subscribers of the team hear of it. */
async function tell({ prisma, clock, health }: Services, row: HealthMaintenance, change: string): Promise<void> {
  await prisma.healthEvent.create({
    data: {
      subjectId: row.subjectId,
      teamId: row.teamId,
      kind: 'maintenance',
      payload: { maintenanceId: row.id, change },
      at: new Date(clock.nowMs()),
    },
  });
  health.feed.wake();
}
