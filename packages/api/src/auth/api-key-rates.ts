import type { Clock } from '@switchyard/core/kernel';
import { RateLimitedFailure } from '../user-errors.ts';
import type { ApiKeyRules } from './api-key-rules.ts';

const minuteMs = 60_000;
const maxKept = 10_000;

/** How much of one limit is left, as clients are told it. */
export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Until all of it is back. */
  readonly resetMs: number;
}

export interface KeyRateState {
  readonly requests?: RateState | undefined;
  readonly tokens?: RateState | undefined;
}

/** A call that was let in. */
export interface AdmittedCall {
  /** The tokens that it really used, in and out, in place of what was taken for its input. To be called once. */
  settle(tokens: number): void;
}

interface Bucket {
  level: number;
  updatedAtMs: number;
}

/**
 * Token buckets of calls and of tokens, one of each per key and process: full at first, refilled steadily. Several
 * processes each give out an equal share of the limit: a call then asks nobody, and a database that is slow or away
 * neither holds calls up nor lets them through. The price: a client that stays on one of n processes gets 1/n of the limit.
 */
export class ApiKeyRates {
  readonly #clock: Clock;
  #processes = 1;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many processes serve this installation now. */
  shareAmong(processes: number): void {
    this.#processes = Math.max(1, processes);
  }

  /**
   * Takes one request, and `inputTokens` until it is known what the call used. Throws `RateLimitedFailure` and takes
   * nothing when the key has no room. More input than the whole limit passes when the bucket is full.
   */
  admit(rules: ApiKeyRules, inputTokens: () => number): AdmittedCall {
    const requests = this.#bucketOf('r', rules.keyId, rules.requestsPerMinute);
    const tokens = this.#bucketOf('t', rules.keyId, rules.tokensPerMinute);
    const wantedTokens = tokens ? Math.max(1, Math.min(inputTokens(), tokens.size)) : 0;
    const waitMs = Math.max(waitFor(requests, 1), waitFor(tokens, wantedTokens));
    if (waitMs > 0) {
      const isRequests = waitFor(requests, 1) > 0;
      const limit = isRequests ? `${rules.requestsPerMinute} requests` : `${rules.tokensPerMinute} tokens`;
      const message = `This API key may use ${limit} a minute. Try again in ${Math.ceil(waitMs / 1_000)} seconds.`;
      throw new RateLimitedFailure(message, waitMs, toRateHeaders(this.stateOf(rules)));
    }
    if (requests) requests.bucket.level -= 1;
    if (tokens) tokens.bucket.level -= wantedTokens;
    return {
      settle: (used) => {
        if (tokens) tokens.bucket.level = Math.min(tokens.size, tokens.bucket.level + wantedTokens - used);
      },
    };
  }

  stateOf(rules: ApiKeyRules): KeyRateState {
    const describe = (kind: 'r' | 't', limit: number | undefined): RateState | undefined => {
      const found = this.#bucketOf(kind, rules.keyId, limit);
      if (!found || limit === undefined) return undefined;
      const { bucket, size, perMs } = found;
      const remaining = Math.max(0, Math.floor(bucket.level));
      return { limit, remaining, resetMs: Math.ceil((size - bucket.level) / perMs) };
    };
    return { requests: describe('r', rules.requestsPerMinute), tokens: describe('t', rules.tokensPerMinute) };
  }

  #bucketOf(kind: 'r' | 't', keyId: string, limit: number | undefined): FilledBucket | undefined {
    if (limit === undefined) return undefined;
    const share = limit / this.#processes;
    const size = Math.max(1, share);
    const perMs = share / minuteMs;
    const nowMs = this.#clock.monotonicMs();
    // A limit that was changed holds at once: it is part of neither name nor level.
    const name = `${kind}:${keyId}`;
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      if (this.#buckets.size >= maxKept) this.#dropOldest();
      bucket = { level: size, updatedAtMs: nowMs };
      this.#buckets.set(name, bucket);
    }
    bucket.level = Math.min(size, bucket.level + (nowMs - bucket.updatedAtMs) * perMs);
    bucket.updatedAtMs = nowMs;
    return { bucket, size, perMs };
  }

  #dropOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

interface FilledBucket {
  readonly bucket: Bucket;
  readonly size: number;
  readonly perMs: number;
}

function waitFor(found: FilledBucket | undefined, wanted: number): number {
  if (!found || found.bucket.level >= wanted) return 0;
  return Math.ceil((wanted - found.bucket.level) / found.perMs);
}

/** In the names that clients of OpenAI's API know. */
export function toRateHeaders({ requests, tokens }: KeyRateState): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, state] of [
    ['requests', requests],
    ['tokens', tokens],
  ] as const) {
    if (!state) continue;
    headers[`x-ratelimit-limit-${name}`] = String(state.limit);
    headers[`x-ratelimit-remaining-${name}`] = String(state.remaining);
    headers[`x-ratelimit-reset-${name}`] = `${(Math.ceil(state.resetMs / 100) / 10).toFixed(1)}s`;
  }
  return headers;
}
