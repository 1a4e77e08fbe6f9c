import { systemRandom } from '@switchyard/core/kernel/system';
import { FakeClock } from '@switchyard/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callRecord } from '../../testing/call-record.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import type { AlertDraft } from '../alerts/raise-alert.ts';
import { HealthKeeper } from './health-keeper.ts';

const times = { checkEveryMs: 60_000, confirmAfterMs: 1_000, troubledEveryMs: 10_000 };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Server processes on one database, as far as health goes, by one clock that stands still. */
async function startProcesses(names: readonly string[]) {
  const { prisma, ids, log, providers, metrics } = server.services;
  // The server's own keeper must not judge beside them.
  await server.services.health.stop();
  await prisma.healthSubject.deleteMany();
  await prisma.healthCheck.deleteMany();
  await prisma.healthIncident.deleteMany();
  await prisma.healthPeriod.deleteMany();
  await prisma.healthEvent.deleteMany();
  await prisma.healthWindow.deleteMany();
  const clock = new FakeClock(Date.now());
  const drafts: AlertDraft[] = [];
  const keepers = names.map(
    (instanceId) =>
      new HealthKeeper({
        ...{ prisma, clock, ids, random: systemRandom, log, providers, instanceId, times },
        alerts: { report: (draft) => drafts.push(draft), raise: async (draft) => drafts.push(draft) },
        reader: () => metrics.reader,
        isShared: true,
      }),
  );
  const tick = async () => {
    await Promise.all(keepers.map((keeper) => keeper.tick()));
    await Promise.all(keepers.map((keeper) => keeper.checks.idle()));
  };
  const { teamId } = await prisma.apiKey.findFirstOrThrow();
  const call = (keeper: number, outcome: 'succeeded' | 'failed') =>
    keepers[keeper]?.note(
      callRecord(ids.next('cal'), {
        teamId,
        origin: 'simulated',
        outcome,
        ...(outcome === 'failed' && { errorKind: 'server' as const, errorMessage: 'The vendor broke.' }),
      }),
    );
  return { clock, keepers, tick, call, drafts, prisma };
}

test('several processes check each provider once per interval', async () => {
  const { clock, keepers, tick, prisma } = await startProcesses(['a', 'b', 'c']);
  for (let second = 0; second < 5; second += 1) {
    await tick();
    clock.advance(1_000);
  }
  await prisma.$executeRaw`UPDATE health_subject SET "nextCheckAtMs" = 0`;
  const before = await prisma.healthCheck.count({ where: { subjectId: 'openai' } });
  for (const keeper of keepers) keeper.checks.forget();
  for (let second = 0; second < 5; second += 1) {
    await tick();
    clock.advance(1_000);
  }
  expect((await prisma.healthCheck.count({ where: { subjectId: 'openai' } })) - before).toBe(1);
  for (const keeper of keepers) await keeper.stop();
}, 60_000);

test('faults that several processes see are one outage: one incident, told once, and its end', async () => {
  const { clock, keepers, tick, call, drafts, prisma } = await startProcesses(['a', 'b']);
  await tick();
  for (const keeper of [0, 1, 0, 1, 0, 1]) {
    call(keeper, 'succeeded');
    clock.advance(500);
  }
  await tick();
  // Neither sees three faults; together they do.
  for (const keeper of [0, 1, 0, 1]) {
    clock.advance(200);
    call(keeper, 'failed');
  }
  for (let round = 0; round < 4; round += 1) {
    clock.advance(1_000);
    await tick();
  }
  const statuses = () => keepers.map((keeper) => keeper.find('openai')?.state.status);
  expect(statuses()).toEqual(['down', 'down']);
  expect(await prisma.healthIncident.count()).toBe(1);
  expect(new Set(drafts.map(({ kind, dedupeKey }) => `${kind} ${dedupeKey}`)).size).toBe(1);
  for (let round = 0; round < 12; round += 1) {
    call(round % 2, 'succeeded');
    clock.advance(1_000);
    await tick();
  }
  expect(statuses()).toEqual(['healthy', 'healthy']);
  const incidents = await prisma.healthIncident.findMany({ include: { entries: { orderBy: { at: 'asc' } } } });
  expect(incidents).toHaveLength(1);
  expect(incidents[0]?.closedAt).not.toBeNull();
  expect(incidents[0]?.entries.map(({ kind }) => kind)).toEqual(['opened', 'back', 'closed']);
  expect(drafts.at(-1)).toMatchObject({ kind: 'provider.recovered', status: 'resolved' });
  const periods = await prisma.healthPeriod.findMany({ where: { subjectId: 'openai' }, orderBy: { fromMs: 'asc' } });
  for (const [index, period] of periods.entries()) {
    expect(period.toMs).toBeGreaterThanOrEqual(period.fromMs);
    if (index > 0) expect(period.fromMs).toBeGreaterThanOrEqual(periods[index - 1]!.toMs);
  }
  expect(periods.map(({ status }) => status)).toContain('down');
  for (const keeper of keepers) await keeper.stop();
}, 60_000);

test('a week without a word is unknown, not healthy, and the time is not counted as up', async () => {
  const { clock, keepers, tick, prisma } = await startProcesses(['a']);
  await tick();
  await tick();
  expect(keepers[0]?.find('openai')?.state.status).toBe('healthy');
  // Nothing runs meanwhile: the machine slept.
  clock.advance(7 * 86_400_000);
  await keepers[0]?.judgeNow('openai');
  expect(keepers[0]?.find('openai')?.state.status).toBe('unknown');
  const [period] = await prisma.healthPeriod.findMany({ where: { subjectId: 'openai' } });
  expect(Number(period!.toMs) - Number(period!.fromMs)).toBeLessThan(60_000);
  for (const keeper of keepers) await keeper.stop();
}, 60_000);
