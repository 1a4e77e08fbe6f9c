import type { RateLimitState } from './rate-limit-state.ts';

export const providerErrorKinds = [
  'auth',
  'quota',
  'rate-limit',
  'overloaded',
  'server',
  'timeout',
  'network',
  'invalid-request',
  'context-length',
  'content-filter',
  'model-not-found',
  'invalid-response',
  'budget',
  'cancelled',
] as const;

/**
 * What went wrong at a vendor: `auth` bad key, `quota` exhausted credit (waiting does not help), `rate-limit` too fast
 * (waiting helps), `overloaded` no capacity, `invalid-response` cut, malformed or unfinished answer. `budget` was never sent: a budget or
 * limit of the team's own stands against it.
 */
export type ProviderErrorKind = (typeof providerErrorKinds)[number];

/** Failures of calls that were made: a budget keeps one from being made. */
export const callFailureKinds = providerErrorKinds.filter(
  (kind) => kind !== 'budget',
) as readonly ProviderErrorKind[] as readonly [ProviderErrorKind, ...ProviderErrorKind[]];

/** Who has to act. `caller`: the request itself; `operator`: key, quota, model name; `client`: we were told to stop. */
export type ErrorBlame = 'caller' | 'operator' | 'provider' | 'client';

const blameByKind: Readonly<Record<ProviderErrorKind, ErrorBlame>> = {
  auth: 'operator',
  quota: 'operator',
  'rate-limit': 'provider',
  overloaded: 'provider',
  server: 'provider',
  timeout: 'provider',
  network: 'provider',
  'invalid-request': 'caller',
  'context-length': 'caller',
  'content-filter': 'caller',
  'model-not-found': 'operator',
  'invalid-response': 'provider',
  budget: 'operator',
  cancelled: 'client',
};

export interface ProviderErrorDetails {
  readonly kind: ProviderErrorKind;
  /** Id of the provider instance. */
  readonly provider: string;
  readonly model: string;
  /** In the vendor's words where there are any, with every secret removed. */
  readonly message: string;
  readonly status?: number;
  /** The vendor's own code, for example `insufficient_quota`. */
  readonly providerCode?: string;
  readonly providerRequestId?: string;
  /** How long the vendor asks us to wait before the next try; the longest of all its hints. */
  readonly retryAfterMs?: number;
  /** The vendor's buckets as the headers of the failed answer told them. */
  readonly rateLimits?: readonly RateLimitState[];
}

/** A failed call of a model. Carries no secret: messages are redacted before they get here. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly details: ProviderErrorDetails;

  constructor(details: ProviderErrorDetails) {
    super(details.message);
    this.details = details;
  }

  get kind(): ProviderErrorKind {
    return this.details.kind;
  }

  get blame(): ErrorBlame {
    return blameByKind[this.details.kind];
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get isTransient(): boolean {
    return this.blame === 'provider';
  }
}
