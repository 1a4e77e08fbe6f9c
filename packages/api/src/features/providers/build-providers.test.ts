import type { ProviderType } from '@switchyard/core/catalog';
import { silentLog } from '@switchyard/core/kernel';
import { type Configuration, type ConfiguredProvider, emptyConfiguration } from '@switchyard/core/provisioning';
import { FakeClock } from '@switchyard/core/testing';
import { describe, expect, test } from 'vitest';
import type { ProviderModel } from '../../generated/prisma/models.ts';
import type { ApiSettings } from '../../settings.ts';
import { AdapterPool } from './adapter-pool.ts';
import { allowedTypes, buildProviders, isPlaceholder } from './build-providers.ts';
import { buildTeamProviders } from './build-team-providers.ts';
import { CredentialVault } from './credential-vault.ts';
import { ProviderRegistry } from './provider-registry.ts';
import { ProviderSnapshot } from './provider-snapshot.ts';

const clock = new FakeClock();
const vault = new CredentialVault('a secret of this installation, long enough');

const inFile = (id: string, type: ProviderType, more: Partial<ConfiguredProvider> = {}): ConfiguredProvider => ({
  id,
  type,
  apiKey: `file-key-of-${id}`,
  headers: {},
  allowsPrivateNetwork: false,
  isEnabled: true,
  limits: {},
  retry: {},
  deadlines: {},
  models: [],
  position: { line: 4, column: 5 },
  ...more,
});

const inEnvironment = (type: ProviderType): ApiSettings['providers'][number] => ({
  type,
  baseUrl: 'https://env.example/v1',
  apiKey: `environment-key-of-${type}`,
  addressPolicy: 'public-only',
});

const row = (teamId: string, slug: string, more: Partial<ProviderModel> = {}): ProviderModel => ({
  id: `prv_${teamId}_${slug}`,
  teamId,
  createdById: null,
  slug,
  type: 'openai',
  displayName: null,
  baseUrl: 'https://team.example/v1',
  sealedKey: vault.seal('team-key', {
    teamId,
    rowId: `prv_${teamId}_${slug}`,
    origin: 'https://team.example',
    purpose: 'api-key',
  }),
  keyLastFour: null,
  sealedHeaders: null,
  credentialOrigin: 'https://team.example',
  limits: {},
  retry: {},
  deadlines: {},
  models: [],
  isEnabled: true,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  ...more,
});

interface Sources {
  readonly environment?: ApiSettings['providers'];
  readonly allowed?: readonly ProviderType[];
  readonly configuration?: Partial<Configuration>;
  readonly simulated?: Partial<Record<ProviderType, string>>;
  readonly rows?: readonly ProviderModel[];
}

function registryOf({ environment = [], allowed, configuration, simulated = {}, rows = [] }: Sources) {
  const pool = new AdapterPool({ clock, log: silentLog });
  const whole = { ...emptyConfiguration, ...configuration };
  const sources = {
    settings: { providers: environment, allowedProviders: allowed ?? (['openai', 'anthropic', 'custom'] as const) },
    configuration: whole,
    fileName: 'switchyard.yaml',
    simulatorBaseUrls: simulated,
  };
  const installation = buildProviders(sources, pool);
  const takenIds = new Map(
    installation.filter((each) => !isPlaceholder(each)).map(({ slug, source }) => [slug, source]),
  );
  const rules = { vault, takenIds, allowedTypes: allowedTypes(sources), allowsPrivateNetworks: false };
  const ofTeams = buildTeamProviders(rows, rules, pool);
  const registry = new ProviderRegistry(clock);
  registry.replace(new ProviderSnapshot({ installation, ofTeams, configuration: whole, fileName: 'switchyard.yaml' }));
  return registry;
}

const summary = (registry: ProviderRegistry, teamId = 'a') =>
  registry.instancesOf(teamId).map(({ slug, source, block }) => `${slug} ${source}${block ? ` ${block.state}` : ''}`);

describe('which provider stands for an id', () => {
  test('the file goes before the environment, which goes before the simulator', () => {
    const registry = registryOf({
      environment: [inEnvironment('openai'), inEnvironment('anthropic')],
      configuration: { providers: [inFile('openai', 'openai'), inFile('eu', 'openai')] },
      simulated: { openai: 'http://127.0.0.1/openai', custom: 'http://127.0.0.1/custom' },
    });
    expect(summary(registry)).toEqual([
      'openai file',
      'eu file',
      'simulated-openai simulator',
      'anthropic environment',
      'custom simulator',
    ]);
  });

  test('a team takes the place of what nobody set up, and never of what the installation describes', () => {
    const registry = registryOf({
      environment: [inEnvironment('anthropic')],
      rows: [row('a', 'openai'), row('a', 'anthropic'), row('b', 'openai')],
    });
    expect(summary(registry, 'a')).toEqual([
      'anthropic environment',
      'custom environment KEY_MISSING',
      'openai team',
      'anthropic team SHADOWED',
    ]);
    expect(summary(registry, 'c')).toEqual([
      'openai environment KEY_MISSING',
      'anthropic environment',
      'custom environment KEY_MISSING',
    ]);
    const target = registry.resolveTarget('a', 'anthropic/claude-haiku-4-5');
    expect(target).toHaveProperty('adapter');
    expect(target).not.toHaveProperty('instanceId');
  });

  test("a custom endpoint of one's own does not offer the models of the simulator", () => {
    const baseUrl = 'https://own.example/v1';
    const registry = registryOf({
      configuration: { providers: [inFile('own', 'custom', { baseUrl })] },
      simulated: { custom: 'http://127.0.0.1/custom' },
    });
    expect(registry.resolveTarget('a', 'custom/demo-embedding')).toHaveProperty('adapter');
    expect(registry.resolveTarget('a', 'own/demo-embedding')).toHaveProperty('reason');
  });

  test('two teams with one id share neither circuit, limit nor connection', () => {
    const registry = registryOf({ rows: [row('a', 'own', { limits: { maxConcurrent: 2 } }), row('b', 'own')] });
    const [ofA, ofB] = ['a', 'b'].map((teamId) => registry.resolveTarget(teamId, 'own/gpt-4o-mini'));
    if (!ofA || !ofB || 'reason' in ofA || 'reason' in ofB) throw new Error('Both can be called.');
    expect(ofA.providerId).toBe(ofB.providerId);
    expect(ofA.instanceId).not.toBe(ofB.instanceId);
    expect(ofA.adapter).not.toBe(ofB.adapter);
    expect(registry.limitsOf(ofA.instanceId ?? '')).toEqual({ maxConcurrent: 2 });
    expect(registry.limitsOf(ofB.instanceId ?? '')).toEqual({});
    expect(registry.resolve('c', 'own/gpt-4o-mini')).toMatchObject({ reason: expect.stringContaining('no provider') });
  });

  test('what environment and file both allow restricts all of them', () => {
    const registry = registryOf({
      allowed: ['openai', 'anthropic'],
      environment: [inEnvironment('anthropic'), inEnvironment('custom')],
      configuration: {
        allowedProviders: ['openai', 'custom'],
        providers: [inFile('eu', 'openai'), inFile('other', 'custom', { baseUrl: 'https://x.example/v1' })],
      },
      simulated: { anthropic: 'http://127.0.0.1/anthropic' },
      rows: [row('a', 'own'), row('a', 'mine', { type: 'anthropic' })],
    });
    expect(summary(registry)).toEqual(['eu file', 'own team', 'mine team DISABLED']);
  });
});

describe('a team’s row', () => {
  test('with a key of another origin, another row or another team cannot be called', () => {
    const stolen = row('a', 'own').sealedKey;
    const registry = registryOf({
      rows: [
        row('a', 'moved', { baseUrl: 'https://evil.example/v1' }),
        row('a', 'copied', { sealedKey: stolen }),
        row('b', 'own', { sealedKey: stolen }),
      ],
    });
    for (const [teamId, slug] of [
      ['a', 'moved'],
      ['a', 'copied'],
      ['b', 'own'],
    ] as const) {
      const refusal = registry.resolveTarget(teamId, `${slug}/gpt-4o-mini`);
      expect(refusal, slug).toMatchObject({ reason: expect.stringContaining('another address') });
    }
  });

  test('without a key says what is missing; of an unknown type it is left out', () => {
    const registry = registryOf({
      rows: [row('a', 'bare', { sealedKey: null }), row('a', 'new', { type: 'quantum' })],
    });
    expect(summary(registry)).toContain('bare team KEY_MISSING');
    expect(summary(registry).some((line) => line.startsWith('new'))).toBe(false);
  });
});

describe('prices of the file', () => {
  const price = (perMillionUsd: string) => ({ input: { perMillionUsd }, output: { perMillionUsd } });
  const position = { line: 1, column: 1 };
  const priceAt = (registry: ProviderRegistry, modelId: string) => {
    const model = registry.findModel('a', modelId);
    return model && registry.price('a', model);
  };

  test('the newest that has begun holds; the model’s own goes before the catalogue’s', () => {
    const registry = registryOf({
      environment: [inEnvironment('openai')],
      configuration: {
        providers: [inFile('eu', 'openai')],
        prices: [
          { model: 'openai/gpt-4o', price: price('1'), position },
          { model: 'openai/gpt-4o', price: price('2'), effectiveFrom: '1970-01-01', position },
          { model: 'openai/gpt-4o', price: price('3'), effectiveFrom: '2999-01-01', position },
          { model: 'eu/gpt-4o', price: price('4'), position },
        ],
      },
    });
    expect(priceAt(registry, 'openai/gpt-4o')).toMatchObject({
      price: { input: { perMillionUsd: '2' } },
      source: 'switchyard.yaml',
      effectiveFrom: '1970-01-01',
    });
    expect(priceAt(registry, 'eu/gpt-4o')?.price.input.perMillionUsd).toBe('4');
    expect(priceAt(registry, 'openai/gpt-4o-mini')?.source).toContain('genai-prices');
  });
});
