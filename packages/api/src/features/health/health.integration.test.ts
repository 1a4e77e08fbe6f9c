import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { startComparison, waitUntilFinished } from '../../testing/comparison-documents.ts';
import { ask, type LooseJson, send } from '../../testing/graph-client.ts';
import { createKey, createTeam } from '../../testing/other-team.ts';
import { changeProviders, completeWith, listProviders } from '../../testing/provider-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const times = { checkEveryMs: 60_000, confirmAfterMs: 100, troubledEveryMs: 300, flushEveryMs: 200 };
const healthFields = `provider { slug } status cause statusReason since score sampleCount errorRate lastSuccessAt lastCheckAt nextCheckAt
  components { uptime latency errorRate } lastError { kind message modelId at } uptimes { days uptime knownShare }
  days(count: 3) { at uptime healthyMs degradedMs downMs maintenanceMs unknownMs } figures { calls errorRate p50Ms p95Ms failures { kind count share } }
  series(hours: 1) { at calls failures p50Ms p95Ms } circuits { modelId state } models { modelId status score figures { calls } circuit { state } }
  checks { at isOk isManual message latencyMs } maintenance { note isActive } incident { id }`;
const incidentFields = `id providerSlug severity status cause models isOpen startedAt closedAt timeline { kind text authorName }
  effects { failedCalls requests lanes runs fallbackCalls fallbacks { modelId calls costUsd extraUsd } failedAttemptsUsd fallbackExtraUsd billUsd unknownCostCalls isPartial }
  affected { kind targetId title failedCalls }`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ isWithSimulatorControl: true, health: times });
  await server.services.health.tick();
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const idOf = (slug: string) => encodeId('Provider', slug);
const healthOf = async (slug: string, key?: string) =>
  (
    await ask(
      server,
      `query($ids: [ID!]) { health(providers: $ids) { ${healthFields} } }`,
      { ids: [idOf(slug)] },
      key ? { key } : {},
    )
  ).health[0];
const mutate = async (name: string, input: object, fields: string, key?: string) => {
  const typeName = name[0]?.toUpperCase() + name.slice(1);
  const document = `mutation($input: ${typeName}Input!) { ${name}(input: $input) { __typename ... on UserError { code message path } ... on ${typeName}Success { ${fields} } } }`;
  return (await ask(server, document, { input }, key ? { key } : {}))[name];
};
const breakDown = (vendor: string, path: 'chat' | 'models') =>
  server.simulator.control.addFault({ kind: 'error', status: 503, vendor, path } as never);

test('health tells how every provider is, with figures that add up', async () => {
  for (let call = 0; call < 6; call += 1) await completeWith(server, 'openai/gpt-4o-mini');
  const health = await healthOf('openai');
  expect(health).toMatchObject({
    ...{ status: 'HEALTHY', cause: null, score: 100, components: { uptime: 100, errorRate: 100 } },
    figures: { calls: 6, errorRate: 0 },
    models: [{ modelId: 'openai/gpt-4o-mini', status: 'HEALTHY', figures: { calls: 6 } }],
    circuits: [{ modelId: 'openai/gpt-4o-mini', state: 'CLOSED' }],
  });
  expect(health.series.reduce((sum: number, point: LooseJson) => sum + point.calls, 0)).toBe(6);
  expect(health.uptimes.map(({ days }: LooseJson) => days)).toEqual([1, 7, 30, 90]);
  const spent = (day: LooseJson) => day.healthyMs + day.degradedMs + day.downMs + day.maintenanceMs + day.unknownMs;
  expect(health.days.slice(0, 2).map(spent)).toEqual([86_400_000, 86_400_000]);
  const all = await ask(server, '{ health { provider { slug } status statusReason } }');
  const providers = await listProviders(server);
  expect(all.health.map((each: LooseJson) => each.provider.slug)).toEqual(providers.map(({ slug }: LooseJson) => slug));
  const model = await ask(
    server,
    '{ healthOfModel(modelId: "openai/gpt-4o-mini") { status } none: healthOfModel(modelId: "a/b") { status } }',
  );
  expect(model).toEqual({ healthOfModel: { status: 'HEALTHY' }, none: null });
}, 60_000);

test('a check now gives the verdict that the page gives', async () => {
  breakDown('cohere', 'models');
  const document = `isOk message health { ${healthFields} }`;
  const first = await mutate('checkProviderNow', { providerId: idOf('cohere') }, document);
  expect(first).toMatchObject({
    isOk: false,
    health: { status: 'HEALTHY', checks: [{ isOk: false, isManual: true }] },
  });
  await expect.poll(async () => (await healthOf('cohere')).status, { timeout: 15_000 }).toBe('DOWN');
  const down = await healthOf('cohere');
  expect(down).toMatchObject({ cause: 'NO_ANSWER', score: 0, lastError: { kind: 'OVERLOADED', modelId: null } });
  expect(down.incident.id).toBeTruthy();
  server.simulator.control.reset();
  await expect.poll(async () => (await healthOf('cohere')).status, { timeout: 15_000 }).toBe('HEALTHY');
  const again = await mutate('checkProviderNow', { providerId: idOf('cohere') }, document);
  expect(again.health).toMatchObject({ status: (await healthOf('cohere')).status });
  const { teamId } = await server.services.prisma.apiKey.findFirstOrThrow();
  const { key } = await createKey(server.services, { teamId }, ['READ']);
  const refused = await send(
    server,
    `mutation { checkProviderNow(input: { providerId: "${idOf('cohere')}" }) { __typename } }`,
    {},
    { key },
  );
  expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
}, 60_000);

test('an incident tells what it did and what it cost, and each team’s notes are its own', async () => {
  breakDown('anthropic', 'chat');
  const { id } = await startComparison(server, [], {
    models: undefined,
    lanes: [
      { model: 'anthropic/claude-haiku-4-5', fallbacks: ['openai/gpt-4o'] },
      { model: 'google/gemini-2.5-flash' },
    ],
  });
  await waitUntilFinished(server, id);
  await completeWith(server, 'anthropic/claude-haiku-4-5');
  await expect.poll(async () => (await healthOf('anthropic')).status, { timeout: 15_000 }).toBe('DOWN');
  await server.services.callRecords.flush();
  const incidentId = (await healthOf('anthropic')).incident.id;
  const readIncident = async (key?: string) =>
    (
      await ask(
        server,
        `query($id: ID!) { incident(id: $id) { ${incidentFields} } }`,
        { id: incidentId },
        key ? { key } : {},
      )
    ).incident;
  const incident = await readIncident();
  expect(incident).toMatchObject({
    ...{ providerSlug: 'anthropic', severity: 'DOWN', isOpen: true, models: ['anthropic/claude-haiku-4-5'] },
    effects: {
      lanes: 1,
      runs: 0,
      fallbackCalls: 1,
      fallbacks: [{ modelId: 'openai/gpt-4o', calls: 1 }],
      isPartial: false,
    },
  });
  expect(incident.affected).toEqual([
    { kind: 'COMPARISON', targetId: id, title: expect.any(String), failedCalls: expect.any(Number) },
  ]);
  const { effects } = incident;
  const records = await server.services.prisma.callRecord.findMany({
    where: { providerId: 'anthropic', outcome: 'failed' },
  });
  expect(effects.failedCalls).toBe(records.length);
  const paid = Number(effects.fallbacks[0].costUsd);
  expect(paid).toBeGreaterThan(0);
  expect(Number(effects.fallbackExtraUsd)).toBeGreaterThan(0);
  expect(Number(effects.fallbackExtraUsd)).toBeLessThan(paid);
  expect(Number(effects.billUsd)).toBeCloseTo(Number(effects.failedAttemptsUsd) + Number(effects.fallbackExtraUsd), 9);

  const stranger = await createTeam(server.services, 'Strangers');
  expect(await mutate('addIncidentNote', { incidentId, text: 'We moved to OpenAI.' }, 'incident { id }')).toMatchObject(
    { incident: { id: incidentId } },
  );
  const kinds = (each: LooseJson) => each.timeline.map(({ kind }: LooseJson) => kind);
  expect(kinds(await readIncident())).toContain('NOTE');
  const theirs = await readIncident(stranger.key);
  expect(kinds(theirs)).not.toContain('NOTE');
  // The provider is of the installation; what it did to one team is not.
  expect(theirs.effects).toMatchObject({ failedCalls: 0, lanes: 0, fallbackCalls: 0, billUsd: '0' });
  expect(theirs.affected).toEqual([]);
  const list = await ask(
    server,
    `{ incidents(filter: { providerId: "${idOf('anthropic')}", isOpen: true }) { totalCount edges { node { id } } } }`,
  );
  expect(list.incidents).toEqual({ totalCount: 1, edges: [{ node: { id: incidentId } }] });
}, 60_000);

test('maintenance keeps alerts and uptime of the team that announced it', async () => {
  const stranger = await createTeam(server.services, 'Others');
  const { prisma } = server.services;
  const own = await prisma.apiKey.findFirstOrThrow({ where: { name: { not: { contains: 'READ' } } } });
  const endsAt = new Date(Date.now() + 3_600_000).toISOString();
  const input = { providerId: idOf('huggingface'), endsAt, note: 'Moving' };
  const made = await mutate('createMaintenanceWindow', input, 'window { id isActive provider { slug } }');
  expect(made).toMatchObject({ window: { isActive: true, provider: { slug: 'huggingface' } } });
  expect((await healthOf('huggingface', stranger.key)).maintenance).toBeNull();
  breakDown('huggingface', 'models');
  await mutate('checkProviderNow', { providerId: idOf('huggingface') }, 'isOk');
  await expect.poll(async () => (await healthOf('huggingface')).status, { timeout: 15_000 }).toBe('DOWN');
  const alertsOf = (teamId: string) =>
    prisma.alert.findMany({
      where: { teamId, kind: 'provider.down', message: { contains: '' }, title: { contains: 'Hugging' } },
    });
  await expect.poll(async () => (await alertsOf(stranger.teamId)).length, { timeout: 15_000 }).toBe(1);
  expect(await alertsOf(own.teamId)).toEqual([]);
  const health = await healthOf('huggingface');
  expect(health.maintenance).toEqual({ note: 'Moving', isActive: true });
  expect(health.days[2]).toMatchObject({ downMs: 0, maintenanceMs: expect.any(Number) });
  const foreign = await mutate(
    'endMaintenanceWindow',
    { maintenanceId: made.window.id },
    'window { id }',
    stranger.key,
  );
  expect(foreign.code).toBe('NOT_FOUND');
  const ended = await mutate('endMaintenanceWindow', { maintenanceId: made.window.id }, 'window { isActive }');
  expect(ended.window.isActive).toBe(false);
  expect(
    await mutate('createMaintenanceWindow', { ...input, endsAt: '2020-01-01T00:00:00Z' }, 'window { id }'),
  ).toMatchObject({ code: 'INPUT.INVALID' });
}, 60_000);

test('subscribers hear of changes within a second, and of no other team’s providers', async () => {
  const stranger = await createTeam(server.services, 'Listeners');
  const made = await changeProviders(server, 'createProvider', {
    ...{ slug: 'own', type: 'CUSTOM', baseUrl: 'https://own.invalid/v1' },
  });
  const client = createClient({
    url: server.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${stranger.key}` },
    retryAttempts: 0,
  });
  const heard: LooseJson[] = [];
  const query = `subscription { healthEvents { __typename ... on HealthEventBase { providerId at health { status } }
    ... on HealthStatusChanged { from to } ... on ProviderChecked { isOk } ... on IncidentChanged { incident { isOpen timeline { kind } } } } }`;
  const stop = client.subscribe(
    { query },
    { next: ({ data }) => heard.push((data as LooseJson).healthEvents), error: () => {}, complete: () => {} },
  );
  try {
    await expect.poll(() => server.services.health.feed.subscriberCount, { timeout: 15_000 }).toBe(1);
    await expect
      .poll(() => server.services.health.find(decodeId(made.provider.id, 'Provider') ?? ''), { timeout: 15_000 })
      .toBeDefined();
    await mutate('checkProviderNow', { providerId: made.provider.id }, 'isOk');
    await mutate('checkProviderNow', { providerId: idOf('google') }, 'isOk');
    await expect
      .poll(() => heard.map(({ __typename }) => __typename), { timeout: 15_000 })
      .toContain('ProviderChecked');
    expect(heard.map(({ providerId }) => providerId)).not.toContain(made.provider.id);
    const refused = await send(
      server,
      `{ health(providers: ["${made.provider.id}"]) { status } }`,
      {},
      { key: stranger.key },
    );
    const missing = await send(
      server,
      `{ health(providers: ["${idOf('prv_none')}"]) { status } }`,
      {},
      { key: stranger.key },
    );
    expect(refused.errors?.[0]?.message).toBe(missing.errors?.[0]?.message);
    expect(refused.errors).toBeDefined();
  } finally {
    stop();
    await client.dispose();
  }
}, 60_000);
