import { type CatalogModel, findBuiltInModel, type ProviderType } from '@switchyard/core/catalog';
import type { ConfiguredModel } from '@switchyard/core/provisioning';

/** The instance's own facts that a model's description names. */
interface Offerer {
  readonly slug: string;
  readonly type: ProviderType;
  readonly displayName: string;
}

const unknownCapabilities = {
  text: true,
  vision: false,
  tools: false,
  json: false,
  reasoning: false,
  streaming: true,
} as const;

/** A model that the vendor lists and no catalogue knows. */
export function describeUnknownModel(offerer: Offerer, vendorModelId: string): CatalogModel {
  return {
    id: `${offerer.slug}/${vendorModelId}`,
    providerType: offerer.type,
    vendorModelId,
    displayName: vendorModelId,
    description: `Listed by ${offerer.displayName}; not in the catalogue, so its abilities are unknown.`,
    capabilities: unknownCapabilities,
    useCases: [],
    equivalents: [],
  };
}

/** A model as the configuration describes it: the catalogue's facts, replaced one by one by what was written. */
export function describeConfiguredModel(offerer: Offerer, configured: ConfiguredModel): CatalogModel {
  const { vendorModelId, displayName, description, capabilities, contextWindowTokens, maxOutputTokens } = configured;
  const known = findBuiltInModel(offerer.type, vendorModelId) ?? {
    ...describeUnknownModel(offerer, vendorModelId),
    description: `Configured for ${offerer.displayName}.`,
  };
  return {
    ...known,
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(contextWindowTokens !== undefined && { contextWindowTokens }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    capabilities: { ...known.capabilities, ...capabilities },
  };
}
