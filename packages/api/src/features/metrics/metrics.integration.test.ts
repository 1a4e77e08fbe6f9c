import { silentLog, sleep } from '@switchyard/core/kernel';
import { systemClock } from '@switchyard/core/kernel/system';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { callRecord } from '../../testing/call-record.ts';
import { ask, type LooseJson, send } from '../../testing/graph-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { AxisValues } from './axis-values.ts';
import { RollupWorker } from './rollup-worker.ts';
import { WeekFolder } from './week-folder.ts';

let server: TestServer;
let teamId: string;
beforeAll(async () => {
  server = await startTestServer();
  teamId = (await server.services.prisma.team.findFirstOrThrow()).id;
});
afterEach(async () => {
  await server.services.callRecords.flush();
  await server.services.prisma.callRecord.deleteMany();
  await server.services.prisma.callRecordBatch.deleteMany();
  await server.services.prisma.metricRollup.deleteMany();
});
afterAll(() => server.stop());

const hourMs = 3_600_000;
const nowMs = Math.floor(Date.now() / hourMs) * hourMs - hourMs;
const range = { from: new Date(nowMs - 6 * hourMs).toISOString(), to: new Date(nowMs + hourMs).toISOString() };

async function record(): Promise<void> {
  const { callRecords } = server.services;
  const slow = { providerId: 'google', modelId: 'google/gemini-2.5-flash', latencyMs: 3_000 };
  for (let index = 0; index < 9; index += 1)
    callRecords.record(callRecord(`a${index}`, { teamId, startedAtMs: nowMs - index * hourMs, tags: ['nightly'] }));
  callRecords.record(callRecord('b', { teamId, startedAtMs: nowMs, ...slow, stepId: 'review', workflowId: 'w1' }));
  const { costNanoUsd: _unknown, ...unpriced } = callRecord('c', { teamId, startedAtMs: nowMs, ...slow, attempt: 2 });
  callRecords.record({ ...unpriced, outcome: 'failed', errorKind: 'rate-limit' });
  callRecords.record(callRecord('d', { teamId, startedAtMs: nowMs, ...slow, outcome: 'cancelled' }));
  callRecords.record(callRecord('simulated', { teamId, startedAtMs: nowMs, origin: 'simulated' }));
  callRecords.record(callRecord('foreign', { teamId: 'team_other', startedAtMs: nowMs }));
  await callRecords.flush();
}

const document = /* GraphQL */ `
  query Metrics($from: DateTime!, $to: DateTime!, $by: [MetricDimension!]!, $filter: MetricFilterInput,
    $interval: MetricInterval, $isWithPrevious: Boolean! = false, $timeZone: String! = "UTC", $first: Int! = 20) {
    metrics(from: $from, to: $to, by: $by, filter: $filter, interval: $interval, isWithPrevious: $isWithPrevious,
      timeZone: $timeZone, first: $first) {
      total { ...figures } previousTotal { calls } stepStarts series { calls costUsd latencyP50Ms }
      groupCount groups { values { dimension value label } figures { ...figures } previous { calls } series { calls } }
    }
  }
  fragment figures on MetricFigures {
    calls succeeded failed cancelled successRate retries unknownCostCalls costUsd costPerSuccessUsd latencyMeanMs
    failures { kind calls } latency { count p50Ms p95Ms }
  }`;

const metrics = async (variables: object): Promise<LooseJson> =>
  (await ask(server, document, { ...range, by: [], ...variables })).metrics;

test('calls are told in all, by model, hour by hour and beside the period before; the same before and after rolling up', async () => {
  await record();
  const asked = { by: ['MODEL'], interval: 'HOUR', isWithPrevious: true };
  const report = await metrics(asked);
  expect(report.total).toMatchObject({
    calls: 10,
    succeeded: 8,
    failed: 1,
    cancelled: 1,
    retries: 1,
    unknownCostCalls: 1,
  });
  expect(report.total.failures).toEqual([{ kind: 'RATE_LIMIT', calls: 1 }]);
  expect(report.total.costUsd).toBe('0.000675');
  expect(report.previousTotal.calls).toBe(2);
  expect(report.stepStarts).toHaveLength(7);
  expect(report.series.calls).toEqual([1, 1, 1, 1, 1, 1, 4]);
  expect(report.groups.map(({ values, figures }: LooseJson) => [values[0].value, figures.calls])).toEqual([
    ['openai/gpt-4o', 7],
    ['google/gemini-2.5-flash', 3],
  ]);
  const [fast, slow] = report.groups;
  expect(fast.figures.latency).toMatchObject({ count: 7 });
  expect(Math.abs(fast.figures.latency.p95Ms - 800)).toBeLessThanOrEqual(8);
  expect([slow.figures.successRate, slow.figures.latencyMeanMs]).toEqual([0.5, 3_000]);
  expect(fast.previous.calls).toBe(2);
  const { metrics: store, prisma } = server.services;
  await expect.poll(async () => (await store.rollups.rollUp()) + (await prisma.callRecordBatch.count())).toBe(0);
  expect(await metrics(asked)).toEqual(report);
});

test('filters, pairs of dimensions, tags and names of keys', async () => {
  await record();
  const me = await ask(server, '{ viewer { team { apiKeys { id name } } } }');
  const [key] = me.viewer.team.apiKeys;
  const apiKeyId = Buffer.from(key.id, 'base64').toString().split(':')[1]!;
  server.services.callRecords.record(callRecord('k', { teamId, apiKeyId, startedAtMs: nowMs, tags: ['x', 'nightly'] }));
  await server.services.callRecords.flush();
  const byTag = await metrics({ by: ['TAG'], filter: { apiKeys: [key.id] } });
  expect(byTag.groups.map(({ values }: LooseJson) => values[0].value).sort()).toEqual(['nightly', 'x']);
  const byKey = await metrics({ by: ['API_KEY'] });
  expect(byKey.groups).toMatchObject([{ values: [{ value: apiKeyId, label: key.name }], figures: { calls: 1 } }]);
  const pairs = await metrics({ by: ['MODEL', 'STEP'], first: 1 });
  expect(pairs).toMatchObject({ groupCount: 1, groups: [{ values: [{}, { dimension: 'STEP', value: 'review' }] }] });
  expect((await metrics({ filter: { models: ['nobody/knows'] } })).total.calls).toBe(0);
});

test.each([
  ['a range that ends first', { from: range.to, to: range.from }, 'from'],
  ['three dimensions', { by: ['MODEL', 'STEP'], filter: { tag: 'x' } }, 'filter'],
  ['too many steps', { from: '2020-01-01T00:00:00Z', interval: 'MINUTE' }, 'interval'],
  ['a place that is no time zone', { timeZone: 'Europe/Atlantis', interval: 'DAY' }, 'timeZone'],
  ['too many groups', { by: ['MODEL'], first: 5_000 }, 'first'],
])('%s is refused with the argument that is wrong', async (_what, variables, argument) => {
  const { errors } = await send(server, document, { ...range, by: [], ...variables });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: [argument] }] } }]);
});

test('GET /api/models/performance tells how models did, to keys that may read', async () => {
  await record();
  const get = (query: string, key: string | undefined) =>
    fetch(`${server.url}/api/models/performance${query}`, { headers: key ? { authorization: `Bearer ${key}` } : {} });
  expect((await get('', undefined)).status).toBe(401);
  expect((await get('', 'sk-of-nobody')).status).toBe(401);
  const answer = await get('?hours=24', server.key);
  expect(answer.status).toBe(200);
  const { models } = await answer.json();
  expect(models).toMatchObject([
    { provider: 'openai', model: 'openai/gpt-4o', calls: 9, successRate: 1, latencyMeanMs: 800, costUsd: '0.000675' },
    { provider: 'google', calls: 3, failures: { 'rate-limit': 1 } },
  ]);
  expect(await (await get('?step=review', server.key)).json()).toMatchObject({ models: [{ calls: 1 }] });
  expect((await get('?hours=0', server.key)).status).toBe(400);
  expect((await get('?origin=both', server.key)).status).toBe(400);
});

test('the router sees how each model did lately, also by more than two conditions', async () => {
  await record();
  const { reader } = server.services.metrics;
  const windowMs = Date.now() - nowMs + 30 * 60_000;
  const lately = await reader.recentPerformance(teamId, 'live', {}, windowMs);
  expect([...lately.keys()].sort()).toEqual(['google/gemini-2.5-flash', 'openai/gpt-4o']);
  expect(lately.get('google/gemini-2.5-flash')).toMatchObject({ calls: 3, failures: { 'rate-limit': 1 } });
  const filter = { workflow: 'w1', step: 'review', taskClass: 'code', role: 'coder' };
  expect((await reader.recentPerformance(teamId, 'live', filter, windowMs)).size).toBe(0);
  expect((await reader.recentPerformance(teamId, 'live', { step: 'review' }, windowMs)).size).toBe(1);
});

/** The server rolls up by itself now and then: while it does, nobody else can. */
async function rollAllUp(): Promise<void> {
  const { prisma, metrics: store } = server.services;
  const waiting = async () => {
    await store.rollups.rollUp().catch(() => 0);
    return prisma.callRecordBatch.count();
  };
  await expect.poll(waiting, { timeout: 30_000 }).toBe(0);
}

test('old records and rollups are deleted, but never what is not rolled up, and figures stay', async () => {
  const { prisma, callRecords, metrics: store, clock } = server.services;
  const oldMs = Math.floor(clock.nowMs() / 86_400_000) * 86_400_000 - 40 * 86_400_000;
  for (let index = 0; index < 10; index += 1)
    callRecords.record(callRecord(`old${index}`, { teamId, startedAtMs: oldMs + index }));
  await callRecords.flush();
  await store.pruner.prune();
  await store.pruner.prune();
  expect(await prisma.callRecord.count()).toBe(10);
  await rollAllUp();
  // A dead process that must still be settled by its records keeps them.
  const reportedAtMs = BigInt(oldMs);
  const dead = { id: 'bud_dead', startedAtMs: reportedAtMs, reportedAtMs, aliveAtMs: reportedAtMs };
  await prisma.budgetInstance.create({ data: dead });
  await store.pruner.prune();
  expect(await prisma.callRecord.count()).toBe(10);
  await prisma.budgetInstance.delete({ where: { id: dead.id } });
  await store.pruner.prune();
  expect(await prisma.callRecord.count()).toBe(0);
  expect(await prisma.metricRollup.count({ where: { grain: 0 } })).toBe(0);
  const report = await metrics({ from: new Date(oldMs).toISOString(), to: new Date(oldMs + 86_400_000).toISOString() });
  expect(report.total).toMatchObject({ calls: 10, costUsd: '0.00075' });
});

test('a team decides how long its records are kept; figures stay, others are not touched, and the log says who', async () => {
  const { prisma, callRecords, metrics: store, clock } = server.services;
  const dayMs = 86_400_000;
  const mutation = `mutation ($input: SetCallRecordRetentionInput!) { setCallRecordRetention(input: $input) { __typename
    ... on SetCallRecordRetentionSuccess { retention { days ownDays installationDays } } ... on UserError { message } } }`;
  const set = async (recordDays: number | null) =>
    (await ask(server, mutation, { input: { recordDays } })).setCallRecordRetention;
  expect((await set(1)).__typename).toBe('ValidationError');
  expect((await set(5)).retention).toEqual({ days: 5, ownDays: 5, installationDays: 30 });
  expect((await ask(server, '{ callRecordRetention { days } }')).callRecordRetention.days).toBe(5);
  const { routingAudit } = await ask(
    server,
    '{ routingAudit(scope: "metrics", first: 1) { edges { node { action summary } } } }',
  );
  expect(routingAudit.edges.map(({ node }: LooseJson) => node)).toEqual([
    { action: 'set-record-retention', summary: 'Call records are kept for 5 days.' },
  ]);

  const dayStartMs = Math.floor(clock.nowMs() / dayMs) * dayMs - 8 * dayMs;
  callRecords.record(callRecord('mine', { teamId, startedAtMs: dayStartMs + 1 }));
  callRecords.record(callRecord('young', { teamId, startedAtMs: dayStartMs + 5 * dayMs }));
  callRecords.record(callRecord('theirs', { teamId: 'team_other', startedAtMs: dayStartMs + 1 }));
  await callRecords.flush();
  await rollAllUp();
  await store.pruner.prune();
  await store.pruner.prune();
  expect((await prisma.callRecord.findMany({ select: { id: true } })).map(({ id }) => id).sort()).toEqual([
    'theirs',
    'young',
  ]);
  // What is gone is told from rollups, also when more is to be kept from now on.
  await set(null);
  await store.pruner.prune();
  const range = { from: new Date(dayStartMs).toISOString(), to: new Date(dayStartMs + dayMs).toISOString() };
  expect((await metrics({ ...range, by: ['MODEL', 'SOURCE'] })).total.calls).toBe(1);
});

test('a week is not taken for an empty one while its first calls are being rolled up', async () => {
  const { callRecords, prisma } = server.services;
  await prisma.metricState.updateMany({ data: { weeksUntilMs: 0, version: { increment: 1 } } });
  callRecords.record(callRecord('late', { teamId, startedAtMs: nowMs - 21 * 24 * hourMs }));
  await callRecords.flush();
  let folding: Promise<boolean> | undefined;
  await prisma.$transaction(async (tx) => {
    const own = tx as typeof prisma;
    const settings = { afterRecords: 1, afterMs: 0, recordsPerTurn: 100 };
    const parts = { prisma: own, values: new AxisValues(own), clock: systemClock, log: silentLog, settings };
    expect(await new RollupWorker(parts).rollUp()).toBe(1);
    folding = new WeekFolder({ prisma, clock: systemClock, log: silentLog }).fold();
    await sleep(systemClock, 200);
  });
  await folding;
  const long = { from: new Date(nowMs - 35 * 24 * hourMs).toISOString(), to: range.to };
  expect((await metrics(long)).total.calls).toBe(1);
});
