import { googleEmbeddings } from '../embeddings/google-embeddings.ts';
import type { Exchange } from '../guarded-fetch/exchange.ts';
import type { AdapterParts, ProtocolAdapter } from '../protocol-adapter.ts';
import { googleGenerateDecoder } from './decode.ts';
import { encodeGoogleGenerate } from './encode.ts';
import { googleFailureRules } from './errors.ts';
import { loadGoogleSdk, withGoogleFetch } from './google-sdk.ts';

/** Speaks Gemini's generateContent through `@google/generative-ai`. */
export function createGoogleGenerateProtocol({ connection, fetch }: AdapterParts): ProtocolAdapter {
  // The real key is added by the guarded fetch.
  const client = new (loadGoogleSdk().GoogleGenerativeAI)('kept-by-guarded-fetch');
  const baseUrl = connection.baseUrl.replace(/\/+$/, '');
  const send = async (exchange: Exchange, isWhole: boolean, url: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(exchange, url, {
      method: 'POST',
      headers: init.headers as Headers,
      body: init.body as string,
    });
    // This SDK reads a body eagerly and wants one to read; the events go to the decoder by way of the exchange.
    return response.ok ? new Response(isWhole ? '{}' : '', { status: 200 }) : response;
  };
  return {
    rules: googleFailureRules,
    embeddings: googleEmbeddings,
    start(call) {
      const { body, warnings } = encodeGoogleGenerate(call);
      return {
        warnings,
        decoder: googleGenerateDecoder,
        async open(exchange) {
          const model = client.getGenerativeModel({ model: call.model }, { baseUrl });
          await withGoogleFetch(
            (url, init) => send(exchange, call.isWhole === true, url, init),
            async () => {
              if (call.isWhole) return model.generateContent(body as never);
              const result = await model.generateContentStream(body as never);
              // What the SDK makes of its empty body is of no interest.
              result.response.catch(() => {});
            },
          );
        },
      };
    },
  };
}
