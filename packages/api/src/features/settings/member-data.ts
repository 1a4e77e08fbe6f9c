import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { acrossTeams } from '../../observability/request-scope.ts';
import { parseInput } from '../../parse-input.ts';
import { NotFoundFailure } from '../../user-errors.ts';
import { recordAuditEvent } from '../audit/record-audit-event.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { endedRunStates } from '../runs/run-record.ts';
import { removeMember } from '../teams/change-members.ts';

const input = z.object({ deletesPrompts: z.boolean().nullish() });
const perPage = 200;

export interface DeletedMemberData {
  /** Whether the person is unknown to the installation now; not while they belong to another team. */
  readonly isPersonForgotten: boolean;
  readonly deletedComparisons: number;
  readonly deletedRuns: number;
}

/**
 * Takes a member out of the team and what is known of them with them: name and e-mail become "Former member", sessions and
 * ways to sign in go; somebody who belongs to another team keeps the account, and nothing here names them any more. By
 * choice their prompts go: comparisons and ended runs. The audit log keeps the names of its entries. Throws what
 * `removeMember` does.
 */
export async function deleteMemberData(
  services: Services,
  identity: Identity,
  memberId: string | undefined,
  rawInput: unknown,
): Promise<DeletedMemberData> {
  assertMayManage(identity, 'TEAM', "delete a member's data");
  const { deletesPrompts } = parseInput(input, rawInput);
  const { teamId } = identity;
  const { prisma } = services;
  const { userId } = await removeMember(services, identity, memberId, 'REVOKE');
  const comparisons = deletesPrompts
    ? await prisma.comparison.deleteMany({ where: { teamId, createdById: userId, state: 'FINISHED' } })
    : { count: 0 };
  const runs = deletesPrompts
    ? await prisma.run.deleteMany({ where: { teamId, startedById: userId, state: { in: [...endedRunStates] } } })
    : { count: 0 };
  await prisma.$transaction([
    prisma.comparison.updateMany({ where: { teamId, createdById: userId }, data: { createdById: null } }),
    prisma.run.updateMany({ where: { teamId, startedById: userId }, data: { startedById: null } }),
    prisma.apiKey.updateMany({ where: { teamId, createdById: userId }, data: { createdById: null } }),
    prisma.provider.updateMany({ where: { teamId, createdById: userId }, data: { createdById: null } }),
    prisma.priceOverride.updateMany({ where: { teamId, createdById: userId }, data: { createdById: null } }),
    prisma.invitation.deleteMany({ where: { teamId, acceptedById: userId } }),
  ]);
  const isPersonForgotten = await acrossTeams(() => forgetPerson(prisma, userId));
  const result = { isPersonForgotten, deletedComparisons: comparisons.count, deletedRuns: runs.count };
  await recordAuditEvent(services, {
    ...{ teamId, action: 'deletedMemberData', objectType: 'Member', objectId: memberId },
    details: { ...result },
  });
  services.identities.invalidate();
  return result;
}

/** False, and nothing done, while the person belongs to a team. */
async function forgetPerson(prisma: PrismaClient, userId: string): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    // Locked first: whoever accepts an invitation for this person meanwhile waits for it.
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE "id" = ${userId} FOR UPDATE`;
    if ((await tx.member.count({ where: { userId } })) > 0) return false;
    await tx.session.deleteMany({ where: { userId } });
    await tx.account.deleteMany({ where: { userId } });
    await tx.twoFactor.deleteMany({ where: { userId } });
    await tx.user.update({
      where: { id: userId },
      data: {
        ...{ name: 'Former member', email: `former-member-${userId}@invalid`, image: null },
        ...{ emailVerified: false, twoFactorEnabled: false },
      },
    });
    return true;
  });
}

/** A member of the team: the person who asks when `memberId` is undefined. Throws `NotFoundFailure`. */
export async function findExportedMember(
  { prisma }: Pick<Services, 'prisma'>,
  identity: Identity,
  memberId: string | undefined,
) {
  const { teamId, userId } = identity;
  const member =
    memberId === undefined
      ? userId && (await prisma.member.findUnique({ where: { teamId_userId: { teamId, userId } } }))
      : await prisma.member.findUnique({ where: { id_teamId: { id: memberId, teamId } } });
  if (!member) throw new NotFoundFailure('member', ['memberId']);
  return member;
}

/** What a team knows of one of its members, one JSON object for each line, without secrets. */
export async function* exportMember(prisma: PrismaClient, teamId: string, userId: string): AsyncGenerator<string> {
  const line = (type: string, row: unknown) =>
    `${JSON.stringify({ type, row }, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`;
  yield line(
    'user',
    await prisma.user.findUnique({
      where: { id: userId },
      select: { id: true, name: true, email: true, createdAt: true, twoFactorEnabled: true },
    }),
  );
  yield line('member', await prisma.member.findUnique({ where: { teamId_userId: { teamId, userId } } }));
  const sessions = await prisma.session.findMany({ where: { userId }, omit: { token: true } });
  for (const session of sessions) yield line('session', session);
  for (const key of await prisma.apiKey.findMany({ where: { teamId, createdById: userId }, omit: { hash: true } }))
    yield line('api_key', key);
  const own = { teamId, userId };
  for (const row of await prisma.outputRating.findMany({ where: own })) yield line('output_rating', row);
  for (const row of await prisma.experimentVote.findMany({ where: own })) yield line('experiment_vote', row);
  const feedback = { teamId, author: { contains: userId } };
  for (const row of await prisma.answerFeedback.findMany({ where: feedback })) yield line('answer_feedback', row);
  yield* pages(
    (after) =>
      prisma.comparison.findMany({
        where: { teamId, createdById: userId, id: { gt: after } },
        include: { lanes: true },
        orderBy: { id: 'asc' },
        take: perPage,
      }),
    (row) => line('comparison', row),
  );
  yield* pages(
    (after) =>
      prisma.run.findMany({
        where: { teamId, startedById: userId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take: perPage,
      }),
    (row) => line('run', row),
  );
  yield* pages(
    (after) =>
      prisma.auditEntry.findMany({
        where: { teamId, actorUserId: userId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take: perPage,
      }),
    (row) => line('audit_entry', row),
  );
}

async function* pages<Row extends { readonly id: string }>(
  read: (afterId: string) => PromiseLike<readonly Row[]>,
  write: (row: Row) => string,
): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const rows = await read(after);
    for (const row of rows) yield write(row);
    after = rows.at(-1)?.id ?? after;
    if (rows.length < perPage) return;
  }
}
