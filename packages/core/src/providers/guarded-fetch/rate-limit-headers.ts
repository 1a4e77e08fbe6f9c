import type { RateLimitState } from '../../spec/index.ts';
import { type HeaderMap, headerOf } from './header-map.ts';
import { millisecondsUntil, parseDurationMs } from './retry-hints.ts';

/** `x-ratelimit-<field>-<bucket>` (OpenAI and compatible) and `anthropic-ratelimit-<bucket>-<field>`. */
const openAiForm = /^x-ratelimit-(limit|remaining|reset)-([a-z-]+)$/;
const anthropicForm = /^anthropic-ratelimit-([a-z-]+)-(limit|remaining|reset)$/;

/** Reads the rate-limit buckets out of an answer's headers, in the order in which they stand there. */
export function readRateLimits(headers: HeaderMap, nowMs: number): readonly RateLimitState[] {
  const buckets = new Map<string, { limit?: number; remaining?: number; resetsInMs?: number }>();
  for (const name in headers) {
    if (!name.includes('ratelimit')) continue;
    const openAi = openAiForm.exec(name);
    const anthropic = openAi ? null : anthropicForm.exec(name);
    const bucket = openAi?.[2] ?? anthropic?.[1];
    const field = openAi?.[1] ?? anthropic?.[2];
    const value = headerOf(headers, name);
    if (bucket === undefined || field === undefined || value === undefined) continue;
    const state = buckets.get(bucket) ?? {};
    buckets.set(bucket, state);
    if (field === 'reset') {
      const resetsInMs = parseDurationMs(value) ?? millisecondsUntil(value, nowMs);
      if (resetsInMs !== undefined) state.resetsInMs = resetsInMs;
    } else if (/^\d+$/.test(value)) state[field === 'limit' ? 'limit' : 'remaining'] = Number(value);
  }
  return [...buckets].map(([bucket, state]) => ({ bucket, ...state }));
}
