import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask } from '../../testing/graph-client.ts';
import { createKey } from '../../testing/other-team.ts';
import { changeProviders, completeWith, listProviders } from '../../testing/provider-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const canary = 'sk-canary-of-the-environment-0815';

let folder: string;
let path: string;
let environment: Record<string, string>;
let server: TestServer;

const good = (more = '') => `version: 1
providers:
  - id: main
    type: openai
    base_url: SIMULATED_OPENAI
    api_key: \${MAIN_KEY}
    allow_private_network: true
    limits: { max_concurrent: 7 }
    deadlines: { first_token_ms: 5s }
    models:
      - id: gpt-5-mini
        context_window: 12345
  - id: broken
    type: openai
    base_url: SIMULATED_OPENAI
    api_key: \${BAD_KEY}
    allow_private_network: true
  - id: resting
    type: custom
    base_url: https://example.com/v1
    enabled: false
    models: [{ id: some-model }]
aliases:
  smart: main/gpt-4o-mini
  best: resilient
chains:
  resilient:
    models: [resting/some-model, smart, main/gpt-4o]
    delivery: hold-back
    content_policy: next-candidate
prices:
  - model: main/gpt-4o-mini
    input_per_million_usd: 1.25
    output_per_million_usd: 5
features:
  workflow.multiModel: true
${more}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-file-'));
  path = join(folder, 'switchyard.yaml');
  // The simulator's address is known only once it listens.
  await writeFile(path, 'version: 1\n');
  environment = { SWITCHYARD_CONFIG: path, MAIN_KEY: canary, BAD_KEY: 'sk-invalid-0000' };
  server = await startTestServer({ environment });
});
beforeEach(() => writeFile(path, 'version: 1\n').then(() => server.services.provisioner.reloadFile()));
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const write = (text: string) => writeFile(path, text.replaceAll('SIMULATED_OPENAI', server.simulator.baseUrls.openai));
const reload = async (key?: string) =>
  (
    await ask(
      server,
      `mutation { reloadConfiguration { __typename ... on UserError { code }
        ... on ReloadConfigurationSuccess { isApplied problems { severity code message path line column suggestion }
          configuration { state loadedAt } } } }`,
      {},
      key === undefined ? {} : { key },
    )
  ).reloadConfiguration;
const slugs = async () => (await listProviders(server)).map(({ slug }: { slug: string }) => slug);

describe('a good file', () => {
  test('makes providers that are read-only, marked with their line, tested and callable', async () => {
    await write(good());
    expect(await reload()).toMatchObject({ isApplied: true, configuration: { state: 'LOADED' } });
    await server.services.providers.testAll();
    const providers = Object.fromEntries(
      (await listProviders(server)).map((each: { slug: string }) => [each.slug, each]),
    );
    expect(providers.main).toMatchObject({
      source: 'FILE',
      sourceDetail: 'switchyard.yaml:3',
      isReadOnly: true,
      readOnlyReason: 'It is described in switchyard.yaml:3: change it there.',
      state: 'READY',
      keyLastFour: '0815',
      limits: { maxConcurrent: 7 },
      deadlines: { firstTokenMs: 5_000 },
    });
    expect(providers.broken).toMatchObject({ state: 'KEY_REJECTED' });
    expect(providers.broken.stateMessage).toMatch(/Incorrect API key provided.*BAD_KEY/s);
    expect(providers.resting).toMatchObject({ state: 'DISABLED', isEnabled: false });
    expect((await completeWith(server, 'main/gpt-4o-mini')).__typename).toBe('CompleteSuccess');
    const refused = await changeProviders(server, 'deleteProvider', { providerId: providers.main.id });
    expect(refused.code).toBe('PROVIDERS.READ_ONLY');
  });

  test('names stand for models: an alias, a chain, an alias of a chain', async () => {
    await write(good());
    await reload();
    const { providers } = server.services;
    const teamId = 'any-team';
    expect(providers.resolve(teamId, 'smart')).toMatchObject({
      kind: 'alias',
      targets: [{ modelId: 'main/gpt-4o-mini' }],
    });
    for (const name of ['resilient', 'best']) {
      expect(providers.resolve(teamId, name)).toMatchObject({
        requested: name,
        kind: 'chain',
        targets: [
          { modelId: 'main/gpt-4o-mini', overrides: { deadlines: { firstTokenMs: 5_000 } } },
          { modelId: 'main/gpt-4o' },
        ],
        refused: [{ modelId: 'resting/some-model' }],
        policy: { delivery: 'hold-back', retry: { onContentFilter: 'next-candidate', maxAttempts: 3 } },
      });
    }
    expect(providers.resolve(teamId, 'smrt')).toMatchObject({
      reason: expect.stringContaining('smart, best, resilient'),
    });
    expect(providers.resolve(teamId, 'main/nothing')).toMatchObject({
      reason: expect.stringContaining('offers no model'),
    });
    expect((await completeWith(server, 'best')).__typename).toBe('CompleteSuccess');
    const names = await ask(
      server,
      `{ modelAliases { name target resolvesTo source position { line } }
         failoverChains { name delivery source models { modelId isAvailable unavailableReason } }
         configuration { state fileName features { name isEnabled } } }`,
    );
    expect(names.modelAliases[1]).toMatchObject({
      name: 'best',
      target: 'resilient',
      resolvesTo: ['resting/some-model', 'main/gpt-4o-mini', 'main/gpt-4o'],
    });
    expect(names.failoverChains).toMatchObject([
      {
        name: 'resilient',
        delivery: 'HOLD_BACK',
        models: [{ isAvailable: false }, { isAvailable: true, unavailableReason: null }, { isAvailable: true }],
      },
    ]);
    expect(names.configuration.features).toEqual([{ name: 'workflow.multiModel', isEnabled: true }]);
  });

  test('prices and facts of models replace those of the library', async () => {
    await write(good());
    await reload();
    const model = server.services.providers.findModel('any-team', 'main/gpt-4o-mini');
    expect(model && server.services.providers.price('any-team', model)).toMatchObject({
      source: 'switchyard.yaml',
      price: { input: { perMillionUsd: '1.25' } },
    });
    expect(server.services.providers.findModel('any-team', 'main/gpt-5-mini')?.catalog.contextWindowTokens).toBe(
      12_345,
    );
  });

  test('is taken without being asked to when an editor replaces it', async () => {
    await write(good());
    await reload();
    await writeFile(
      `${path}.new`,
      'version: 1\nproviders:\n  - { id: late, type: ollama, base_url: "https://example.com/v1" }\n',
    );
    await rename(`${path}.new`, path);
    await expect.poll(slugs, { timeout: 5_000 }).toContain('late');
    expect(await slugs()).not.toContain('main');
  });

  test('stays in force when the file is emptied, as by an editor that writes in two steps', async () => {
    await write(good());
    await reload();
    await write('');
    expect(await reload()).toMatchObject({ isApplied: false, problems: [{ code: 'FILE_UNREADABLE' }] });
    expect(await slugs()).toContain('main');
    await write('version: 1\n');
    expect(await reload()).toMatchObject({ isApplied: true });
    expect(await slugs()).not.toContain('main');
  });

  test('leaves the connections of unchanged providers as they are', async () => {
    await write(good());
    await reload();
    const before = server.services.providers.find('any-team', 'main')?.adapter;
    await write(good('allowed_providers: [openai, custom]\n'));
    await reload();
    expect(server.services.providers.find('any-team', 'main')?.adapter).toBe(before);
    expect(before).toBeDefined();
  });
});

describe('a file that cannot be used', () => {
  test('changes nothing, and every problem is told with place and remedy', async () => {
    await write(good());
    await reload();
    await write(good().replace('base_url', 'base_ur').replace('[resting', '[resilient, resting'));
    const reading = await reload();
    expect(reading).toMatchObject({ isApplied: false, configuration: { state: 'LAST_GOOD_KEPT' } });
    expect(reading.problems.map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['UNKNOWN_FIELD', 'CYCLIC_CHAIN']),
    );
    expect(reading.problems[0]).toMatchObject({ line: 5, column: 5, suggestion: expect.stringContaining('base_url') });
    expect((await completeWith(server, 'smart')).__typename).toBe('CompleteSuccess');
    expect(server.log.text).toContain('the last good one stays in force');
    await write(good());
    expect(await reload()).toMatchObject({ isApplied: true, problems: [] });
  });

  test('that is gone leaves the last good one in force', async () => {
    await write(good());
    await reload();
    await rm(path);
    expect(await reload()).toMatchObject({ isApplied: false, problems: [{ code: 'FILE_UNREADABLE' }] });
    expect(await slugs()).toContain('main');
  });

  test('keeps a server from starting, with all problems at once', async () => {
    await write('version: 1\nproviders:\n  - { id: a, type: opena }\n  - { id: a, type: ollama, colour: red }\n');
    const error = await startTestServer({ environment }).then(
      async (started) => {
        await started.stop();
        return undefined;
      },
      (thrown: Error) => thrown,
    );
    expect(error?.name).toBe('SettingsError');
    expect(error?.message).toMatch(/switchyard\.yaml:3:\d+ .*openai/s);
    expect(error?.message).toMatch(/switchyard\.yaml:4:\d+ /);
  });
});

test('only admins reload, see the path and the problems', async () => {
  const { teamId } = await server.services.prisma.apiKey.findFirstOrThrow();
  const { key } = await createKey(server.services, { teamId }, ['READ', 'RUN']);
  expect(await reload(key)).toMatchObject({ code: 'TEAMS.FORBIDDEN' });
  const seen = await ask(server, '{ configuration { path problems { code } state } }', {}, { key });
  expect(seen.configuration).toEqual({ path: null, problems: null, state: 'LOADED' });
});

test('a team’s provider whose id the file takes later is passed over and says so', async () => {
  const made = await changeProviders(server, 'createProvider', {
    slug: 'main',
    type: 'OPENAI',
    apiKey: 'sk-of-the-team',
  });
  expect(made.provider).toMatchObject({ source: 'TEAM' });
  await write(good());
  await reload();
  const found = (await listProviders(server)).filter(({ slug }: { slug: string }) => slug === 'main');
  expect(found).toMatchObject([
    { source: 'FILE', state: expect.not.stringMatching('SHADOWED') },
    { source: 'TEAM', state: 'SHADOWED', stateMessage: expect.stringContaining('switchyard.yaml:3'), models: [] },
  ]);
  expect((await completeWith(server, 'main/gpt-4o-mini')).__typename).toBe('CompleteSuccess');
  await changeProviders(server, 'deleteProvider', { providerId: made.provider.id });
});

test('without leave of the operator nobody points a provider into the network', async () => {
  for (const baseUrl of [
    'http://127.0.0.1:8080/v1',
    'http://10.0.0.8/v1',
    'http://[::1]/v1',
    'http://localhost/v1',
    'http://2130706433/',
  ]) {
    for (const name of ['createProvider', 'testProviderConnection']) {
      const slug = name === 'createProvider' ? { slug: 'inside' } : {};
      const answer = await changeProviders(server, name, { ...slug, type: 'CUSTOM', baseUrl });
      expect(answer, baseUrl).toMatchObject({ __typename: 'ValidationError', code: 'INPUT.INVALID' });
    }
  }
  const hint = await changeProviders(server, 'createProvider', {
    slug: 'inside',
    type: 'CUSTOM',
    baseUrl: 'http://10.0.0.8/v1',
  });
  expect(hint.message).toContain('SWITCHYARD_ALLOW_PRIVATE_NETWORKS');
});

test('the keys of the environment are in no answer and no log line', async () => {
  await write(good());
  await reload();
  const text = JSON.stringify([
    await listProviders(server),
    await ask(server, '{ configuration { path problems { message } } }'),
  ]);
  expect(text).toContain('0815');
  for (const place of [text, server.log.text]) expect(place).not.toContain(canary);
});
