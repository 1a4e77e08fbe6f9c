import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { acrossTeams } from '../../observability/request-scope.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import { withLockedTeam } from './lock-team.ts';

const maxTeamsOfPerson = 50;

export const teamNameInput = z.object({
  name: z.string().trim().min(1, 'Give the team a name.').max(80, 'A name has at most 80 characters.'),
});

/** Makes a team whose owner is the signed-in person, and looks at it from now on. Answers its id. */
export async function createTeam(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  const { name } = parseInput(teamNameInput, rawInput);
  const userId = personOf(identity);
  const { prisma, ids } = services;
  const id = ids.next('team');
  const work = () =>
    prisma.$transaction(async (tx) => {
      // The person's row is locked: many at once must not get around the limit.
      await tx.$queryRaw`SELECT 1 AS "one" FROM "user" WHERE "id" = ${userId} FOR NO KEY UPDATE`;
      if ((await tx.member.count({ where: { userId } })) >= maxTeamsOfPerson) {
        throw new ConflictFailure(
          'TEAMS.TOO_MANY',
          `A person can be in ${maxTeamsOfPerson} teams. Leave one that you do not need.`,
        );
      }
      const createdAt = new Date(services.clock.nowMs());
      await tx.team.create({ data: { id, name, slug: id.slice(-8), createdAt } });
      await tx.member.create({ data: { id: ids.next('mem'), teamId: id, userId, role: 'owner', createdAt } });
      await tx.session.updateMany({ where: { id: identity.subject, userId }, data: { activeTeamId: id } });
    });
  await acrossTeams(work);
  services.identities.invalidate();
  return id;
}

/** Gives the team another name. */
export async function renameTeam(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  const { name } = parseInput(teamNameInput, rawInput);
  await withLockedTeam(services, identity, async ({ tx, teamId, accessRole }) => {
    if (accessRole !== 'OWNER' && accessRole !== 'ADMIN') {
      throw new ForbiddenFailure('Only owners and admins may rename the team. Ask one of them.');
    }
    await tx.team.update({ where: { id: teamId }, data: { name } });
  });
  return identity.teamId;
}

/** This session looks at another team of the person from now on; streams of the former team end. */
export async function switchTeam(services: Services, identity: Identity, teamId: string | undefined): Promise<string> {
  const userId = personOf(identity);
  const membership =
    teamId &&
    (await services.prisma.member.findFirst({
      where: { teamId, userId, team: { deletedAt: null } },
      select: { teamId: true },
    }));
  if (!membership) throw new NotFoundFailure('team', ['input', 'teamId']);
  await services.prisma.session.updateMany({
    where: { id: identity.subject, userId },
    data: { activeTeamId: membership.teamId },
  });
  services.identities.invalidate();
  return membership.teamId;
}

/** The signed-in person; what an API key asks never comes here, by the permission table. */
export function personOf(identity: Identity): string {
  if (identity.apiKeyId !== undefined || identity.userId === undefined) {
    throw new ForbiddenFailure('No API key may do this: a person has to sign in.');
  }
  return identity.userId;
}
