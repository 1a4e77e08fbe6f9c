import type { OfferedModel } from '../../features/providers/provider-registry.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { respondJson } from '../respond.ts';
import type { OpenAiExchange } from './openai-exchange.ts';

/** `GET /v1/models`: what can be called now. */
export function serveModelList({ services, identity, response }: OpenAiExchange): void {
  const models = services.providers.models(identity.teamId).filter((model) => model.unavailableReason === undefined);
  respondJson(response, 200, { object: 'list', data: models.map(encodeModel) });
}

/** `GET /v1/models/{id}`; the slash in the id may be written as `/` or as `%2F`. */
export function serveModel({ services, identity, response }: OpenAiExchange, encodedId: string): void {
  const id = decode(encodedId);
  const target = services.providers.resolveTarget(identity.teamId, id);
  if ('reason' in target) throw new NoEligibleModelFailure([target], ['model']);
  const model = services.providers.findModel(identity.teamId, id);
  if (model) respondJson(response, 200, encodeModel(model));
}

/** No source says when a model was made, and 0 claims nothing; clients want a number. */
const created = 0;

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
