import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { encodeId } from '../../graphql/global-id.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createKey } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const times = { checkEveryMs: 60_000, confirmAfterMs: 100, troubledEveryMs: 300, flushEveryMs: 200 };
const configuration = `version: 1
defaults:
  retry: { max_attempts: 1 }
  circuit: { cool_down_ms: 300ms, max_cool_down_ms: 600ms }
`;

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-rehearsal-'));
  const path = join(folder, 'switchyard.yaml');
  await writeFile(path, configuration);
  server = await startTestServer({
    isWithSimulatorControl: true,
    health: times,
    environment: { SWITCHYARD_CONFIG: path },
  });
}, 60_000);
afterEach(() => server.simulator.control.reset());
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const reportFields = `timeToDetectMs failedCallsUntilDetected eventDelayMs failovers failoverP50Ms failoverMaxMs callsMade
  callsRescued callsLost failedAttempts normalUsd extraUsd wastedUsd timeToRecoverMs firstOwnAnswerMs errors
  alerts { kind status title } incident { id isRehearsal closedAt } checks { name target measured isMet }`;
const rehearsalFields = `id state phase mode calls failure brokenAt restoredAt report { ${reportFields} }`;

async function change(name: string, input: Record<string, unknown>, fields: string, key?: string): Promise<LooseJson> {
  const type = name[0]?.toUpperCase() + name.slice(1);
  const document = `mutation($input: ${type}Input!) { ${name}(input: $input) { __typename
    ... on UserError { code message path } ... on ${type}Success { ${fields} } } }`;
  return (await ask(server, document, { input }, key === undefined ? {} : { key }))[name];
}

const start = (input: Record<string, unknown>, key?: string) =>
  change('startFailureRehearsal', input, `rehearsal { ${rehearsalFields} }`, key);

async function readRehearsal(id: string): Promise<LooseJson> {
  const document = `query($id: ID!) { node(id: $id) { ... on FailureRehearsal { ${rehearsalFields} } } }`;
  return (await ask(server, document, { id })).node;
}

async function waitForEnd(id: string): Promise<LooseJson> {
  await expect
    .poll(async () => (await readRehearsal(id)).state, { timeout: 90_000, interval: 200 })
    .not.toBe('RUNNING');
  return readRehearsal(id);
}

const provider = (slug: string) => encodeId('Provider', slug);

test('an outage at traffic is detected, survived, told once and over: as the report of a rehearsal says', async () => {
  const { prisma, health: keeper } = server.services;
  await expect.poll(() => keeper.find('openai')?.state.status, { timeout: 20_000 }).toBe('healthy');
  const begun = await start({
    providerId: provider('openai'),
    model: 'openai/gpt-4o-mini',
    fallbacks: ['anthropic/claude-haiku-4-5'],
    calls: 10,
    everyMs: 20,
    maxSeconds: 90,
  });
  expect(begun).toMatchObject({ __typename: 'StartFailureRehearsalSuccess', rehearsal: { mode: 'SIMULATOR' } });
  const second = await start({ providerId: provider('openai'), model: 'openai/gpt-4o-mini' });
  expect(second.code).toBe('FAILOVER.REHEARSAL_RUNS');
  const { state, report, failure } = await waitForEnd(begun.rehearsal.id);
  expect({ state, failure }).toEqual({ state: 'FINISHED', failure: null });
  // Loosely, for machines that are busy: what a quiet one does is in the report.
  expect(report.failedCallsUntilDetected).toBeLessThanOrEqual(4);
  expect(report.eventDelayMs).toBeLessThan(3_000);
  expect(report.failovers).toBeGreaterThanOrEqual(1);
  expect(report.failoverMaxMs).toBeLessThan(500);
  expect(report.timeToRecoverMs).toBeLessThan(30_000);
  expect(report.firstOwnAnswerMs).not.toBeNull();
  expect(report).toMatchObject({ callsLost: 0, incident: { isRehearsal: true, closedAt: expect.any(String) } });
  expect(report.callsRescued).toBeGreaterThanOrEqual(10);
  expect(Number(report.extraUsd)).toBeGreaterThan(0);
  expect(report.alerts.map(({ kind, status }: LooseJson) => `${kind} ${status}`)).toEqual([
    'provider.down FIRING',
    'provider.recovered RESOLVED',
  ]);
  expect(report.alerts[0].title).toContain('Rehearsal');
  expect(await prisma.healthIncident.count({ where: { subjectId: 'openai' } })).toBe(1);
  expect(server.simulator.control.listFaults()).toEqual([]);
  // What was broken on purpose is no downtime.
  const { health } = await ask(server, 'query($ids: [ID!]) { health(providers: $ids) { uptimes { days uptime } } }', {
    ids: [provider('openai')],
  });
  expect(health[0].uptimes[0].uptime).toBe(1);
  const records = await prisma.callRecord.findMany({ where: { tags: { has: 'rehearsal' } } });
  expect(records.length).toBeGreaterThanOrEqual(report.callsMade);
}, 120_000);

test('a fault that is injected fails the calls of the rehearsal and nobody else, and leaves no trace in the health of the provider', async () => {
  const { prisma, health, dispatcher } = server.services;
  const before = await prisma.healthIncident.count();
  const control = server.services.simulatedFailures;
  // As if the provider were a real one: nobody has its levers.
  Object.assign(server.services, { simulatedFailures: undefined });
  try {
    const begun = await start({
      providerId: provider('google'),
      model: 'google/gemini-2.5-flash',
      fallbacks: ['anthropic/claude-haiku-4-5'],
      fault: { kind: 'ERROR', status: 503 },
      calls: 6,
      everyMs: 20,
    });
    expect(begun.rehearsal.mode).toBe('INJECTED');
    const late = { providerId: provider('cohere'), model: 'cohere/command-r7b-12-2024', fault: { kind: 'LATENCY' } };
    expect((await start(late)).path).toEqual(['input', 'fault', 'kind']);
    const { state, report } = await waitForEnd(begun.rehearsal.id);
    expect(state).toBe('FINISHED');
    expect(report.failedCallsUntilDetected).toBe(3);
    expect(report).toMatchObject({ callsLost: 0, incident: null, alerts: [] });
    expect(report.callsRescued).toBeGreaterThanOrEqual(6);
  } finally {
    Object.assign(server.services, { simulatedFailures: control });
  }
  expect(await prisma.healthIncident.count()).toBe(before);
  expect(health.find('google')?.state.status).toBe('healthy');
  expect(dispatcher.chain.circuits.readStatus('google/gemini-2.5-flash')).toBe('closed');
  await server.services.callRecords.flush();
  const failed = { providerId: 'google', outcome: 'failed' };
  expect(await prisma.callRecord.count({ where: failed })).toBe(0);
  const audit = await prisma.callRecord.count({ where: { tags: { has: 'rehearsal' }, providerId: 'google' } });
  expect(audit).toBeGreaterThan(0);
}, 60_000);

test('a rehearsal is cancelled within a moment, and one whose process died is ended by others', async () => {
  const { prisma, rehearsals, clock } = server.services;
  const begun = await start({
    providerId: provider('anthropic'),
    model: 'anthropic/claude-haiku-4-5',
    calls: 200,
    everyMs: 100,
  });
  const { id } = begun.rehearsal;
  await expect.poll(async () => (await readRehearsal(id)).phase, { timeout: 20_000 }).toBe('BROKEN');
  expect(server.simulator.control.listFaults().length).toBeGreaterThan(0);
  await change('cancelFailureRehearsal', { rehearsalId: id }, 'rehearsal { isCancelling }');
  expect((await waitForEnd(id)).state).toBe('CANCELLED');
  expect(server.simulator.control.listFaults()).toEqual([]);
  const again = await change('cancelFailureRehearsal', { rehearsalId: id }, 'rehearsal { id }');
  expect(again.code).toBe('FAILOVER.REHEARSAL_OVER');

  // As another process left it when it was killed, with its fault still in the simulator.
  const {
    id: _old,
    report: _report,
    ...row
  } = await prisma.failureRehearsal.findFirstOrThrow({ where: { slug: 'anthropic' } });
  const dead = { state: 'running', phase: 'broken', openKey: 'anthropic', instanceId: 'srv_dead', finishedAt: null };
  const leaseUntil = new Date(clock.nowMs() - 1);
  const stored = { ...row, ...dead, leaseUntil, settings: row.settings as object, id: 'reh_dead' };
  await prisma.failureRehearsal.create({ data: stored });
  server.services.simulatedFailures?.rehearse('reh_dead', 'anthropic', {
    kind: 'outage',
    status: 503,
    share: 1,
    delayMs: 1,
    afterTokens: 1,
  });
  await rehearsals.tick();
  expect(await prisma.failureRehearsal.findUnique({ where: { id: 'reh_dead' } })).toMatchObject({
    state: 'interrupted',
    openKey: null,
  });
  expect(server.simulator.control.listFaults()).toEqual([]);
}, 60_000);

test('who may not break things for everybody does not, and the model must be one of the provider', async () => {
  const { prisma } = server.services;
  const { teamId } = await prisma.apiKey.findFirstOrThrow();
  const { key } = await createKey(server.services, { teamId }, ['READ', 'RUN']);
  const input = { providerId: provider('google'), model: 'google/gemini-2.5-flash' };
  expect((await start(input, key)).code).toBe('TEAMS.FORBIDDEN');
  const other = await start({ ...input, model: 'openai/gpt-4o-mini' });
  expect(other).toMatchObject({ code: 'INPUT.INVALID', path: ['input', 'model'] });
  expect((await start({ ...input, model: 'google/no-such-model' })).code).toBe('CATALOG.MODEL_UNKNOWN');
});
