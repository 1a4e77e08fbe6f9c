import type { Exchange } from '../../exchange/exchange.ts';
import type { Answer } from '../../generation/answer.ts';
import { createOpaqueId, createSeededRandom } from '../../seeded-random.ts';

const BUCKETS = { requests: 50, tokens: 480_000, 'input-tokens': 400_000, 'output-tokens': 80_000 } as const;

/** One request id for header and error body. */
export function anthropicRequestId(exchange: Exchange): string {
  return `req_011C${createOpaqueId(createSeededRandom('request-id', exchange.seed, exchange.entry.id), 20)}`;
}

/** `request-id`, the four rate-limit buckets with RFC 3339 resets, and the organisation. */
export function anthropicHeaders(exchange: Exchange, answer: Answer | undefined): Record<string, string> {
  const headers: Record<string, string> = {
    'request-id': anthropicRequestId(exchange),
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
  };
  const used = {
    requests: 1,
    tokens: answer?.usage.input ?? 0,
    'input-tokens': answer?.usage.input ?? 0,
    'output-tokens': 0,
  };
  for (const [bucket, limit] of Object.entries(BUCKETS)) {
    const share = used[bucket as keyof typeof used] / limit;
    headers[`anthropic-ratelimit-${bucket}-limit`] = String(limit);
    headers[`anthropic-ratelimit-${bucket}-remaining`] = String(Math.max(0, limit - used[bucket as keyof typeof used]));
    headers[`anthropic-ratelimit-${bucket}-reset`] = new Date(Date.now() + share * 60_000)
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
  }
  return headers;
}
