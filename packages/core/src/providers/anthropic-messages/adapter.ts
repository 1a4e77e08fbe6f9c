import Anthropic from '@anthropic-ai/sdk';
import type { AdapterParts, ProtocolAdapter } from '../protocol-adapter.ts';
import { createAnthropicMessagesDecoder } from './decode.ts';
import { encodeAnthropicMessages, jsonToolName } from './encode.ts';
import { anthropicFailureRules } from './errors.ts';

/** Longest delay a Node timer takes: the SDK's own timeout never fires, deadlines belong to dispatch. */
const neverMs = 2_147_483_647;

/** Speaks Anthropic's messages API through `@anthropic-ai/sdk`. */
export function createAnthropicMessagesProtocol({ connection, fetch }: AdapterParts): ProtocolAdapter {
  const client = new Anthropic({
    // The real key is added by the guarded fetch; a key given here keeps the SDK from looking for others.
    apiKey: 'kept-by-guarded-fetch',
    webhookKey: null,
    baseURL: connection.baseUrl,
    maxRetries: 0,
    timeout: neverMs,
    logLevel: 'off',
    fetch: (url, init) => {
      const { exchange, ...rest } = init as unknown as Parameters<typeof fetch>[2] & {
        exchange: Parameters<typeof fetch>[0];
      };
      return fetch(exchange, String(url), rest);
    },
  });
  return {
    rules: anthropicFailureRules,
    start(call) {
      const { body, warnings, usesJsonTool } = encodeAnthropicMessages(call);
      return {
        warnings,
        decoder: createAnthropicMessagesDecoder(usesJsonTool ? jsonToolName : undefined),
        // `messages.create` is this same request, but writes to the console about deprecated models at every call.
        open: async (exchange) => {
          await client.post('/v1/messages', { body, stream: true, fetchOptions: { exchange } as never }).asResponse();
        },
      };
    },
  };
}
