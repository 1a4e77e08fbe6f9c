import Anthropic from '@anthropic-ai/sdk';
import { inExchange, sdkClientOptions } from '../guarded-fetch/sdk-client-options.ts';
import type { AdapterParts, ProtocolAdapter } from '../protocol-adapter.ts';
import { createAnthropicMessagesDecoder } from './decode.ts';
import { encodeAnthropicMessages, jsonToolName } from './encode.ts';
import { anthropicFailureRules } from './errors.ts';

/** Speaks Anthropic's messages API through `@anthropic-ai/sdk`. */
export function createAnthropicMessagesProtocol({ connection, fetch }: AdapterParts): ProtocolAdapter {
  const client = new Anthropic({ ...sdkClientOptions(fetch), webhookKey: null, baseURL: connection.baseUrl });
  return {
    rules: anthropicFailureRules,
    start(call) {
      const { body, warnings, usesJsonTool, isWhole } = encodeAnthropicMessages(call);
      return {
        warnings,
        decoder: createAnthropicMessagesDecoder(usesJsonTool ? jsonToolName : undefined),
        // `messages.create` is this same request, but writes to the console about deprecated models at every call.
        open: async (exchange) => {
          await client
            .post('/v1/messages', { body, stream: !isWhole, fetchOptions: inExchange(exchange) })
            .asResponse();
        },
      };
    },
  };
}
