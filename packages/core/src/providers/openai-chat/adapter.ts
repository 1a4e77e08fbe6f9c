import OpenAI from 'openai';
import { createOpenAiEmbeddings } from '../embeddings/openai-embeddings.ts';
import { inExchange, sdkClientOptions } from '../guarded-fetch/sdk-client-options.ts';
import type { AdapterParts, ProtocolAdapter } from '../protocol-adapter.ts';
import { openAiChatDecoder } from './decode.ts';
import { encodeOpenAiChat } from './encode.ts';
import { openAiChatFailureRules } from './errors.ts';

/** Speaks OpenAI's chat completions through the `openai` SDK. */
export function createOpenAiChatProtocol({ connection, profile, fetch }: AdapterParts): ProtocolAdapter {
  const client = new OpenAI({
    ...sdkClientOptions(fetch),
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: connection.baseUrl,
  });
  const quirks = profile.embeddings;
  const embeds = quirks && !(quirks.isMissingAtDefaultUrl && connection.baseUrl === profile.defaultBaseUrl);
  return {
    rules: openAiChatFailureRules,
    ...(embeds && { embeddings: createOpenAiEmbeddings(profile, quirks) }),
    start(call) {
      const { body, warnings } = encodeOpenAiChat(call, profile);
      return {
        warnings,
        decoder: openAiChatDecoder,
        open: async (exchange) => {
          await client.chat.completions.create(body as never, { fetchOptions: inExchange(exchange) }).asResponse();
        },
      };
    },
  };
}
