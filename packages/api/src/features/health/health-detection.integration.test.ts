import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { completeWith } from '../../testing/provider-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const times = { checkEveryMs: 1_500, confirmAfterMs: 100, troubledEveryMs: 300, flushEveryMs: 200 };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ isWithSimulatorControl: true, health: times });
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const statusOf = (id: string) => server.services.health.find(id)?.state.status;
const incidentsOf = (subjectId: string) =>
  server.services.prisma.healthIncident.findMany({ where: { subjectId }, include: { entries: true } });
const waitFor = (id: string, status: string, timeout = 8_000) =>
  expect.poll(() => statusOf(id), { timeout, interval: 50 }).toBe(status);

test('calls that fail bring a provider down at once, and calls that are answered bring it back: one incident, told once', async () => {
  const { prisma } = server.services;
  await waitFor('openai', 'healthy');
  for (let call = 0; call < 6; call += 1) await completeWith(server, 'openai/gpt-4o-mini');
  // The checks go on to succeed: only traffic shows it.
  server.simulator.control.addFault({ kind: 'error', status: 503, vendor: 'openai', path: 'chat' } as never);
  await completeWith(server, 'openai/gpt-4o-mini');
  await waitFor('openai', 'down', 1_000);
  const [open] = await incidentsOf('openai');
  expect(open).toMatchObject({ severity: 'down', closedAt: null, models: ['openai/gpt-4o-mini'] });
  await server.services.alerts.tick();
  const told = await prisma.alert.findMany({ orderBy: { seq: 'asc' } });
  expect(told.map(({ kind, origin }) => `${kind} ${origin}`)).toEqual(['provider.down SIMULATED']);

  server.simulator.control.reset();
  // Past the circuit, which lets nothing through for a while.
  server.services.dispatcher.chain.circuits.enterAnyway('openai/gpt-4o-mini').settle('success');
  await expect
    .poll(
      async () => {
        await completeWith(server, 'openai/gpt-4o-mini');
        return statusOf('openai');
      },
      { timeout: 10_000, interval: 100 },
    )
    .toBe('healthy');
  await expect.poll(async () => (await incidentsOf('openai'))[0]?.closedAt, { timeout: 15_000 }).not.toBeNull();
  await expect.poll(() => prisma.alert.count(), { timeout: 15_000 }).toBe(2);
  const incidents = await incidentsOf('openai');
  expect(incidents).toHaveLength(1);
  expect(incidents[0]?.entries.map(({ kind }) => kind).toSorted()).toEqual(['back', 'closed', 'opened']);
  const last = await prisma.alert.findFirst({ orderBy: { seq: 'desc' } });
  expect(last).toMatchObject({ kind: 'provider.recovered', status: 'resolved' });
}, 40_000);

test('without traffic the checks find an outage within one interval, and its end', async () => {
  await waitFor('anthropic', 'healthy');
  server.simulator.control.addFault({ kind: 'reset', vendor: 'anthropic', path: 'models' } as never);
  // One interval and a confirmation, and patience with machines that are busy.
  await waitFor('anthropic', 'down', times.checkEveryMs + 10_000);
  server.simulator.control.reset();
  await waitFor('anthropic', 'healthy', 15_000);
  await expect.poll(async () => (await incidentsOf('anthropic'))[0]?.closedAt, { timeout: 15_000 }).not.toBeNull();
  expect(await incidentsOf('anthropic')).toHaveLength(1);
}, 60_000);

test('mistakes of callers leave a provider as it is', async () => {
  await waitFor('google', 'healthy');
  server.simulator.control.addFault({ kind: 'error', status: 400, vendor: 'google', path: 'chat' } as never);
  for (let call = 0; call < 6; call += 1) await completeWith(server, 'google/gemini-2.5-flash');
  await server.services.health.judgeNow('google');
  expect(statusOf('google')).toBe('healthy');
  await expect
    .poll(() => server.services.prisma.healthMinute.findFirst({ where: { subjectId: 'google', modelId: '' } }))
    .toMatchObject({ faults: 0, ignored: expect.any(Number), failures: { 'invalid-request': expect.any(Number) } });
}, 60_000);
