import { resolve } from 'node:path';
import { type ProviderType, providerTypes } from '@switchyard/core/catalog';
import { readWebhookSecret } from '@switchyard/core/guardrails';
import { AddressRefusedError, checkEndpoint, providerProfiles } from '@switchyard/core/providers';
import { readMailSettings, readSingleSignOnSettings } from './auth/read-sign-in-settings.ts';
import { type AllowedNetwork, parseNetwork } from './observability/metrics-access.ts';
import { readTelemetrySettings } from './observability/tracing/telemetry-settings.ts';
import type { AlertWebhookSetting, ApiSettings, ProviderSetting, RequestLimits } from './settings.ts';

/** Read from the working directory when it is there. */
const defaultConfigurationFile = 'switchyard.yaml';

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment holds values that cannot be used; `problems` names every variable and the remedy. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads everything that comes from the environment; an empty variable counts as unset. `defaultDataDir` is absolute.
 * Throws {@link SettingsError} with all problems at once.
 */
export function readSettings(environment: Environment, defaultDataDir: string): ApiSettings {
  const problems: string[] = [];
  const read = (name: string) => {
    const value = environment[name]?.trim();
    return value === '' ? undefined : value;
  };
  const readInteger = (name: string, fallback: number, lowest: number, highest: number) => {
    const text = read(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
    problems.push(`${name} is "${text}": give a whole number from ${lowest} to ${highest}.`);
    return fallback;
  };
  const readUrl = (name: string, protocols: readonly string[]) => {
    const text = read(name);
    if (text === undefined) return undefined;
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text.replace(/\/+$/, '');
    problems.push(`${name} is not a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
    return undefined;
  };

  const allowed = readAllowedProviders(read('ALLOWED_MODEL_PROVIDERS'), problems);
  const simulator = read('SWITCHYARD_SIMULATOR') ?? 'auto';
  if (simulator !== 'auto' && simulator !== 'on' && simulator !== 'off') {
    problems.push(`SWITCHYARD_SIMULATOR is "${simulator}": give auto, on or off.`);
  }
  const readSwitch = (name: string) => {
    const text = read(name)?.toLowerCase() ?? 'false';
    if (text !== 'true' && text !== 'false') problems.push(`${name} is "${text}": give true or false.`);
    return text === 'true';
  };
  const adaptiveRouting = readFlag(read('FEATURE_MODELS_ADAPTIVE'), 'FEATURE_MODELS_ADAPTIVE', problems);
  const configPath = read('SWITCHYARD_CONFIG');
  const priceTablePath = read('MODEL_PRICING_TABLE_PATH');
  const providers = readProviders(read, readUrl).filter((provider) => allowed.includes(provider.type));
  const databaseUrl = readUrl('DATABASE_URL', ['postgres:', 'postgresql:']);
  const publicUrl = readUrl('SWITCHYARD_PUBLIC_URL', ['http:', 'https:']);
  const secret = read('SWITCHYARD_SECRET');
  if (secret !== undefined && secret.length < 32) {
    problems.push('SWITCHYARD_SECRET is too short: give at least 32 random characters.');
  }
  const previousSecret = read('SWITCHYARD_SECRET_PREVIOUS');
  const alertWebhookSecret = read('GUARDRAIL_ALERT_WEBHOOK_SECRET');
  if (alertWebhookSecret !== undefined && !readWebhookSecret(alertWebhookSecret)) {
    problems.push('GUARDRAIL_ALERT_WEBHOOK_SECRET is no secret: give whsec_ and the base64 form of 24 to 64 bytes.');
  }
  const telemetry = readTelemetrySettings(read, problems);
  const mail = readMailSettings(read, problems);
  const singleSignOn = readSingleSignOnSettings(read, problems);
  const settings: ApiSettings = {
    host: read('HOST') ?? '127.0.0.1',
    port: readInteger('PORT', 4400, 0, 65_535),
    dataDir: read('SWITCHYARD_DATA_DIR') ?? defaultDataDir,
    ...(databaseUrl && { databaseUrl }),
    ...(publicUrl && { publicUrl }),
    ...(secret && { secret }),
    ...(previousSecret && { previousSecret }),
    isPersistedOnly: readFlag(read('SWITCHYARD_PERSISTED_ONLY'), 'SWITCHYARD_PERSISTED_ONLY', problems) ?? false,
    isDevelopment: read('NODE_ENV') === 'development',
    ...(mail && { mail }),
    ...(singleSignOn && { singleSignOn }),
    ...readFirstOwner(read, problems),
    ...(adaptiveRouting !== undefined && { adaptiveRouting }),
    simulator: simulator as ApiSettings['simulator'],
    allowedProviders: allowed,
    providers,
    configurationFile: {
      path: resolve(configPath ?? defaultConfigurationFile),
      isRequired: configPath !== undefined,
      variables: environment,
    },
    ...(priceTablePath !== undefined && { priceTablePath: resolve(priceTablePath) }),
    allowsPrivateNetworks: readSwitch('SWITCHYARD_ALLOW_PRIVATE_NETWORKS'),
    alertWebhooks: readAlertWebhooks(read('GUARDRAIL_ALERT_WEBHOOK'), problems),
    ...(alertWebhookSecret !== undefined && { alertWebhookSecret }),
    limits: readLimits(readInteger),
    ...(telemetry && { telemetry }),
    metricsNetworks: readNetworks(read('SWITCHYARD_METRICS_ALLOW'), problems),
    callRecords: {
      recordDays: readInteger('SWITCHYARD_CALL_RECORD_DAYS', 30, 2, 3_650),
      spillMaxBytes: readInteger('SWITCHYARD_SPILL_MAX_MB', 256, 1, 1_000_000) * 1_000_000,
    },
    runDays: readInteger('SWITCHYARD_RUN_DAYS', 90, 1, 3_650),
    logLevel: readLogLevel(read('LOG_LEVEL'), problems),
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

/** A switch that may also be left alone. */
function readFlag(text: string | undefined, name: string, problems: string[]): boolean | undefined {
  if (text === undefined) return undefined;
  const isOn = ['1', 'true', 'on', 'yes'].includes(text.toLowerCase());
  if (isOn || ['0', 'false', 'off', 'no'].includes(text.toLowerCase())) return isOn;
  problems.push(`${name} is "${text}": give true or false.`);
  return undefined;
}

function readAllowedProviders(text: string | undefined, problems: string[]): readonly ProviderType[] {
  if (text === undefined) return providerTypes;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !providerTypes.includes(name as ProviderType));
  if (unknown.length > 0) {
    problems.push(
      `ALLOWED_MODEL_PROVIDERS names ${unknown.map((name) => `"${name}"`).join(', ')}: known are ${providerTypes.join(', ')}.`,
    );
  }
  return providerTypes.filter((type) => names.includes(type));
}

function readProviders(
  read: (name: string) => string | undefined,
  readUrl: (name: string, protocols: readonly string[]) => string | undefined,
): readonly ProviderSetting[] {
  const found: ProviderSetting[] = [];
  for (const type of providerTypes) {
    const profile = providerProfiles[type];
    const apiKey = profile.keyVariable === undefined ? undefined : read(profile.keyVariable);
    const givenUrl = readUrl(profile.baseUrlVariable, ['http:', 'https:']);
    const isWanted = profile.needsKey ? apiKey !== undefined : givenUrl !== undefined;
    const baseUrl = givenUrl ?? profile.defaultBaseUrl;
    if (!isWanted || baseUrl === undefined) continue;
    // An address in the environment was chosen by the operator of the machine, who may point it inside.
    const addressPolicy = givenUrl === undefined ? 'public-only' : 'allow-private';
    found.push({ type, baseUrl, addressPolicy, ...(apiKey !== undefined && { apiKey }) });
  }
  return found;
}

/** Hosts that tell what their webhooks take; any other is plain JSON unless a prefix says otherwise. */
const webhookHosts = [
  { type: 'slack', host: /^hooks\.slack(-gov)?\.com$/ },
  { type: 'teams', host: /(^|\.)(logic\.azure\.com|powerplatform\.com|powerautomate\.com|webhook\.office\.com)$/ },
] as const;

/** Problems name the place in the list, never the URL: its path is a secret. */
function readAlertWebhooks(text: string | undefined, problems: string[]): readonly AlertWebhookSetting[] {
  if (text === undefined) return [];
  const found: AlertWebhookSetting[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const [, prefix, url = ''] = /^(?:(slack|teams|json)\+)?(.*)$/s.exec(entry.trim()) ?? [];
    try {
      const { hostname } = checkEndpoint(url, 'allow-private');
      const byHost = webhookHosts.find(({ host }) => host.test(hostname))?.type ?? 'webhook';
      found.push({
        type: prefix === undefined ? byHost : prefix === 'json' ? 'webhook' : (prefix as 'slack' | 'teams'),
        url,
      });
    } catch (error) {
      if (!(error instanceof AddressRefusedError)) throw error;
      problems.push(`GUARDRAIL_ALERT_WEBHOOK, entry ${index + 1}: ${error.message.replace('The endpoint', 'It')}`);
    }
  }
  return found;
}

function readNetworks(text: string | undefined, problems: string[]): readonly AllowedNetwork[] {
  if (text === undefined) return [];
  return text.split(',').flatMap((entry) => {
    const network = parseNetwork(entry);
    if (!network) {
      problems.push(
        `SWITCHYARD_METRICS_ALLOW has "${entry.trim()}": give addresses or networks, for example 127.0.0.1, 10.0.0.0/8.`,
      );
    }
    return network ?? [];
  });
}

function readFirstOwner(
  read: (name: string) => string | undefined,
  problems: string[],
): Pick<ApiSettings, 'firstOwner'> {
  const email = read('SWITCHYARD_INIT_OWNER_EMAIL')?.toLowerCase();
  const password = read('SWITCHYARD_INIT_OWNER_PASSWORD');
  const apiKey = read('SWITCHYARD_INIT_API_KEY');
  if (email === undefined && password === undefined && apiKey === undefined) return {};
  if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    problems.push(
      'SWITCHYARD_INIT_OWNER_EMAIL must be an e-mail address when another SWITCHYARD_INIT_ variable is set.',
    );
  }
  if (password === undefined || password.length < 8 || password.length > 128) {
    problems.push('SWITCHYARD_INIT_OWNER_PASSWORD must have 8 to 128 characters.');
  }
  if (apiKey !== undefined && (apiKey.length < 16 || apiKey.length > 256 || /\s/.test(apiKey))) {
    problems.push('SWITCHYARD_INIT_API_KEY must have 16 to 256 characters without spaces.');
  }
  return { firstOwner: { email: email ?? '', password: password ?? '', ...(apiKey !== undefined && { apiKey }) } };
}

function readLimits(
  readInteger: (name: string, fallback: number, lowest: number, highest: number) => number,
): RequestLimits {
  return {
    graphBucketPoints: readInteger('SWITCHYARD_GRAPH_BUCKET_POINTS', 5_000, 100, 1_000_000_000),
    graphRestorePerSecond: readInteger('SWITCHYARD_GRAPH_RESTORE_PER_SECOND', 500, 1, 1_000_000_000),
    socketsPerIdentity: readInteger('SWITCHYARD_SOCKETS_PER_IDENTITY', 50, 1, 100_000),
    signInsPerMinute: readInteger('SWITCHYARD_SIGN_INS_PER_MINUTE', 30, 1, 1_000_000),
    subscriptionsPerSocket: readInteger('SWITCHYARD_SUBSCRIPTIONS_PER_SOCKET', 64, 1, 100_000),
    socketsPerAddress: readInteger('SWITCHYARD_SOCKETS_PER_ADDRESS', 200, 1, 1_000_000),
  };
}

function readLogLevel(text: string | undefined, problems: string[]): ApiSettings['logLevel'] {
  const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
  const level = levels.find((candidate) => candidate === (text ?? 'warn'));
  if (level) return level;
  problems.push(`LOG_LEVEL is "${text}": give ${levels.join(', ')}.`);
  return 'warn';
}
