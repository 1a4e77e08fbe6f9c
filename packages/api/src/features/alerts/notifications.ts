import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { invalid } from './channel-input.ts';

const readInput = z.object({
  alertIds: z.array(z.string()).max(200, 'At most 200 at once.').nullish(),
  until: z.date().nullish(),
});
const muteInput = z.object({ until: z.date().nullish() });

/** How many alerts of the team this person has not read; 0 for keys that belong to no person. */
export async function countUnread({ prisma }: Services, { teamId, userId }: Identity): Promise<number> {
  if (userId === undefined) return 0;
  return prisma.alert.count({ where: { teamId, reads: { none: { userId } } } });
}

/**
 * Marks alerts as read by this person alone: those that are named, or all until an instant. Ids of other teams are as
 * if they did not exist. Throws `ForbiddenFailure`, `ValidationFailure`.
 */
export async function markRead(services: Services, identity: Identity, rawInput: unknown): Promise<void> {
  const { prisma, clock } = services;
  const { teamId, userId } = identity;
  if (userId === undefined) {
    throw new ForbiddenFailure('This API key belongs to no person, and only people read notifications.');
  }
  const { alertIds, until } = parseInput(readInput, rawInput);
  if ((alertIds == null) === (until == null)) throw invalid('alertIds', 'Give either alertIds or until.');
  const readAt = new Date(clock.nowMs());
  const rows = await prisma.alert.findMany({
    where: {
      teamId,
      reads: { none: { userId } },
      ...(alertIds != null && { id: { in: [...alertIds] } }),
      ...(until != null && { at: { lte: until } }),
    },
    select: { id: true },
  });
  for (let from = 0; from < rows.length; from += 1_000) {
    await prisma.alertRead.createMany({
      data: rows.slice(from, from + 1_000).map(({ id }) => ({ alertId: id, teamId, userId, readAt })),
      skipDuplicates: true,
    });
  }
}

/**
 * Mutes everything like an alert (with its key) until an instant; without one the mute ends. Answers the alert's id.
 * Throws `ForbiddenFailure`, `NotFoundFailure`, `ValidationFailure`.
 */
export async function muteLike(
  services: Services,
  identity: Identity,
  alertId: string | undefined,
  rawInput: unknown,
): Promise<string> {
  assertMayManage(identity, 'HEALTH', 'mute alerts');
  const { until } = parseInput(muteInput, rawInput);
  const { prisma, alerts } = services;
  const { teamId } = identity;
  const alert =
    alertId === undefined ? null : await prisma.alert.findUnique({ where: { id_teamId: { id: alertId, teamId } } });
  if (!alert || !(await alerts.mute(teamId, alert.dedupeKey, until?.getTime()))) {
    throw new NotFoundFailure('alert', ['input', 'alertId']);
  }
  return alert.id;
}
