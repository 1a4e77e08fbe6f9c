import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Prisma } from '../../generated/prisma/client.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { pruneRuns, takePortion } from './prune-runs.ts';

let server: TestServer;
let teamId: string;
beforeAll(async () => {
  server = await startTestServer();
  teamId = (await server.services.prisma.team.findFirstOrThrow()).id;
});
afterAll(() => server.stop());

const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(server.services.clock.nowMs() - days * dayMs);

async function store(id: string, more: Partial<Prisma.RunUncheckedCreateInput> = {}): Promise<void> {
  const { prisma } = server.services;
  const texts = { definition: '{}', inputs: '{}', workflowId: 'w', workflowName: 'old', source: 'api' };
  const times = { stepCount: 1, deadlineAt: daysAgo(0), createdAt: daysAgo(400) };
  await prisma.run.create({ data: { id, teamId, ...texts, ...times, state: 'completed', ...more } });
  const event = { runId: id, seq: 1, isJournal: true, type: 'run-started', fact: '{}', at: daysAgo(400) };
  await prisma.runEvent.create({ data: event });
}

const prune = () => pruneRuns({ ...server.services, keepDays: 90 });
const leftIds = async () => {
  const rows = await server.services.prisma.run.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
  return rows.map(({ id }) => id);
};

test('runs go when their team keeps them no longer; what has not ended stays, and so do other teams’ runs', async () => {
  const { services } = server;
  const { prisma } = services;
  const mutation = `mutation ($input: SetRunRetentionInput!) { setRunRetention(input: $input) { __typename
    ... on SetRunRetentionSuccess { retention { days ownDays installationDays } } ... on UserError { message } } }`;
  const set = async (keepDays: number | null) => (await ask(server, mutation, { input: { keepDays } })).setRunRetention;
  expect((await set(0)).__typename).toBe('ValidationError');
  expect((await set(7)).retention).toEqual({ days: 7, ownDays: 7, installationDays: 90 });
  expect((await ask(server, '{ runRetention { days } }')).runRetention.days).toBe(7);
  const { routingAudit } = await ask(
    server,
    '{ routingAudit(scope: "runs", first: 1) { edges { node { action summary } } } }',
  );
  expect(routingAudit.edges.map(({ node }: LooseJson) => node)).toEqual([
    { action: 'set-run-retention', summary: 'Runs are kept for 7 days.' },
  ]);

  const other = await createTeam(services, 'Other');
  await store('run_old', { endedAt: daysAgo(8) });
  await store('run_old_failed', { endedAt: daysAgo(8), state: 'failed', source: 'openai-compatible' });
  await store('run_young', { endedAt: daysAgo(6) });
  await store('run_waiting', { state: 'waiting', endedAt: null });
  await store('run_tried', { source: 'preview', endedAt: daysAgo(1.1) });
  await store('run_trying', { source: 'preview', endedAt: daysAgo(0.5) });
  await store('run_theirs', { teamId: other.teamId, endedAt: daysAgo(89) });
  await store('run_theirs_old', { teamId: other.teamId, endedAt: daysAgo(91) });
  const request = { teamId, stepId: 'a', kind: 'step', approvers: 'admin', canEdit: false, message: '', state: 'void' };
  await prisma.runApproval.create({
    data: { ...request, runId: 'run_old', approvalId: 'a', createdAt: daysAgo(8) },
  });
  await prisma.runFold.create({ data: { runId: 'run_old', seq: 1, format: 1, fold: '{}' } });

  expect(await prune()).toBe(4);
  const kept = ['run_theirs', 'run_trying', 'run_waiting', 'run_young'];
  expect(await leftIds()).toEqual(kept);
  const events = await prisma.runEvent.findMany({ orderBy: { runId: 'asc' } });
  expect(events.map(({ runId }) => runId)).toEqual(kept);
  expect([await prisma.runApproval.count(), await prisma.runFold.count()]).toEqual([0, 0]);
  expect(await prune()).toBe(0);
});

test('the oldest runs are found by an index, however many are kept', async () => {
  const { prisma } = server.services;
  const plan = await prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
    return tx.$queryRaw<Record<string, string>[]>`
      EXPLAIN SELECT "id" FROM "run" WHERE "teamId" = 't' AND "source" = 'api' AND "endedAt" < now() ORDER BY "endedAt" LIMIT 200`;
  });
  const text = JSON.stringify(plan);
  expect(text).toContain('run_teamId_source_endedAt_idx');
  expect(text).not.toContain('Sort');
});

test('a portion has few events, but always a run', () => {
  const run = (id: string, lastSeq: number) => ({ id, lastSeq, endedAt: new Date(0) });
  const portion = (...sizes: number[]) => takePortion(sizes.map((size, index) => run(`${index}`, size))).length;
  expect(portion()).toBe(0);
  expect(portion(80_000, 1)).toBe(1);
  expect(portion(100, 100, 9_900, 1)).toBe(2);
  expect(portion(1, 1, 1)).toBe(3);
});
