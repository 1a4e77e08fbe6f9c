import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@switchyard/core/kernel';
import { emptyConfiguration } from '@switchyard/core/provisioning';
import { FakeClock } from '@switchyard/core/testing';
import { describe, expect, test } from 'vitest';
import { isTrustedOrigin } from './auth/origins.ts';
import { loadOrCreateSecret } from './auth/secret.ts';
import { readSettings, SettingsError } from './env.ts';
import { AdapterPool } from './features/providers/adapter-pool.ts';
import { buildProviders } from './features/providers/build-providers.ts';

const read = (environment: Record<string, string>) => readSettings(environment, '/data');
const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
};

describe('readSettings', () => {
  test('an empty environment is usable', () => {
    expect(read({ OPENAI_API_KEY: '  ', PORT: '' })).toMatchObject({
      host: '127.0.0.1',
      port: 4400,
      dataDir: '/data',
      simulator: 'auto',
      providers: [],
    });
  });

  test('alert webhooks are known by their hosts, or say outright what they take', () => {
    const urls = [
      'https://hooks.slack.com/services/T/B/x',
      'https://prod-1.westeurope.logic.azure.com/workflows/x?sig=1',
      'slack+https://mattermost.internal/hooks/x',
      'json+https://hooks.slack.com/x',
      'http://10.0.0.7/alerts',
    ];
    const types = read({ GUARDRAIL_ALERT_WEBHOOK: urls.join(' , ') }).alertWebhooks.map(({ type }) => type);
    expect(types).toEqual(['slack', 'teams', 'slack', 'webhook', 'webhook']);
    expect(read({}).alertWebhooks).toEqual([]);
  });

  test('problems of alert webhooks name the place, never the secret address', () => {
    const problems = problemsOf({
      GUARDRAIL_ALERT_WEBHOOK:
        'https://ok.example/x, ftp://canary, https://user:canary@a.example, http://169.254.169.254/canary',
      GUARDRAIL_ALERT_WEBHOOK_SECRET: 'canary',
    });
    expect(problems.map((problem) => /entry \d|_SECRET/.exec(problem)?.[0])).toEqual([
      '_SECRET',
      'entry 2',
      'entry 3',
      'entry 4',
    ]);
    expect(problems.join()).not.toContain('canary');
  });

  test('all problems are reported at once, each with its variable', () => {
    const problems = problemsOf({
      PORT: 'x',
      DATABASE_URL: 'mysql://a',
      SWITCHYARD_PUBLIC_URL: 'nowhere',
      SWITCHYARD_SECRET: 'short',
      SWITCHYARD_SIMULATOR: 'maybe',
      ALLOWED_MODEL_PROVIDERS: 'openai,acme',
      OPENAI_BASE_URL: 'ftp://a',
      LOG_LEVEL: 'loud',
      SWITCHYARD_INIT_API_KEY: 'has space',
      SWITCHYARD_GRAPH_BUCKET_POINTS: '-1',
    });
    for (const name of [
      'PORT',
      'DATABASE_URL',
      'SWITCHYARD_PUBLIC_URL',
      'SWITCHYARD_SECRET',
      'SWITCHYARD_SIMULATOR',
      'ALLOWED_MODEL_PROVIDERS',
      'OPENAI_BASE_URL',
      'LOG_LEVEL',
      'SWITCHYARD_INIT_OWNER_EMAIL',
      'SWITCHYARD_INIT_OWNER_PASSWORD',
      'SWITCHYARD_INIT_API_KEY',
      'SWITCHYARD_GRAPH_BUCKET_POINTS',
    ]) {
      expect(
        problems.filter((problem) => problem.startsWith(name)),
        name,
      ).toHaveLength(1);
    }
    expect(problems).toHaveLength(12);
    expect(problems.join()).not.toContain('has space');
  });

  test('the providers whose variables are set, with the address policy their address asks for', () => {
    const { providers } = read({
      OPENAI_API_KEY: 'k1',
      ANTHROPIC_API_KEY: 'k2',
      ANTHROPIC_BASE_URL: 'http://10.0.0.5:9000/',
      OLLAMA_BASE_URL: 'http://localhost:11434/v1',
    });
    expect(providers).toEqual([
      expect.objectContaining({ type: 'openai', apiKey: 'k1', addressPolicy: 'public-only' }),
      expect.objectContaining({ type: 'anthropic', baseUrl: 'http://10.0.0.5:9000', addressPolicy: 'allow-private' }),
      { type: 'ollama', baseUrl: 'http://localhost:11434/v1', addressPolicy: 'allow-private' },
    ]);
  });

  test('ALLOWED_MODEL_PROVIDERS decides what exists at all', () => {
    const settings = read({
      ALLOWED_MODEL_PROVIDERS: 'anthropic, ollama',
      OPENAI_API_KEY: 'k1',
      ANTHROPIC_API_KEY: 'k2',
    });
    expect(settings.providers.map((provider) => provider.type)).toEqual(['anthropic']);
    const simulatorBaseUrls = { openai: 'http://sim/openai', anthropic: 'http://sim/anthropic' };
    const built = buildProviders(
      { settings, simulatorBaseUrls, configuration: emptyConfiguration, fileName: 'switchyard.yaml' },
      new AdapterPool({ clock: new FakeClock(), log: silentLog }),
    );
    expect(built.map(({ slug, origin, adapter }) => [slug, origin, adapter !== undefined])).toEqual([
      ['anthropic', 'live', true],
      ['simulated-anthropic', 'simulated', true],
      ['ollama', 'live', false],
    ]);
  });
});

describe('the secret', () => {
  test('is made once, readable by its owner only, and half a file is replaced', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-secret-'));
    try {
      const secret = await loadOrCreateSecret(dataDir);
      expect(secret.length).toBeGreaterThanOrEqual(32);
      expect(await loadOrCreateSecret(dataDir)).toBe(secret);
      expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600);
      await writeFile(join(dataDir, 'secret'), 'half');
      const renewed = await loadOrCreateSecret(dataDir);
      expect(renewed).not.toBe('half');
      expect((await readFile(join(dataDir, 'secret'), 'utf8')).trim()).toBe(renewed);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});

describe('isTrustedOrigin', () => {
  const local = { publicOrigin: undefined, isLoopbackOnly: true };
  const open = { publicOrigin: 'https://models.example.com', isLoopbackOnly: false };
  test.each([
    ['http://localhost:4400', 'localhost:4400', local, true],
    ['http://127.0.0.1:4400', '127.0.0.1:4400', local, true],
    ['http://localhost:4400', '127.0.0.1:4400', local, false],
    ['http://localhost:3000', 'localhost:4400', local, false],
    ['http://rebound.example:4400', 'rebound.example:4400', local, false],
    ['https://models.example.com', 'internal:4400', open, true],
    ['https://evil.example', 'models.example.com', open, false],
    ['https://models.example.com.evil.example', 'models.example.com', open, false],
    ['http://internal:4400', 'INTERNAL:4400', open, true],
    ['null', 'localhost:4400', local, false],
    ['file://', 'localhost:4400', local, false],
    ['', undefined, open, false],
  ])('%s on host %s', (origin, host, policy, isTrusted) => {
    expect(isTrustedOrigin(origin, host, policy)).toBe(isTrusted);
  });
});
