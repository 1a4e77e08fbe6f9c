import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acrossTeams, inScope } from '../observability/request-scope.ts';
import { createTeam, type OtherTeam } from '../testing/other-team.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { holdToTeam, TenantWallError } from './tenant-wall.ts';

let server: TestServer;
let own: OtherTeam;
let other: OtherTeam;
beforeAll(async () => {
  server = await startTestServer({ isWithoutSimulator: true });
  own = await createTeam(server.services, 'Own');
  other = await createTeam(server.services, 'Other');
  for (const { teamId } of [own, other]) {
    await server.services.prisma.savedScorer.create({
      data: {
        id: `scorer_${teamId}`,
        teamId,
        name: 'Exact',
        kind: 'check',
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    });
  }
});
afterAll(() => server.stop());

const asOwn = <Result>(work: () => PromiseLike<Result>): Promise<Result> =>
  inScope({ teamId: own.teamId }, async () => await work());

describe('within a request of a team', () => {
  test('queries that forgot the team see the own rows only', async () => {
    const { prisma } = server.services;
    expect((await asOwn(() => prisma.savedScorer.findMany())).map(({ teamId }) => teamId)).toEqual([own.teamId]);
    expect(await asOwn(() => prisma.savedScorer.count())).toBe(1);
    const foreign = { id: `scorer_${other.teamId}` };
    expect(await asOwn(() => prisma.savedScorer.findUnique({ where: foreign }))).toBeNull();
    expect(
      await asOwn(() => prisma.savedScorer.findFirst({ where: { OR: [foreign, { name: 'nothing' }] } })),
    ).toBeNull();
  });

  test('rows of others are not changed, deleted or made, alone or in a transaction', async () => {
    const { prisma } = server.services;
    const where = { id: `scorer_${other.teamId}` };
    const data = { name: 'Taken' };
    expect(await asOwn(() => prisma.savedScorer.updateMany({ where, data }))).toEqual({ count: 0 });
    expect(await asOwn(() => prisma.savedScorer.deleteMany({ where }))).toEqual({ count: 0 });
    await expect(asOwn(() => prisma.savedScorer.update({ where, data }))).rejects.toThrow();
    await expect(asOwn(() => prisma.savedScorer.delete({ where }))).rejects.toThrow();
    await expect(asOwn(() => prisma.$transaction((tx) => tx.savedScorer.delete({ where })))).rejects.toThrow();
    const made = {
      id: 'scorer_x',
      teamId: other.teamId,
      name: 'X',
      kind: 'check',
      createdAt: new Date(),
      updatedAt: new Date(),
    };
    await expect(asOwn(() => prisma.savedScorer.create({ data: made }))).rejects.toThrow(TenantWallError);
    await expect(asOwn(() => prisma.savedScorer.createMany({ data: [made] }))).rejects.toThrow(TenantWallError);
    await expect(asOwn(() => prisma.savedScorer.findMany({ where: { teamId: other.teamId } }))).rejects.toThrow(
      TenantWallError,
    );
    const moved = { where: { id: `scorer_${own.teamId}` }, data: { teamId: other.teamId } };
    await expect(asOwn(() => prisma.savedScorer.update(moved))).rejects.toThrow(TenantWallError);
    expect(await prisma.savedScorer.findUnique({ where })).toMatchObject({ name: 'Exact', teamId: other.teamId });
  });

  test('what concerns several teams says so', async () => {
    const { prisma } = server.services;
    const ids = [own.teamId, other.teamId];
    const all = await asOwn(() => acrossTeams(() => prisma.savedScorer.findMany({ where: { teamId: { in: ids } } })));
    expect(all).toHaveLength(2);
    const narrowed = await asOwn(() => prisma.savedScorer.findMany({ where: { teamId: { in: ids } } }));
    expect(narrowed).toHaveLength(1);
  });

  test('health of the installation is seen by every team', () => {
    expect(holdToTeam('HealthIncident', 'findMany', { where: { id: 'x', AND: { openKey: 'y' } } }, 't')).toEqual({
      where: { id: 'x', AND: [{ openKey: 'y' }, { OR: [{ teamId: 't' }, { teamId: null }] }] },
    });
    expect(holdToTeam('Run', 'findUnique', { where: { id_teamId: { id: 'r', teamId: 't' } } }, 't')).toEqual({
      where: { id_teamId: { id: 'r', teamId: 't' } },
    });
    expect(holdToTeam('Run', 'findUnique', { where: { id_teamId: { id: 'r', teamId: 'other' } } }, 't')).toEqual({
      where: { id_teamId: { id: 'r', teamId: 'other' }, teamId: 't' },
    });
  });
});
