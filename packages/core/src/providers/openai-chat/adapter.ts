import OpenAI from 'openai';
import type { AdapterParts, ProtocolAdapter } from '../protocol-adapter.ts';
import { openAiChatDecoder } from './decode.ts';
import { encodeOpenAiChat } from './encode.ts';
import { openAiChatFailureRules } from './errors.ts';

/** Longest delay a Node timer takes: the SDK's own timeout never fires, deadlines belong to dispatch. */
const neverMs = 2_147_483_647;

/** Speaks OpenAI's chat completions through the `openai` SDK. */
export function createOpenAiChatProtocol({ connection, profile, fetch }: AdapterParts): ProtocolAdapter {
  const client = new OpenAI({
    // The real key is added by the guarded fetch; these keep the SDK from reading the environment.
    apiKey: 'kept-by-guarded-fetch',
    organization: null,
    project: null,
    webhookSecret: null,
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
    rules: openAiChatFailureRules,
    start(call) {
      const { body, warnings } = encodeOpenAiChat(call, profile);
      return {
        warnings,
        decoder: openAiChatDecoder,
        open: async (exchange) => {
          await client.chat.completions.create(body as never, { fetchOptions: { exchange } as never }).asResponse();
        },
      };
    },
  };
}
