import { refuse } from '../../faults/problem-codes.ts';
import { asNumber } from '../../json-value.ts';
import { findModel, modelsOf } from '../../models/find-model.ts';
import type { ModelProfile } from '../../models/model-profile.ts';
import { createOpaqueId } from '../../seeded-random.ts';
import type { VendorProtocol } from '../chat-protocol.ts';
import { anthropicHeaders } from './anthropic-headers.ts';
import { renderAnthropicProblem } from './anthropic-problems.ts';
import { createMessageEncoder, encodeMessage } from './encode-messages.ts';
import { parseMessagesRequest } from './parse-messages-request.ts';

const DEFAULT_PAGE = 20;

function describeModel(model: ModelProfile): Record<string, unknown> {
  const line = /opus|sonnet|haiku/.exec(model.id)?.[0] ?? null;
  return {
    type: 'model',
    id: model.servedId,
    display_name: model.displayName,
    created_at: model.createdAt,
    lifecycle: 'active',
    line,
    max_input_tokens: model.contextTokens,
    max_tokens: model.maxOutputTokens,
  };
}

/** Anthropic's Messages API. */
export function createAnthropicVendor(): VendorProtocol {
  return {
    chat: {
      chunkHabit: { low: 1, high: 4, wholeToolCalls: false },
      parse: parseMessagesRequest,
      createEncoder: createMessageEncoder,
      encodeWhole: encodeMessage,
      streamContentType: () => 'text/event-stream; charset=utf-8',
      answerId: (exchange) => `msg_01${createOpaqueId(exchange.random, 22)}`,
    },
    readKey: ({ request }) => {
      const key = request.headers['x-api-key'];
      return typeof key === 'string' && key !== ''
        ? key
        : /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    },
    keyOptional: false,
    renderProblem: renderAnthropicProblem,
    headers: (exchange, _processingMs, answer) => anthropicHeaders(exchange, answer),
    listModels: ({ url }) => {
      const limit = asNumber(Number(url.searchParams.get('limit') ?? DEFAULT_PAGE)) ?? DEFAULT_PAGE;
      const all = modelsOf('anthropic').map(describeModel);
      const start = 1 + all.findIndex((model) => model.id === url.searchParams.get('after_id'));
      const data = all.slice(start, start + limit);
      return {
        data,
        has_more: start + limit < all.length,
        first_id: data[0]?.id ?? null,
        last_id: data.at(-1)?.id ?? null,
      };
    },
    showModel: (_exchange, id) => {
      const model = findModel('anthropic', id);
      return model === undefined ? undefined : describeModel(model);
    },
    embed: () => refuse({ code: 'not-found' }),
  };
}
