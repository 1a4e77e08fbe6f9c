import { embeddingModels } from '@switchyard/core/catalog';
import type { ModelResolution, OfferedModel } from '../../features/providers/provider-registry.ts';
import { automaticName } from '../../features/routing/route-call.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { respondJson } from '../respond.ts';
import type { OpenAiExchange } from './openai-exchange.ts';

/** `GET /v1/models`: what can be called now: models, and the aliases and chains of the configuration. */
export function serveModelList({ services, identity, response }: OpenAiExchange): void {
  const { providers } = services;
  const models = providers.models(identity.teamId).filter((model) => model.unavailableReason === undefined);
  const embeddings = providers
    .instancesOf(identity.teamId)
    .flatMap((instance) =>
      embeddingModels
        .filter(({ providerType }) => providerType === instance.type)
        .map(({ vendorModelId }) => providers.findModel(identity.teamId, `${instance.slug}/${vendorModelId}`)),
    )
    .filter((model) => model !== undefined && model.unavailableReason === undefined) as OfferedModel[];
  const { aliases, chains } = providers.snapshot.configuration;
  const names = [...aliases, ...chains]
    .map(({ name }) => providers.resolve(identity.teamId, name))
    .filter((resolved) => 'targets' in resolved);
  const data = [
    ...encodeAutomatic(providers.models(identity.teamId)),
    ...names.map(encodeName),
    ...models.map(encodeModel),
    ...embeddings.map(encodeModel),
  ];
  respondJson(response, 200, { object: 'list', data });
}

/** `GET /v1/models/{id}`; the slash in the id may be written as `/` or as `%2F`. */
export function serveModel({ services, identity, response }: OpenAiExchange, encodedId: string): void {
  const id = decode(encodedId);
  const automatic = id === automaticName ? encodeAutomatic(services.providers.models(identity.teamId)) : [];
  if (automatic[0]) {
    respondJson(response, 200, automatic[0]);
    return;
  }
  const resolved = services.providers.resolve(identity.teamId, id);
  if ('reason' in resolved) throw new NoEligibleModelFailure([resolved], ['model']);
  const model = services.providers.findModel(identity.teamId, id);
  respondJson(response, 200, model ? encodeModel(model) : encodeName(resolved));
}

/** No source says when a model was made, and 0 claims nothing; clients want a number. */
const created = 0;

/** The name that lets the router choose, when there is anything to choose from. */
function encodeAutomatic(models: readonly OfferedModel[]) {
  const callable = models.filter((model) => model.unavailableReason === undefined);
  const origin = callable.find(({ instance }) => instance.origin === 'live')?.instance.origin ?? 'simulated';
  if (callable.length === 0) return [];
  return [
    { id: automaticName, object: 'model', created, owned_by: 'switchyard', switchyard: { kind: 'auto', origin } },
  ];
}

/** An alias or a chain, with what it stands for now. */
function encodeName({ requested, kind, targets }: ModelResolution) {
  return {
    id: requested,
    object: 'model',
    created,
    owned_by: 'switchyard',
    switchyard: { kind, models: targets.map(({ modelId }) => modelId), origin: targets[0].origin },
  };
}

function encodeModel({ modelId, instance, catalog }: OfferedModel) {
  const { capabilities, contextWindowTokens, maxOutputTokens } = catalog;
  return {
    id: modelId,
    object: 'model',
    created,
    owned_by: instance.slug,
    switchyard: {
      display_name: catalog.displayName,
      origin: instance.origin,
      capabilities,
      context_window_tokens: contextWindowTokens ?? null,
      max_output_tokens: maxOutputTokens ?? null,
    },
  };
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
