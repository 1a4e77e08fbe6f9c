import type { ApiSettings } from '@switchyard/api/checks';
import type { ProviderType } from '@switchyard/core/catalog';
import { silentLog } from '@switchyard/core/kernel';
import { systemClock } from '@switchyard/core/kernel/system';
import { createModelAdapter, type ProviderConnection, providerProfiles } from '@switchyard/core/providers';
import type { Configuration } from '@switchyard/core/provisioning';
import { ProviderError } from '@switchyard/core/spec';
import { type DoctorCheck, failed, passed, skipped } from './doctor-check.ts';

/** A provider that can be called, and where a person changes it. */
interface Candidate {
  readonly connection: ProviderConnection;
  readonly title: string;
  readonly keyVariable: string | undefined;
  /** `switchyard.yaml:12`, or the variable that holds the address. */
  readonly addressPlace: string;
}

/**
 * Tests the credentials of all configured providers at once, by the cheapest free call each vendor has; what has not
 * answered within `timeoutMs` counts as silent.
 */
export async function checkProviders(
  configuration: Configuration,
  settings: Pick<ApiSettings, 'providers' | 'allowedProviders'>,
  shownPath: string,
  isFileUsable: boolean,
  timeoutMs: number,
): Promise<readonly DoctorCheck[]> {
  const checks = [
    ...configuration.providers.map((provider) =>
      checkConfigured(provider, settings.allowedProviders, shownPath, timeoutMs),
    ),
    ...settings.providers
      .filter(({ type }) => !configuration.providers.some(({ id }) => id === type))
      .filter(({ type }) => configuration.allowedProviders?.includes(type) ?? true)
      .map((setting) => {
        const profile = providerProfiles[setting.type];
        return testCandidate(
          {
            connection: { id: setting.type, ...setting },
            title: profile.displayName,
            keyVariable: profile.keyVariable,
            addressPlace: profile.baseUrlVariable,
          },
          timeoutMs,
        );
      }),
  ];
  if (checks.length > 0) return Promise.all(checks);
  if (!isFileUsable)
    return [skipped('providers', 'Providers', 'Not tested, because the configuration cannot be used.')];
  const remedy = 'Set a key, for example OPENAI_API_KEY, or describe providers in switchyard.yaml.';
  return [skipped('providers', 'Providers', 'None is set up: the simulator will answer in their place.', remedy)];
}

async function checkConfigured(
  provider: Configuration['providers'][number],
  allowed: readonly ProviderType[],
  shownPath: string,
  timeoutMs: number,
): Promise<DoctorCheck> {
  const profile = providerProfiles[provider.type];
  const title = provider.displayName ?? provider.id;
  const id = `provider:${provider.id}`;
  if (!provider.isEnabled) return skipped(id, title, 'Switched off in the file.');
  if (!allowed.includes(provider.type)) {
    return skipped(id, title, `ALLOWED_MODEL_PROVIDERS leaves out "${provider.type}".`);
  }
  const baseUrl = provider.baseUrl ?? profile.defaultBaseUrl;
  if (baseUrl === undefined)
    return failed(id, title, 'It has no address.', `Add base_url in ${shownPath}:${provider.position.line}.`);
  const isKeyExpected = profile.needsKey || provider.keyVariable !== undefined;
  if (isKeyExpected && provider.apiKey === undefined) {
    const remedy =
      provider.keyVariable === undefined
        ? `Add api_key in ${shownPath}:${provider.position.line}.`
        : `Set ${provider.keyVariable} where Switchyard is started.${keyPage(provider.type, provider.baseUrl)}`;
    return failed(id, title, 'It has no key.', remedy);
  }
  return testCandidate(
    {
      connection: {
        id: provider.id,
        type: provider.type,
        baseUrl,
        ...(provider.apiKey !== undefined && { apiKey: provider.apiKey }),
        headers: provider.headers,
        addressPolicy: provider.allowsPrivateNetwork ? 'allow-private' : 'public-only',
      },
      title,
      keyVariable: provider.keyVariable,
      addressPlace: `${shownPath}:${provider.position.line}`,
    },
    timeoutMs,
  );
}

async function testCandidate(candidate: Candidate, timeoutMs: number): Promise<DoctorCheck> {
  const { connection, title } = candidate;
  const id = `provider:${connection.id}`;
  const adapter = createModelAdapter(connection, { clock: systemClock, log: silentLog });
  const signal = AbortSignal.timeout(timeoutMs);
  const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const startMs = performance.now();
  try {
    const { models } = await Promise.race([adapter.testConnection(signal), late]);
    const ms = Math.round(performance.now() - startMs);
    return passed(
      id,
      title,
      `${new URL(connection.baseUrl).host} accepts it and lists ${models.length} models (${ms} ms).`,
    );
  } catch (error) {
    if (signal.aborted) {
      const message = `${new URL(connection.baseUrl).host} has not answered within ${timeoutMs / 1_000} s.`;
      return failed(id, title, message, `Check the network, proxy and address (${candidate.addressPlace}).`);
    }
    if (!(error instanceof ProviderError)) throw error;
    return failed(id, title, error.message, remedyFor(error, candidate));
  }
}

function remedyFor(error: ProviderError, { connection, keyVariable, addressPlace }: Candidate): string {
  const key = keyVariable ?? `the key (${addressPlace})`;
  switch (error.kind) {
    case 'auth':
      return `Check ${key}.${keyPage(connection.type, connection.baseUrl)}`;
    case 'quota':
      return 'Add credit or raise the limit at the vendor; the key itself is known there.';
    case 'rate-limit':
    case 'overloaded':
    case 'server':
      return 'The vendor is busy or out of order: try again later.';
    case 'network':
    case 'timeout':
      return `Check the network, proxy and address (${addressPlace}).`;
    default:
      return `Check the address (${addressPlace}): it must be the root of the API.`;
  }
}

/** The vendor's key page, when it is the vendor's own address that is called. */
function keyPage(type: ProviderType, baseUrl: string | undefined): string {
  const { keyPageUrl, defaultBaseUrl } = providerProfiles[type];
  return keyPageUrl !== undefined && (baseUrl === undefined || baseUrl === defaultBaseUrl)
    ? ` Keys: ${keyPageUrl}`
    : '';
}
