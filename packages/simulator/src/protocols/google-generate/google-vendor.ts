import type { Exchange } from '../../exchange/exchange.ts';
import { refuse } from '../../faults/problem-codes.ts';
import { asArray, asNumber, asRecord, asText } from '../../json-value.ts';
import { findModel, modelsOf } from '../../models/find-model.ts';
import type { ModelProfile } from '../../models/model-profile.ts';
import { createOpaqueId } from '../../seeded-random.ts';
import { countTokens } from '../../tokens/count-tokens.ts';
import type { VendorProtocol } from '../chat-protocol.ts';
import { createEmbedding } from '../create-embedding.ts';
import { createGenerateEncoder, encodeGenerated } from './encode-generate.ts';
import { renderGoogleProblem } from './google-problems.ts';
import { parseGenerateRequest } from './parse-generate-request.ts';

const DEFAULT_PAGE = 50;
const MAX_BATCH = 100;

function describeModel(model: ModelProfile): Record<string, unknown> {
  const isChat = model.kind === 'chat';
  return {
    name: `models/${model.id}`,
    version: '001',
    displayName: model.displayName,
    description: `${model.displayName} (simulated)`,
    inputTokenLimit: model.contextTokens,
    outputTokenLimit: model.maxOutputTokens,
    supportedGenerationMethods: isChat
      ? ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent']
      : ['embedContent', 'countTextTokens', 'countTokens'],
    ...(isChat && {
      temperature: 1,
      topP: 0.95,
      topK: 64,
      maxTemperature: 2,
      thinking: model.defaultEffort !== undefined,
    }),
  };
}

/** `:embedContent` and `:batchEmbedContents`. */
function embedContents(exchange: Exchange, body: unknown): unknown {
  const modelName = /\/models\/([^:/]+):/.exec(exchange.url.pathname)?.[1] ?? '';
  const model = findModel('google', modelName);
  if (model === undefined || model.kind !== 'embedding') return refuse({ code: 'model-not-found', model: modelName });
  let tokens = 0;
  const embed = (request: unknown): { values: number[] } => {
    const record = asRecord(request);
    const text = asArray(asRecord(record.content).parts)
      .map((part) => asText(asRecord(part).text))
      .join(' ');
    if (text === '')
      refuse({ code: 'invalid-request', message: '* EmbedContentRequest.content: contents is not specified\n' });
    tokens += countTokens(text);
    return {
      values: createEmbedding(
        text,
        model.id,
        asNumber(record.outputDimensionality) ?? model.embeddingDimensions ?? 768,
      ),
    };
  };
  const requests = asRecord(body).requests;
  if (Array.isArray(requests) && requests.length > MAX_BATCH)
    refuse({
      code: 'invalid-request',
      message: `* BatchEmbedContentsRequest.requests: at most ${MAX_BATCH} requests can be in one batch\n`,
    });
  const answer = Array.isArray(requests) ? { embeddings: requests.map(embed) } : { embedding: embed(body) };
  return { ...answer, ...(!exchange.fault('missing-usage') && { usageMetadata: { promptTokenCount: tokens } }) };
}

/** Google's generateContent API. */
export function createGoogleVendor(): VendorProtocol {
  return {
    chat: {
      chunkHabit: { low: 12, high: 40, wholeToolCalls: true },
      parse: parseGenerateRequest,
      createEncoder: createGenerateEncoder,
      encodeWhole: encodeGenerated,
      streamContentType: ({ url }) =>
        url.searchParams.get('alt') === 'sse' ? 'text/event-stream' : 'application/json; charset=UTF-8',
      answerId: (exchange) => createOpaqueId(exchange.random, 24),
    },
    readKey: ({ request, url }) => {
      const key = request.headers['x-goog-api-key'];
      return (typeof key === 'string' && key !== '' ? key : url.searchParams.get('key')) ?? undefined;
    },
    keyOptional: false,
    renderProblem: renderGoogleProblem,
    headers: (_exchange, processingMs) => ({
      'server-timing': `gfet4t7; dur=${Math.round(processingMs)}`,
      vary: 'Origin, X-Origin, Referer',
      'x-content-type-options': 'nosniff',
    }),
    listModels: ({ url }) => {
      const size = Number(url.searchParams.get('pageSize') ?? DEFAULT_PAGE) || DEFAULT_PAGE;
      const start = Number(url.searchParams.get('pageToken') ?? 0) || 0;
      const all = modelsOf('google');
      return {
        models: all.slice(start, start + size).map(describeModel),
        ...(start + size < all.length && { nextPageToken: String(start + size) }),
      };
    },
    showModel: (_exchange, id) => {
      const model = findModel('google', id);
      return model === undefined ? undefined : describeModel(model);
    },
    embed: embedContents,
  };
}
