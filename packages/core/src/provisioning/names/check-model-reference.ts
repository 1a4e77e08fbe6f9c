import {
  builtInModels,
  findBuiltInModel,
  lookUpPrice,
  type ProviderType,
  providerTypes,
  splitModelId,
} from '../../catalog/index.ts';
import { nearestName } from '../../kernel/index.ts';
import { providerProfiles } from '../../providers/index.ts';
import type { Configuration } from '../configuration.ts';
import type { SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';

/** Types whose vendors publish what they serve, so that an unknown name is a mistake. */
const listedTypes: ReadonlySet<ProviderType> = new Set(['openai', 'anthropic', 'google', 'cohere']);

/** Prices of every date serve to know a name, so any late instant will do. */
const lateMs = 4_102_444_800_000;

/**
 * Checks a name with a slash: the provider must be in the file or be one of the built-in ones, and its vendor should
 * know the model. `unknownModel` is how bad it is when it does not.
 */
export function checkModelReference(
  modelId: string,
  path: SourcePath,
  context: SectionContext,
  configuration: Configuration,
  unknownModel: 'error' | 'warning' = 'error',
): void {
  const parts = splitModelId(modelId);
  if (!parts) {
    context.report('INVALID_VALUE', path, 'A model is named "provider/model".', {
      suggestion: 'For example openai/gpt-5.',
    });
    return;
  }
  const { providerId, vendorModelId } = parts;
  const provider = configuration.providers.find(({ id }) => id === providerId);
  const type = provider?.type ?? providerTypes.find((candidate) => candidate === providerId);
  const { allowedProviders } = configuration;
  if (type === undefined) {
    if (context.isDeclared(providerId)) return;
    const known = [...configuration.providers.map(({ id }) => id), ...(allowedProviders ?? providerTypes)];
    const near = nearestName(providerId, known);
    context.report('UNKNOWN_PROVIDER', path, `There is no provider "${shorten(providerId)}".`, {
      suggestion:
        near === undefined
          ? `Known are ${[...new Set(known)].join(', ')}.`
          : `Did you mean "${near}/${shorten(vendorModelId)}"?`,
    });
    return;
  }
  if (allowedProviders && !allowedProviders.includes(type)) {
    context.report('NOT_ALLOWED', path, `Providers of type "${type}" are not in allowed_providers.`, {
      suggestion: `Add "${type}" there, or name a model of another provider.`,
    });
    return;
  }
  const described = provider?.models.map((model) => model.vendorModelId) ?? [];
  if (described.includes(vendorModelId) || isKnown(type, vendorModelId)) return;
  const isVendorsOwn =
    listedTypes.has(type) &&
    provider?.baseUrl === undefined &&
    !context.readVariable(providerProfiles[type].baseUrlVariable);
  const names = [
    ...described,
    ...builtInModels.filter((model) => model.providerType === type).map((model) => model.vendorModelId),
  ];
  const near = nearestName(vendorModelId, names);
  const remedy = provider
    ? `If it is right, describe the model under "models" of "${provider.id}".`
    : 'If it is right, add the provider to this file and describe the model under its "models".';
  context.report('UNKNOWN_MODEL', path, `"${shorten(vendorModelId)}" is not a known model of "${providerId}".`, {
    severity: isVendorsOwn ? unknownModel : 'warning',
    suggestion: near === undefined ? remedy : `Did you mean "${providerId}/${near}"? ${remedy}`,
  });
}

function isKnown(type: ProviderType, vendorModelId: string): boolean {
  if (findBuiltInModel(type, vendorModelId) !== undefined) return true;
  // Fine-tuned models carry names of their own.
  if (type === 'openai' && vendorModelId.startsWith('ft:')) return true;
  return listedTypes.has(type) && lookUpPrice(type, vendorModelId, lateMs) !== undefined;
}

const shorten = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
