import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { RunQueue } from './run-queue.ts';

let server: TestServer;
let busy: string;
let quiet: string;
const soon = new Date(Date.now() + 3_600_000);
// Due for this queue alone: the server's own clock is an hour behind.
const nowMs = soon.getTime() + 10_000_000;
beforeAll(async () => {
  server = await startTestServer();
  busy = (await server.services.prisma.team.findFirstOrThrow()).id;
  quiet = (await createTeam(server.services, 'Quiet')).teamId;
  await server.services.prisma.$executeRaw`
    INSERT INTO "run" ("id", "teamId", "definition", "inputs", "workflowId", "workflowName", "source", "state", "stepCount",
      "deadlineAt", "createdAt", "wakeAt")
    SELECT CASE WHEN n = 10000 THEN 'run_quiet' ELSE 'run_busy_' || lpad(n::text, 5, '0') END,
      CASE WHEN n = 10000 THEN ${quiet} ELSE ${busy} END, '{}', '{}', 'w', 'due', 'api', 'queued', 1,
      ${soon}::timestamp, ${soon}::timestamp, ${soon}::timestamp + n * interval '1 millisecond'
    FROM generate_series(0, 10000) AS n`;
}, 120_000);
afterAll(() => server.stop());

const queueOf = (instanceId: string) =>
  new RunQueue({ prisma: server.services.prisma, instanceId, leaseMs: 60_000_000 });

test('one run of a team does not wait behind ten thousand of another one', async () => {
  const first = await queueOf('srv_a').claim(nowMs, 2);
  expect(first.map(({ id }) => id).toSorted()).toEqual(['run_busy_00000', 'run_quiet']);
  await server.services.prisma.run.update({ where: { id: 'run_quiet' }, data: { leaseUntil: null } });
  // Of the busy team this process executes one already: it is the other team's turn.
  const own = [{ runId: 'run_busy_00000', teamId: busy }];
  expect(await queueOf('srv_a').claim(nowMs, 1, { own })).toMatchObject([{ id: 'run_quiet', teamId: quiet }]);
  // Then the busy one may have everything that is left, oldest first.
  const rest = await queueOf('srv_a').claim(nowMs, 3, { own });
  expect(rest.map(({ id }) => id).toSorted()).toEqual(['run_busy_00001', 'run_busy_00002', 'run_busy_00003']);
});

test('a team never takes all places of a process', async () => {
  const own = Array.from({ length: 8 }, (_, index) => ({ runId: `run_own_${index}`, teamId: busy }));
  expect(await queueOf('srv_b').claim(nowMs, 50, { own, mostOfTeam: 10 })).toHaveLength(2);
  expect(await queueOf('srv_b').claim(nowMs, 50, { own, mostOfTeam: 8 })).toEqual([]);
});
