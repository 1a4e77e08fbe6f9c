import type { Exchange } from '../../exchange/exchange.ts';
import type { Answer } from '../../generation/answer.ts';
import type { GenerationRequest } from '../../generation/generation-request.ts';
import { findModel, modelsOf } from '../../models/find-model.ts';
import type { ModelProfile } from '../../models/model-profile.ts';
import { createOpaqueId, digestOf, hexIdOf } from '../../seeded-random.ts';
import type { VendorProtocol } from '../chat-protocol.ts';
import { renderCompatibleProblem } from './compatible-problems.ts';
import { COMPATIBLE_PROFILES, type CompatibleProfile, type CompatibleVendor } from './compatible-profiles.ts';
import { embedTexts } from './embed-texts.ts';
import { createChatEncoder, encodeChatCompletion } from './encode-chat.ts';
import { parseChatRequest } from './parse-chat-request.ts';

const LIMIT_REQUESTS = 500;
const LIMIT_TOKENS = 200_000;

/** OpenAI writes durations as `11ms`, `1.2s`, `6m0s`. */
export function formatReset(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(1, Math.round(milliseconds))}ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${Number(seconds.toFixed(3))}s`;
  return `${Math.floor(seconds / 60)}m${Number((seconds % 60).toFixed(3))}s`;
}

function rateLimitHeaders(exchange: Exchange, answer: Answer | undefined): Record<string, string> {
  const usedTokens = (answer?.usage.input ?? 0) + 16;
  const usedRequests = 1 + (exchange.entry.id % 7);
  return {
    'x-ratelimit-limit-requests': String(LIMIT_REQUESTS),
    'x-ratelimit-limit-tokens': String(LIMIT_TOKENS),
    'x-ratelimit-remaining-requests': String(LIMIT_REQUESTS - usedRequests),
    'x-ratelimit-remaining-tokens': String(Math.max(0, LIMIT_TOKENS - usedTokens)),
    'x-ratelimit-reset-requests': formatReset((usedRequests * 60_000) / LIMIT_REQUESTS),
    'x-ratelimit-reset-tokens': formatReset((usedTokens * 60_000) / LIMIT_TOKENS),
  };
}

function requestIdOf(exchange: Exchange, profile: CompatibleProfile): string {
  const digest = hexIdOf('request-id', exchange.seed, exchange.entry.id);
  return profile.vendor === 'openai' ? `req_${digest}` : digest;
}

function describeModel(model: ModelProfile, profile: CompatibleProfile): Record<string, unknown> {
  const created = Math.floor(Date.parse(model.createdAt) / 1000);
  if (profile.vendor === 'cohere') {
    return { id: model.id, object: 'model', created, owned_by: 'cohere' };
  }
  return { id: model.id, object: 'model', created, owned_by: profile.ownedBy(model.id) };
}

/** The protocol of one vendor that speaks OpenAI's format. */
export function createCompatibleVendor(vendor: CompatibleVendor): VendorProtocol {
  const profile = COMPATIBLE_PROFILES[vendor];
  return {
    chat: {
      chunkHabit: profile.chunkHabit,
      parse: (exchange, body) => parseChatRequest(exchange, body, profile),
      createEncoder: (exchange, request, answer, options) =>
        createChatEncoder(exchange, request, answer, options, profile),
      encodeWhole: (_exchange, request: GenerationRequest, answer, options) =>
        encodeChatCompletion(request, answer, options, profile),
      streamContentType: () => (vendor === 'openai' ? 'text/event-stream; charset=utf-8' : 'text/event-stream'),
      answerId: (exchange) => profile.idPrefix + createOpaqueId(exchange.random, profile.idLength),
    },
    readKey: (exchange) => /^Bearer\s+(\S+)$/i.exec(exchange.request.headers.authorization ?? '')?.[1],
    keyOptional: vendor === 'ollama' || vendor === 'custom',
    renderProblem: (exchange, problem) => renderCompatibleProblem(exchange, problem, profile),
    headers: (exchange, processingMs, answer) => ({
      ...(profile.requestIdHeader !== undefined && { [profile.requestIdHeader]: requestIdOf(exchange, profile) }),
      ...(vendor === 'openai' && {
        'openai-processing-ms': String(Math.round(processingMs)),
        'openai-version': '2020-10-01',
        'openai-organization': 'org-simulated',
      }),
      ...(profile.rateLimitHeaders && rateLimitHeaders(exchange, answer)),
    }),
    listModels: () => ({ object: 'list', data: modelsOf(vendor).map((model) => describeModel(model, profile)) }),
    showModel: (_exchange, id) => {
      const model = findModel(vendor, id);
      return model === undefined ? undefined : describeModel(model, profile);
    },
    embed: embedTexts,
  };
}

/** Ollama's native `/api/tags`. */
export function listOllamaTags(): unknown {
  const models = modelsOf('ollama').map((model) => ({
    name: model.id.includes(':') ? model.id : `${model.id}:latest`,
    model: model.id.includes(':') ? model.id : `${model.id}:latest`,
    modified_at: model.createdAt,
    size: 2_019_393_189,
    digest: digestOf(model.id, 64),
    details: {
      parent_model: '',
      format: 'gguf',
      family: model.id.replace(/[\d.:].*$/, ''),
      families: [model.id.replace(/[\d.:].*$/, '')],
      parameter_size: '8B',
      quantization_level: 'Q4_K_M',
    },
  }));
  return { models };
}
