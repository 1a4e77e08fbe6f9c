import { providerTypes } from '../../catalog/index.ts';
import type { ConfiguredModel, ConfiguredProvider } from '../configuration.ts';
import { defined } from '../schema/defined.ts';
import { list } from '../schema/fields.ts';
import { defineSection, type SectionContext } from '../section.ts';
import { formatPath, type SourcePath } from '../source/source-path.ts';
import { readBaseUrl } from './check-base-url.ts';
import { readDeadlines, readRetry } from './policy-fields.ts';
import { type GivenModel, type GivenProvider, providerSchema } from './provider-schema.ts';
import { readHeaders, readKey } from './read-credentials.ts';

export const providersSection = defineSection({
  key: 'providers',
  schema: list(providerSchema, 'providers').describe('The providers that can be called.'),
  // Without these two nothing else of a provider could be checked.
  placeholderAt: ([, index, field, ...deeper]) => {
    if (deeper.length > 0 || typeof index !== 'number') return undefined;
    return field === 'type' ? 'custom' : field === 'id' ? `provider-${index + 1}` : undefined;
  },
  read(given, context, soFar) {
    const providers: ConfiguredProvider[] = [];
    const places = new Map<string, SourcePath>();
    given.forEach((provider, index) => {
      const path = ['providers', index];
      const isTypeKnown = !context.isBroken([...path, 'type']);
      checkId(provider, path, isTypeKnown, places, context);
      if (isTypeKnown && soFar.allowedProviders && !soFar.allowedProviders.includes(provider.type)) {
        context.report('NOT_ALLOWED', [...path, 'type'], `"${provider.type}" is not in allowed_providers.`, {
          suggestion: `Add it there, or remove this provider. Allowed are ${soFar.allowedProviders.join(', ') || 'none'}.`,
        });
      }
      const allowsPrivateNetwork = provider.allow_private_network ?? false;
      const baseUrl = readBaseUrl(provider.base_url, provider.type, allowsPrivateNetwork, path, context);
      providers.push({
        id: provider.id,
        type: provider.type,
        ...defined({ displayName: provider.display_name, baseUrl }),
        ...readKey(provider, path, context),
        headers: readHeaders(provider, path, context),
        allowsPrivateNetwork,
        isEnabled: provider.enabled ?? true,
        limits: readLimits(provider, path, context),
        retry: readRetry(provider.retry, soFar.defaults.retry.backoff, [...path, 'retry'], context),
        deadlines: readDeadlines(provider.deadlines, [...path, 'deadlines'], context),
        models: readModels(provider.models ?? [], [...path, 'models'], context),
        position: context.positionOf(path),
      });
    });
    return { providers };
  },
});

function checkId(
  provider: GivenProvider,
  path: SourcePath,
  isTypeKnown: boolean,
  places: Map<string, SourcePath>,
  context: SectionContext,
) {
  const { id, type } = provider;
  const at = [...path, 'id'];
  if (context.isBroken(at)) return;
  const first = places.get(id);
  if (first) {
    const { line } = context.positionOf([...first, 'id']);
    context.report(
      'DUPLICATE_ID',
      at,
      `Two providers have the id "${id}": this one and ${formatPath(first)} in line ${line}.`,
      {
        suggestion: `Give this one another id, for example ${id}-2.`,
      },
    );
    return;
  }
  places.set(id, path);
  if (isTypeKnown && id !== type && (providerTypes as readonly string[]).includes(id)) {
    context.report(
      'RESERVED_NAME',
      at,
      `The id "${id}" is the name of a type, but this provider is of type "${type}".`,
      {
        suggestion: `Choose another id, for example ${type}-${id}.`,
      },
    );
  }
  if (id.startsWith('simulated-')) {
    context.report('RESERVED_NAME', at, 'Ids that begin with "simulated-" belong to the simulator.', {
      suggestion: `Choose another id, for example ${id.slice('simulated-'.length) || type}-2.`,
    });
  }
}

function readLimits(
  { limits }: GivenProvider,
  path: SourcePath,
  context: SectionContext,
): ConfiguredProvider['limits'] {
  if (limits === undefined) return {};
  if (limits.max_concurrent === undefined && (limits.max_queued !== undefined || limits.queue_ms !== undefined)) {
    context.report('CONTRADICTION', [...path, 'limits'], 'Nothing ever waits, because "max_concurrent" is not given.', {
      severity: 'warning',
      spot: 'key',
      suggestion: 'Add max_concurrent, or remove max_queued and queue_ms.',
    });
  }
  return defined({
    maxConcurrent: limits.max_concurrent,
    maxQueued: limits.max_queued,
    queueMs: limits.queue_ms,
    requestsPerMinute: limits.requests_per_minute,
    tokensPerMinute: limits.tokens_per_minute,
  });
}

function readModels(given: readonly GivenModel[], path: SourcePath, context: SectionContext): ConfiguredModel[] {
  const first = new Map<string, number>();
  return given.flatMap((model, index): ConfiguredModel[] => {
    const other = first.get(model.id);
    if (other !== undefined) {
      const { line } = context.positionOf([...path, other, 'id']);
      context.report('DUPLICATE_ID', [...path, index, 'id'], `The model is already described in line ${line}.`, {
        suggestion: 'Keep one of the two.',
      });
      return [];
    }
    first.set(model.id, index);
    return [
      {
        vendorModelId: model.id,
        ...defined({
          displayName: model.display_name,
          description: model.description,
          capabilities: model.capabilities && defined(model.capabilities),
          contextWindowTokens: model.context_window,
          maxOutputTokens: model.max_output_tokens,
        }),
      },
    ];
  });
}
