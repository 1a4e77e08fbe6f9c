import { type ProviderType, providerTypes } from '@switchyard/core/catalog';
import type { Clock, Log } from '@switchyard/core/kernel';
import { createModelAdapter, providerProfiles } from '@switchyard/core/providers';
import type { ApiSettings } from '../../settings.ts';
import type { ProviderInstance } from './provider-instance.ts';

/**
 * The providers of this installation: live ones from the settings, simulated ones where `simulatorBaseUrls` offers
 * them, and the rest as "not configured", so that people see what to set. A simulated provider never takes the name of
 * a live one: beside it, it is called `simulated-<type>`.
 */
export function buildProviders(
  settings: Pick<ApiSettings, 'providers' | 'allowedProviders'>,
  simulatorBaseUrls: Readonly<Partial<Record<ProviderType, string>>>,
  dependencies: { readonly clock: Clock; readonly log: Log },
): readonly ProviderInstance[] {
  const instances: ProviderInstance[] = [];
  for (const type of providerTypes.filter((candidate) => settings.allowedProviders.includes(candidate))) {
    const profile = providerProfiles[type];
    const common = { type, keyVariable: profile.keyVariable, keyPageUrl: profile.keyPageUrl };
    const live = settings.providers.find((provider) => provider.type === type);
    const simulatorUrl = simulatorBaseUrls[type];
    if (live) {
      instances.push({
        ...common,
        slug: type,
        displayName: profile.displayName,
        origin: 'live',
        baseUrl: live.baseUrl,
        keyLastFour: live.apiKey?.slice(-4),
        adapter: createModelAdapter({ id: type, ...live }, dependencies),
      });
    }
    if (simulatorUrl !== undefined) {
      const slug = live ? `simulated-${type}` : type;
      const connection = {
        id: slug,
        type,
        baseUrl: simulatorUrl,
        apiKey: 'simulated',
        addressPolicy: 'allow-private',
      } as const;
      instances.push({
        ...common,
        slug,
        displayName: profile.displayName,
        origin: 'simulated',
        baseUrl: simulatorUrl,
        keyLastFour: undefined,
        adapter: createModelAdapter(connection, dependencies),
      });
    }
    if (!live && simulatorUrl === undefined) {
      instances.push({
        ...common,
        slug: type,
        displayName: profile.displayName,
        origin: 'live',
        baseUrl: profile.defaultBaseUrl,
        keyLastFour: undefined,
        adapter: undefined,
      });
    }
  }
  return instances;
}
