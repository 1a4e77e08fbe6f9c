import type { PrismaClient } from '../generated/prisma/client.ts';
import { inScope } from '../observability/request-scope.ts';
import { openDatabase } from '../persistence/database.ts';
import { withTenantWall } from '../persistence/tenant-wall.ts';

/** Ways to hold a query to its team: by its own condition alone, by the client's wall too, by policies of the table too. */
export const wallKinds = ['none', 'client', 'row-security'] as const;
export type WallKind = (typeof wallKinds)[number];

/** Microseconds for one operation, a figure for each round. */
export interface WallFigures {
  readonly operation: string;
  readonly byKind: Readonly<Record<WallKind, readonly number[]>>;
}

const teams = 50;
const rowsPerTeam = 200;
const inFlight = 8;

/**
 * Measures what walls between teams cost on one database, in interleaved rounds of `operationsPerRound`. Row-level
 * security needs a transaction for each query, because the team is told by `set_config` for its duration, and another
 * role than the owner's, who is not held to policies. `serverUrl` absent: the embedded database, in memory.
 */
export async function measureTenantWall(
  serverUrl: string | undefined,
  rounds: number,
  operationsPerRound: number,
): Promise<readonly WallFigures[]> {
  const database = await openDatabase(
    serverUrl === undefined ? { kind: 'memory' } : { kind: 'server', url: serverUrl },
  );
  try {
    const { prisma } = database;
    await prepare(prisma);
    const walled = withTenantWall(prisma);
    const operations: readonly (readonly [string, (client: PrismaClient, team: string, index: number) => unknown])[] = [
      [
        'a page of 25 rows',
        (client, teamId) =>
          client.comparison.findMany({ where: { teamId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: 25 }),
      ],
      [
        'one row by its id',
        (client, teamId, index) =>
          client.comparison.findUnique({
            where: { id_teamId: { id: `${teamId}_${index % rowsPerTeam}`, teamId } },
          }),
      ],
      [
        'a change of one row',
        (client, teamId, index) =>
          client.comparison.updateMany({
            where: { id: `${teamId}_${index % rowsPerTeam}`, teamId },
            data: { notes: `note ${index}` },
          }),
      ],
    ];
    const figures: WallFigures[] = [];
    for (const [operation, run] of operations) {
      const ways: Readonly<Record<WallKind, (index: number) => PromiseLike<unknown>>> = {
        // In a request's scope as well, which is there with and without a wall.
        none: (index) => inScope({}, async () => await (run(prisma, teamOf(index), index) as Promise<unknown>)),
        client: (index) =>
          inScope({ teamId: teamOf(index) }, async () => await (run(walled, teamOf(index), index) as Promise<unknown>)),
        'row-security': (index) =>
          prisma.$transaction([
            prisma.$queryRaw`SELECT set_config('role', 'wall_bench', true), set_config('switchyard.team', ${teamOf(index)}, true)`,
            run(prisma, teamOf(index), index) as never,
          ]),
      };
      const byKind: Record<WallKind, number[]> = { none: [], client: [], 'row-security': [] };
      for (const kind of wallKinds) await time(ways[kind], Math.ceil(operationsPerRound / 4));
      for (let round = 0; round < rounds; round += 1) {
        // The order turns, so that what the machine does meanwhile hits all alike.
        for (let place = 0; place < wallKinds.length; place += 1) {
          const kind = wallKinds[(round + place) % wallKinds.length] as WallKind;
          byKind[kind].push(await time(ways[kind], operationsPerRound));
        }
      }
      figures.push({ operation, byKind });
    }
    await assertPoliciesHold(prisma);
    return figures;
  } finally {
    await database.close();
  }
}

const teamOf = (index: number) => `team_${index % teams}`;

async function prepare(prisma: PrismaClient): Promise<void> {
  await prisma.$executeRaw`
    INSERT INTO team (id, name, slug) SELECT 'team_' || n, 'Team ' || n, 'team-' || n FROM generate_series(0, ${teams - 1}::int) n`;
  const names = await prisma.team.findMany({ where: { id: { startsWith: 'team_' } }, select: { id: true } });
  for (const { id } of names) {
    await prisma.comparison.createMany({
      data: Array.from({ length: rowsPerTeam }, (_, index) => ({
        ...{ id: `${id}_${index}`, teamId: id, state: 'FINISHED', origin: 'SIMULATED' },
        ...{
          prompt: 'x'.repeat(500),
          parameters: {},
          images: [],
          createdAt: new Date(1_700_000_000_000 + index * 1_000),
        },
      })) as never,
    });
  }
  for (const statement of [
    `DO $$ BEGIN CREATE ROLE wall_bench NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA public TO wall_bench`,
    `ALTER TABLE comparison ENABLE ROW LEVEL SECURITY`,
    `CREATE POLICY own_team ON comparison USING ("teamId" = current_setting('switchyard.team', true))`,
    `ANALYZE comparison`,
  ]) {
    await prisma.$executeRawUnsafe(statement);
  }
}

/** The policies that were measured are in force: without a condition there is one team. */
async function assertPoliciesHold(prisma: PrismaClient): Promise<void> {
  const [, rows] = await prisma.$transaction([
    prisma.$queryRaw`SELECT set_config('role', 'wall_bench', true), set_config('switchyard.team', 'team_1', true)`,
    prisma.$queryRaw<{ count: bigint }[]>`SELECT count(*) FROM comparison`,
  ]);
  if (Number(rows[0]?.count) !== rowsPerTeam) throw new Error('The policies do not hold.');
}

/** Microseconds per operation, `inFlight` of them at once. */
async function time(run: (index: number) => PromiseLike<unknown>, count: number): Promise<number> {
  let next = 0;
  const began = performance.now();
  const work = async () => {
    while (next < count) {
      const index = next * 7;
      next += 1;
      await run(index);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return ((performance.now() - began) * 1_000) / count;
}
