import { digestOf } from '../seeded-random.ts';
import { countTokens } from '../tokens/count-tokens.ts';
import type { GenerationRequest } from './generation-request.ts';

export interface PromptTokens {
  input: number;
  cached: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
}

/** Remembers prompt prefixes per process, as the vendors' prompt caches do. */
export interface PromptCache {
  /** Counts the prompt, says which part of it was cached, and remembers it. */
  measure(request: GenerationRequest): PromptTokens;
  clear(): void;
}

const TOKENS_PER_IMAGE = 765;
const TOKENS_PER_TURN = 4;
const CAPACITY = 20_000;
const AUTOMATIC_TTL_MS = 5 * 60_000;
/** OpenAI serves cached prefixes in steps of 128 tokens. */
const OPENAI_STEP_TOKENS = 128;

export function createPromptCache(): PromptCache {
  const expiryByPrefix = new Map<string, number>();

  function remember(key: string, ttlMs: number): void {
    expiryByPrefix.delete(key);
    expiryByPrefix.set(key, Date.now() + ttlMs);
    if (expiryByPrefix.size > CAPACITY) expiryByPrefix.delete(expiryByPrefix.keys().next().value ?? '');
  }

  function measure(request: GenerationRequest): PromptTokens {
    const { model, segments, turns } = request;
    const explicit = model.vendor === 'anthropic';
    const extra = turns.length * TOKENS_PER_TURN + turns.reduce((sum, turn) => sum + turn.images * TOKENS_PER_IMAGE, 0);
    const prefixes: { key: string; tokens: number; ttl: '5m' | '1h' }[] = [];
    let tokens = 0;
    let key = model.id;
    for (const [index, segment] of segments.entries()) {
      tokens += countTokens(segment.text) * model.tokenFactor;
      const isBreakpoint = explicit ? segment.breakpoint !== undefined : tokens >= model.minCacheTokens;
      key = digestOf(`${key}\n${segment.text}`);
      if (isBreakpoint || (explicit && index === segments.length - 1)) {
        prefixes.push({
          key: isBreakpoint ? key : '',
          tokens: Math.round(tokens),
          ttl: segment.breakpoint?.ttl ?? '5m',
        });
      }
    }
    const input = Math.round(tokens) + extra;
    const cacheable = prefixes.filter((prefix) => prefix.key !== '' && prefix.tokens >= model.minCacheTokens);
    const now = Date.now();
    const hit = cacheable.findLast((prefix) => (expiryByPrefix.get(prefix.key) ?? 0) > now);
    let cached = hit?.tokens ?? 0;
    let cacheWrite5m = 0;
    let cacheWrite1h = 0;
    for (const prefix of cacheable) {
      remember(prefix.key, prefix.ttl === '1h' ? 60 * 60_000 : AUTOMATIC_TTL_MS);
    }
    const last = cacheable.at(-1);
    if (last !== undefined && last.tokens > cached && (explicit || model.reportsCacheWrites === true)) {
      if (last.ttl === '1h') cacheWrite1h = last.tokens - cached;
      else cacheWrite5m = last.tokens - cached;
    }
    if (model.vendor === 'openai') cached = Math.floor(cached / OPENAI_STEP_TOKENS) * OPENAI_STEP_TOKENS;
    if (model.vendor === 'ollama' || model.vendor === 'cohere' || model.vendor === 'custom') cached = 0;
    return { input, cached, cacheWrite5m, cacheWrite1h };
  }

  return { measure, clear: () => expiryByPrefix.clear() };
}
