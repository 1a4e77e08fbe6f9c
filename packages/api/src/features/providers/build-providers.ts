import { type ProviderType, providerTypes } from '@switchyard/core/catalog';
import { type ProviderConnection, providerProfiles } from '@switchyard/core/providers';
import type { Configuration, ConfiguredProvider } from '@switchyard/core/provisioning';
import type { ApiSettings, ProviderSetting } from '../../settings.ts';
import type { AdapterPool } from './adapter-pool.ts';
import { describeConfiguredModel } from './describe-model.ts';
import type { ProviderBlock, ProviderInstance } from './provider-instance.ts';

/** What the providers of the whole installation are made of. */
export interface InstallationSources {
  readonly settings: Pick<ApiSettings, 'providers' | 'allowedProviders'>;
  readonly configuration: Pick<Configuration, 'providers' | 'allowedProviders'>;
  /** Name of the configuration file, for people. */
  readonly fileName: string;
  readonly simulatorBaseUrls: Readonly<Partial<Record<ProviderType, string>>>;
}

/** The types that the environment and the file both allow. */
export function allowedTypes({
  settings,
  configuration,
}: Pick<InstallationSources, 'settings' | 'configuration'>): readonly ProviderType[] {
  const { allowedProviders } = configuration;
  return settings.allowedProviders.filter((type) => allowedProviders === undefined || allowedProviders.includes(type));
}

/**
 * The providers of the whole installation in catalogue order: those of the file, those of the environment whose id the
 * file has not taken, simulated ones where the simulator offers them, and the rest as "not configured", so that people
 * see what to set. A simulated provider never takes the name of a live one: beside it, it is called `simulated-<type>`.
 */
export function buildProviders(sources: InstallationSources, pool: AdapterPool): readonly ProviderInstance[] {
  const allowed = allowedTypes(sources);
  const fromFile = sources.configuration.providers
    .filter(({ type }) => allowed.includes(type))
    .map((provider) => buildFromFile(provider, sources.fileName, pool));
  const fileIds = new Set(fromFile.map(({ slug }) => slug));
  const fromEnvironment = sources.settings.providers
    .filter(({ type }) => allowed.includes(type) && !fileIds.has(type))
    .map((setting) => buildFromEnvironment(setting, pool));
  const live = [...fromEnvironment, ...fromFile];
  const taken = new Set(live.map(({ slug }) => slug));
  const instances = providerTypes.flatMap((type) => {
    const ofType = live.filter((instance) => instance.type === type);
    if (!allowed.includes(type)) return [];
    const simulatorUrl = sources.simulatorBaseUrls[type];
    if (simulatorUrl !== undefined) return [...ofType, buildSimulated(type, simulatorUrl, taken, pool)];
    return ofType.length > 0 || taken.has(type) ? ofType : [buildUnconfigured(type)];
  });
  return instances;
}

/** Whether an instance only tells what could be set up: its name is free. */
export function isPlaceholder(instance: ProviderInstance): boolean {
  return instance.source === 'environment' && instance.adapter === undefined;
}

function describeType(type: ProviderType) {
  const { displayName, keyVariable, keyPageUrl } = providerProfiles[type];
  return { type, displayName, keyVariable, keyPageUrl, teamId: undefined };
}

const nothingSet = {
  hasKey: false,
  keyLastFour: undefined,
  headerNames: [],
  limits: {},
  retry: {},
  deadlines: {},
  configuredModels: [],
  isEnabled: true,
  block: undefined,
} as const;

function buildFromEnvironment(setting: ProviderSetting, pool: AdapterPool): ProviderInstance {
  const { type, baseUrl, apiKey } = setting;
  const profile = providerProfiles[type];
  return {
    ...describeType(type),
    ...nothingSet,
    ...pool.take({ id: type, ...setting }),
    id: type,
    slug: type,
    origin: 'live',
    source: 'environment',
    sourceDetail: apiKey === undefined ? profile.baseUrlVariable : profile.keyVariable,
    baseUrl,
    hasKey: apiKey !== undefined,
    keyLastFour: apiKey === undefined ? undefined : lastFour(apiKey),
  };
}

function buildFromFile(provider: ConfiguredProvider, fileName: string, pool: AdapterPool): ProviderInstance {
  const { id, type, apiKey, headers, limits, retry, deadlines, isEnabled } = provider;
  const profile = providerProfiles[type];
  const baseUrl = provider.baseUrl ?? profile.defaultBaseUrl;
  const sourceDetail = `${fileName}:${provider.position.line}`;
  const common = { ...describeType(type), displayName: provider.displayName ?? profile.displayName, slug: id };
  const block = findBlock(provider, baseUrl, sourceDetail);
  const connection: ProviderConnection | undefined =
    block || baseUrl === undefined
      ? undefined
      : {
          id,
          type,
          baseUrl,
          headers,
          addressPolicy: provider.allowsPrivateNetwork ? 'allow-private' : 'public-only',
          ...(apiKey !== undefined && { apiKey }),
        };
  return {
    ...common,
    ...(connection ? pool.take(connection) : { adapter: undefined, connectionKey: `none ${id}` }),
    id,
    origin: 'live',
    source: 'file',
    sourceDetail,
    baseUrl,
    keyVariable: provider.keyVariable ?? profile.keyVariable,
    hasKey: apiKey !== undefined,
    keyLastFour: apiKey === undefined ? undefined : lastFour(apiKey),
    headerNames: Object.keys(headers),
    limits,
    retry,
    deadlines,
    configuredModels: provider.models.map((model) => describeConfiguredModel(common, model)),
    isEnabled,
    block,
  };
}

function findBlock(
  provider: ConfiguredProvider,
  baseUrl: string | undefined,
  sourceDetail: string,
): ProviderBlock | undefined {
  const profile = providerProfiles[provider.type];
  if (!provider.isEnabled) return { state: 'DISABLED', message: `It is switched off in ${sourceDetail}.` };
  if (baseUrl === undefined) return { state: 'KEY_MISSING', message: `Give it a base_url in ${sourceDetail}.` };
  const isKeyMissing = provider.apiKey === undefined && (profile.needsKey || provider.keyVariable !== undefined);
  if (!isKeyMissing) return undefined;
  const { keyVariable } = provider;
  const message =
    keyVariable === undefined
      ? `Give it an api_key in ${sourceDetail}.`
      : `Set ${keyVariable}, which ${sourceDetail} names, and restart.`;
  return { state: 'KEY_MISSING', message };
}

function buildSimulated(
  type: ProviderType,
  baseUrl: string,
  taken: ReadonlySet<string>,
  pool: AdapterPool,
): ProviderInstance {
  const names = [type, `simulated-${type}`, `switchyard-simulated-${type}`];
  const slug = names.find((name) => !taken.has(name)) ?? `simulated-simulated-${type}`;
  return {
    ...describeType(type),
    ...nothingSet,
    ...pool.take({ id: slug, type, baseUrl, apiKey: 'simulated', addressPolicy: 'allow-private' }),
    id: slug,
    slug,
    origin: 'simulated',
    source: 'simulator',
    sourceDetail: undefined,
    baseUrl,
  };
}

function buildUnconfigured(type: ProviderType): ProviderInstance {
  const profile = providerProfiles[type];
  const where = profile.keyPageUrl === undefined ? '' : ` (keys: ${profile.keyPageUrl})`;
  const message = profile.needsKey
    ? `Set ${profile.keyVariable} and restart${where}.`
    : `Set ${profile.baseUrlVariable} to the address of your server and restart.`;
  return {
    ...describeType(type),
    ...nothingSet,
    id: type,
    slug: type,
    origin: 'live',
    source: 'environment',
    sourceDetail: profile.needsKey ? profile.keyVariable : profile.baseUrlVariable,
    baseUrl: profile.defaultBaseUrl,
    block: { state: 'KEY_MISSING', message },
    connectionKey: `none ${type}`,
    adapter: undefined,
  };
}

/** The last four characters of a key; none of a short one, of which they would give away too much. */
export function lastFour(key: string): string | undefined {
  return key.length >= 12 ? key.slice(-4) : undefined;
}
