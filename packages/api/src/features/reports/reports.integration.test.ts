import { formatUsd } from '@switchyard/core/kernel';
import { lastWeeks } from '@switchyard/core/reports';
import { FakeClock } from '@switchyard/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Prisma } from '../../generated/prisma/client.ts';
import { callRecord } from '../../testing/call-record.ts';
import { ask, type LooseJson, send } from '../../testing/graph-client.ts';
import { createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { startWebhookTarget, type WebhookTarget } from '../../testing/webhook-target.ts';
import { makeWeeklyReports } from './weekly-reports.ts';

let server: TestServer;
let target: WebhookTarget;
let stranger: OtherTeam;
let teamId: string;

const hourMs = 3_600_000;
const timeZone = 'Europe/Berlin';
const [older, weekBefore, lastWeek] = lastWeeks(Date.now() - 2 * hourMs, timeZone, 3) as [Week, Week, Week];
type Week = { fromMs: number; toMs: number };

beforeAll(async () => {
  target = await startWebhookTarget();
  server = await startTestServer({ environment: { SWITCHYARD_ALLOW_PRIVATE_NETWORKS: 'true' } });
  stranger = await createTeam(server.services, 'Strangers');
  teamId = (await server.services.prisma.team.findFirstOrThrow({ where: { id: { not: stranger.teamId } } })).id;
  await seed();
});
afterAll(async () => {
  await server.stop();
  await target.stop();
});

/** Calls of two models at one step, judged alike; one costs a fifth of the other. */
async function seed(): Promise<void> {
  const { callRecords, prisma, metrics } = server.services;
  const now = new Date();
  const decisions: Prisma.RoutingDecisionCreateManyInput[] = [];
  const rewards: Prisma.RoutingRewardCreateManyInput[] = [];
  for (const [week, { fromMs, toMs }] of [older, weekBefore, lastWeek].entries()) {
    for (let index = 0; index < 420; index += 1) {
      const isCheap = index % 2 === 0;
      const id = `call_${week}_${index}`;
      const startedAtMs = fromMs + Math.floor(((index + 0.5) / 420) * (toMs - fromMs));
      callRecords.record(
        callRecord(id, {
          ...{ teamId, startedAtMs, decisionId: `dec_${id}`, workflowId: 'support', stepId: 'support/review' },
          role: 'reviewer',
          ...(isCheap && { providerId: 'google', modelId: 'google/gemini-2.5-flash' }),
          costNanoUsd: BigInt((isCheap ? 2_000_000 : 10_000_000) + (index % 7) * 100_000),
          latencyMs: 700 + ((index * 37) % 200),
        }),
      );
      if (index % 3 !== 0) continue;
      const decision = { id: `dec_${id}`, teamId, decidedAt: new Date(startedAtMs), requestedName: 'auto' };
      const chosenModelId = isCheap ? 'google/gemini-2.5-flash' : 'openai/gpt-4o';
      decisions.push({
        ...{ ...decision, source: 'complete', request: {}, plan: {}, strategy: 'balanced', propensity: 1 },
        ...{ snapshotVersion: '1', seed: 1n, chosenModelId, servedModelId: chosenModelId },
      });
      const quality = 0.7 + ((index * 7) % 11) / 50;
      const reward = { decisionId: decision.id, judge: 'feedback:app', quality, createdAt: now, updatedAt: now };
      rewards.push({ id: `rwd_${id}`, teamId, ...reward });
    }
  }
  await prisma.routingDecision.createMany({ data: decisions });
  await prisma.routingReward.createMany({ data: rewards });
  callRecords.record(callRecord('foreign', { teamId: stranger.teamId, startedAtMs: lastWeek.fromMs, costNanoUsd: 9n }));
  await callRecords.flush();
  // The server's own workers may be at it.
  const untilMs = Date.now() + 20_000;
  do await metrics.rollups.rollUp();
  while ((await prisma.callRecordBatch.count()) > 0 && Date.now() < untilMs);
}

const iso = (ms: number) => new Date(ms).toISOString();

test('figures tell quality with its interval, trends that are real, and lead to the calls behind them', async () => {
  const range = { from: iso(weekBefore.fromMs), to: iso(lastWeek.toMs) };
  const { metrics } = await ask(
    server,
    `query ($from: DateTime!, $to: DateTime!) { metrics(from: $from, to: $to, by: [PROVIDER, ROLE], interval: DAY,
      timeZone: "${timeZone}", isWithPrevious: true) {
      total { calls latency { p50Ms p50Interval { lowMs highMs } p95Interval { lowMs highMs } } }
      quality { judgedCalls mean low high } previousQuality { judgedCalls }
      trend(of: CALLS) { direction steps changePerStep }
      groups { values { dimension value } figures { calls succeeded costUsd } quality { judgedCalls mean } trend(of: COST_USD) { direction } } } }`,
    range,
  );
  expect(metrics.total.calls).toBe(840);
  expect(metrics.quality.judgedCalls).toBe(280);
  expect(metrics.previousQuality.judgedCalls).toBe(140);
  expect(metrics.quality.low).toBeLessThan(metrics.quality.mean);
  expect(metrics.quality.high).toBeGreaterThan(metrics.quality.mean);
  expect(metrics.trend).toMatchObject({ direction: 'LEVEL', steps: 14 });
  expect(metrics.total.latency.p50Interval.lowMs).toBeLessThanOrEqual(metrics.total.latency.p50Ms);
  expect(metrics.total.latency.p95Interval.highMs).toBeGreaterThan(metrics.total.latency.p50Ms);
  expect(metrics.groups.map(({ values }: LooseJson) => values.map(({ value }: LooseJson) => value))).toEqual([
    ['google', 'reviewer'],
    ['openai', 'reviewer'],
  ]);
  for (const { values, figures, quality } of metrics.groups) {
    expect(quality.judgedCalls).toBe(140);
    const [provider] = values;
    const listed = await listCalls({ ...range, filter: { providers: [provider.value], roles: ['reviewer'] } });
    expect(listed.ids).toHaveLength(figures.calls);
    expect(listed.totalCount).toBe(figures.calls);
    expect(formatUsd(listed.costNanoUsd)).toBe(figures.costUsd);
  }
});

/** All calls behind a figure, page by page. */
async function listCalls(variables: object, key = server.key) {
  const document = `query ($from: DateTime!, $to: DateTime!, $filter: MetricFilterInput, $outcomes: [CallOutcome!], $after: String) {
    callRecords(from: $from, to: $to, filter: $filter, outcomes: $outcomes, first: 100, after: $after) { totalCount
      pageInfo { hasNextPage endCursor } edges { node { id startedAt model outcome costUsd step } } } }`;
  const ids: string[] = [];
  let costNanoUsd = 0n;
  let totalCount = 0;
  let last = Number.POSITIVE_INFINITY;
  for (let after: string | null = null; ; ) {
    const { data } = await send(server, document, { ...variables, after }, { key });
    const { edges, pageInfo, totalCount: count } = data.callRecords;
    totalCount = count;
    for (const { node } of edges) {
      ids.push(node.id);
      costNanoUsd += BigInt(Math.round(Number(node.costUsd ?? 0) * 1e9));
      expect(Date.parse(node.startedAt)).toBeLessThanOrEqual(last);
      last = Date.parse(node.startedAt);
    }
    if (!pageInfo.hasNextPage) return { ids: [...new Set(ids)], costNanoUsd, totalCount };
    after = pageInfo.endCursor;
  }
}

test('calls are listed page by page without gaps, few among many, and never those of another team', async () => {
  const range = { from: iso(older.fromMs), to: iso(lastWeek.toMs) };
  expect((await listCalls(range)).ids).toHaveLength(1_260);
  const { callRecords } = server.services;
  for (const [index, at] of [older.fromMs, weekBefore.fromMs + 5, lastWeek.toMs - 1].entries())
    callRecords.record(
      callRecord(`rare_${index}`, { teamId, startedAtMs: at, tags: ['rare'], outcome: 'failed', errorKind: 'server' }),
    );
  await callRecords.flush();
  expect((await listCalls({ ...range, filter: { tag: 'rare' } })).ids).toHaveLength(3);
  expect(await listCalls({ ...range, outcomes: ['FAILED'] })).toMatchObject({ totalCount: 3 });
  expect((await listCalls({ ...range, filter: { tag: 'none' } })).ids).toEqual([]);
  expect((await listCalls(range, stranger.key)).ids).toHaveLength(1);
  const foreign = await send(server, '{ node(id: "Q2FsbFJlY29yZDpjYWxsXzBfMQ==") { id } }', {}, { key: stranger.key });
  expect(foreign.data.node).toBeNull();
  expect((await ask(server, '{ node(id: "Q2FsbFJlY29yZDpjYWxsXzBfMQ==") { id } }')).node).not.toBeNull();
  await server.services.prisma.callRecord.deleteMany({ where: { id: { startsWith: 'rare_' } } });
  await server.services.prisma.callRecordBatch.deleteMany();
});

test.each([
  ['a cursor of nothing', { after: 'bm90aGluZw' }],
  ['a page that is too large', { first: 500 }],
  ['a range that ends first', { from: iso(lastWeek.toMs), to: iso(lastWeek.fromMs) }],
])('%s is refused', async (_what, more) => {
  const document = `query ($from: DateTime!, $to: DateTime!, $first: Int, $after: String) {
    callRecords(from: $from, to: $to, first: $first, after: $after) { pageInfo { hasNextPage } } }`;
  const { errors } = await send(server, document, { from: iso(lastWeek.fromMs), to: iso(lastWeek.toMs), ...more });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('usage tells 1 to 90 days of a time zone, today among them', async () => {
  const document = `query ($days: Int!, $timeZone: String!) { usage(days: $days, timeZone: $timeZone, by: [MODEL]) {
    total { calls } previousTotal { calls } stepStarts groups { figures { calls } } } }`;
  const { usage } = await ask(server, document, { days: 90, timeZone });
  expect(usage.total.calls).toBe(1_260);
  expect(usage.stepStarts).toHaveLength(90);
  expect((await ask(server, document, { days: 1, timeZone: 'Asia/Kolkata' })).usage.stepStarts).toHaveLength(1);
  for (const wrong of [
    { days: 91, timeZone },
    { days: 0, timeZone },
    { days: 3, timeZone: 'Mars/Base' },
  ])
    expect((await send(server, document, wrong)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('providers are compared by four criteria with intervals, and ranked only where they differ', async () => {
  const { providerComparison } = await ask(
    server,
    `query ($from: DateTime!, $to: DateTime!) { providerComparison(from: $from, to: $to, by: MODEL, filter: { steps: ["support/review"] }) {
      subjects { value tier calls latencyP95Ms overall { best worst } criteria { criterion value low high samples rank { best worst } reason } }
      differences { criterion better worse pValue } } }`,
    { from: iso(older.fromMs), to: iso(lastWeek.toMs) },
  );
  const [cheap, dear] = providerComparison.subjects;
  expect([cheap.value, dear.value]).toEqual(['google/gemini-2.5-flash', 'openai/gpt-4o']);
  expect(cheap.overall).toEqual({ best: 1, worst: 1 });
  const by = (subject: LooseJson, name: string) =>
    subject.criteria.find(({ criterion }: LooseJson) => criterion === name);
  expect(by(cheap, 'COST').rank).toEqual({ best: 1, worst: 1 });
  expect(by(cheap, 'COST').value).toBeCloseTo(0.0023, 4);
  expect(by(cheap, 'QUALITY')).toMatchObject({ samples: 210, rank: { best: 1, worst: 2 } });
  expect(by(dear, 'RELIABILITY')).toMatchObject({ value: 1, high: 1, rank: { best: 1, worst: 2 } });
  expect(providerComparison.differences).toMatchObject([{ criterion: 'COST', better: cheap.value, worse: dear.value }]);
  const other = await ask(
    server,
    'query ($from: DateTime!, $to: DateTime!) { providerComparison(from: $from, to: $to, tier: FRONTIER) { subjects { value } } }',
    { from: iso(older.fromMs), to: iso(lastWeek.toMs) },
  );
  expect(other.providerComparison.subjects).toEqual([]);
});

const reportFields = `weekStart timeZone from to total { calls costUsd successRate } previous { calls costUsd } mean { calls costUsd }
  meanWeeks costVerdict days { date calls costUsd } models { model figures { costUsd } } movers { label changeUsd } incidents { provider billUsd }
  budgets { name spent refused } recommendations { text savedUsd savedAtLeastUsd calls from { model judged } to { model judged } } csv`;

test('each week has one report, made once by many processes, told once to channels that ask, and equal to its calls', async () => {
  const { services } = server;
  const setting = `mutation ($input: SetReportSettingsInput!) { setReportSettings(input: $input) { __typename
    ... on SetReportSettingsSuccess { settings { timeZone isWeeklyOn } } ... on UserError { message } } }`;
  const set = async (input: object) => (await ask(server, setting, { input })).setReportSettings;
  expect((await set({ timeZone: 'Nowhere/Land' })).__typename).toBe('ValidationError');
  expect((await set({ timeZone })).settings).toEqual({ timeZone, isWeeklyOn: true });
  const create = `mutation ($input: CreateAlertChannelInput!) { createAlertChannel(input: $input) { __typename } }`;
  const channel = (name: string, kinds: string[]) => ({ name, type: 'WEBHOOK', url: `${target.url}/${name}`, kinds });
  await ask(server, create, { input: channel('asked', ['REPORT_WEEKLY']) });
  await ask(server, create, { input: channel('everything', []) });
  const clock = new FakeClock(lastWeek.toMs + 2 * hourMs);
  const processes = [1, 2, 3].map(() => ({ ...services, clock }));
  const made = await Promise.all(processes.map((process) => makeWeeklyReports(process)));
  // The fourth week back had no calls, and the strangers had some in two of their weeks.
  expect(made.reduce((sum, count) => sum + count, 0)).toBe(5);
  expect(await makeWeeklyReports(processes[0]!)).toBe(0);
  const { weeklyReports } = await ask(server, `{ weeklyReports(first: 10) { edges { node { id ${reportFields} } } } }`);
  const reports = weeklyReports.edges.map(({ node }: LooseJson) => node);
  expect(reports.map(({ from }: LooseJson) => Date.parse(from))).toEqual([
    lastWeek.fromMs,
    weekBefore.fromMs,
    older.fromMs,
  ]);
  const [report] = reports;
  expect(report).toMatchObject({
    timeZone,
    total: { calls: 420, successRate: 1 },
    previous: { calls: 420 },
    meanWeeks: 2,
  });
  expect(report.mean.calls).toBe(420);
  expect(report.days.reduce((sum: number, day: LooseJson) => sum + day.calls, 0)).toBe(420);
  const [advice] = report.recommendations;
  expect(advice.text).toMatch(
    /^Moving step support\/review from openai\/gpt-4o to google\/gemini-2\.5-flash would have saved \$\d/,
  );
  expect(advice).toMatchObject({ calls: 1_260, from: { judged: 210 }, to: { judged: 210 } });
  expect(Number(advice.savedUsd)).toBeCloseTo(630 * 0.008, 1);
  expect(report.csv).toContain(`total,,calls,420,420,420\r\n`);
  const told = await services.prisma.alert.findMany({ where: { teamId, kind: 'report.weekly' } });
  expect(told).toHaveLength(1);
  await expect.poll(() => target.received.length, { timeout: 10_000 }).toBe(1);
  const [message] = target.received;
  expect(message!.path).toBe('/asked');
  expect(JSON.parse(message!.body)).toMatchObject({ type: 'report.weekly', data: { facts: { calls: 420 } } });
  // The strangers' report holds their one call and none of these.
  const theirs = (await send(server, `{ weeklyReport { ${reportFields} } }`, {}, { key: stranger.key })).data
    .weeklyReport;
  expect(theirs.total.calls + theirs.previous.calls).toBe(1);
  expect(theirs.recommendations).toEqual([]);
  const soFar = await ask(server, `{ weekSoFar { id total { calls } costVerdict recommendations { text } } }`);
  expect(soFar.weekSoFar).toMatchObject({ id: null, total: { calls: 0 }, costVerdict: 'CANNOT_TELL' });
});

test('a report whose maker was killed is made by another one, and switched off there are none', async () => {
  const { services } = server;
  const { prisma } = services;
  const { id } = await prisma.weeklyReport.findFirstOrThrow({ where: { teamId }, orderBy: { weekStart: 'desc' } });
  await prisma.weeklyReport.delete({ where: { id } });
  const clock = new FakeClock(lastWeek.toMs + 2 * hourMs);
  const killed = new Proxy(prisma, {
    get: (of, name) => (name === '$transaction' ? () => Promise.reject(new Error('killed')) : Reflect.get(of, name)),
  });
  const metrics = services.metrics;
  await expect(makeWeeklyReports({ ...services, prisma: killed, metrics, clock })).rejects.toThrow('killed');
  expect(await makeWeeklyReports({ ...services, clock })).toBe(0);
  clock.advance(11 * 60_000);
  expect(await makeWeeklyReports({ ...services, clock })).toBe(1);
  await prisma.weeklyReport.deleteMany({ where: { teamId } });
  await prisma.reportSettings.update({ where: { teamId }, data: { isWeeklyOn: false } });
  expect(await makeWeeklyReports({ ...services, clock })).toBe(0);
  await prisma.reportSettings.update({ where: { teamId }, data: { isWeeklyOn: true } });
});

test('a viewer reads reports and may not decide about them', async () => {
  const viewer = await createTeam(server.services, 'Viewers');
  await server.services.prisma.apiKey.update({ where: { id: viewer.keyId }, data: { scopes: ['READ', 'RUN'] } });
  const document = 'mutation { setReportSettings(input: { isWeeklyOn: false }) { __typename } }';
  const { data } = await send(server, document, {}, { key: viewer.key });
  expect(data.setReportSettings.__typename).toBe('ForbiddenError');
});
