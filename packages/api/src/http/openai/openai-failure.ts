import type { ServerResponse } from 'node:http';
import type { ChainOutcome } from '@switchyard/core/dispatch';
import type { ProviderError, ProviderErrorKind } from '@switchyard/core/spec';
import { NoEligibleModelFailure, RateLimitedFailure, ValidationFailure } from '../../user-errors.ts';
import { respondJson } from '../respond.ts';

/** A failure as clients of OpenAI's API expect it. */
export interface OpenAiFailure {
  readonly status: number;
  readonly type: 'invalid_request_error' | 'rate_limit_error' | 'insufficient_quota' | 'server_error';
  readonly code: string | null;
  readonly message: string;
  /** The field of the request that is wrong, in OpenAI's names: `messages.0.content`. */
  readonly param?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

type Form = Pick<OpenAiFailure, 'status' | 'type' | 'code'>;

const badRequest = (code: string | null, status = 400): Form => ({ status, type: 'invalid_request_error', code });
const serverError = (status: number, code: string): Form => ({ status, type: 'server_error', code });

/** A key that a provider refuses is not the client's key, hence no 401: clients would tell their users to sign in. */
const formByKind: Readonly<Record<ProviderErrorKind, Form>> = {
  auth: serverError(502, 'provider_auth'),
  quota: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
  'rate-limit': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  overloaded: serverError(503, 'provider_overloaded'),
  server: serverError(502, 'provider_error'),
  timeout: serverError(504, 'provider_timeout'),
  network: serverError(502, 'provider_unreachable'),
  'invalid-response': serverError(502, 'provider_invalid_response'),
  budget: { status: 429, type: 'insufficient_quota', code: 'budget_exceeded' },
  'invalid-request': badRequest(null),
  'context-length': badRequest('context_length_exceeded'),
  'content-filter': badRequest('content_filter'),
  'model-not-found': badRequest('model_not_found', 404),
  cancelled: serverError(503, 'cancelled'),
};

/** How OpenAI's clients know a kind of failure. */
export const formOf = (kind: ProviderErrorKind): Form => formByKind[kind];

/** What waiting does not mend; the official clients obey `x-should-retry`. */
const hopeless: ReadonlySet<ProviderErrorKind> = new Set(['auth', 'quota', 'budget']);

/** A year: what is longer would be written with an exponent, which is no valid `Retry-After`. */
const longestHintMs = 365 * 86_400_000;

/** A provider's failure, in the provider's own words. */
export function fromProviderError(error: ProviderError): OpenAiFailure {
  const { kind, message, retryAfterMs } = error.details;
  const hintMs = retryAfterMs ?? (kind === 'rate-limit' ? 1_000 : undefined);
  const waitMs = hintMs === undefined ? undefined : Math.min(hintMs, longestHintMs);
  return {
    ...formByKind[kind],
    message,
    headers: {
      ...(waitMs !== undefined && { 'retry-after': String(Math.ceil(waitMs / 1_000)) }),
      ...(hopeless.has(kind) && { 'x-should-retry': 'false' }),
    },
  };
}

/** A chain without an answer; one that was cancelled before any call has no error of a provider. */
export function fromChainOutcome({ error, breach }: Pick<ChainOutcome, 'error' | 'breach'>): OpenAiFailure {
  if (error) {
    const failure = fromProviderError(error);
    if (error.kind !== 'budget' || breach?.approvalId === undefined) return failure;
    return { ...failure, message: `${failure.message} An admin was asked for more: try again once that is approved.` };
  }
  return { ...formByKind.cancelled, message: 'The call was cancelled.' };
}

/** What was thrown before a model was called; undefined for what nobody expected. */
export function fromUserFailure(thrown: unknown): OpenAiFailure | undefined {
  if (thrown instanceof ValidationFailure) {
    return { ...badRequest(null), message: thrown.message, param: thrown.path?.join('.') || undefined };
  }
  if (thrown instanceof RateLimitedFailure) {
    return { ...formByKind['rate-limit'], message: thrown.message, headers: thrown.headers };
  }
  if (thrown instanceof NoEligibleModelFailure) {
    // The model is there, but rules, limits or its state forbid it.
    const isKnown = thrown.code === 'ROUTING.NO_CANDIDATE';
    const form = isKnown ? badRequest('no_eligible_model', 403) : badRequest('model_not_found', 404);
    return { ...form, message: thrown.message, param: 'model' };
  }
  return undefined;
}

export function encodeFailure({ message, type, param, code }: OpenAiFailure) {
  return { error: { message, type, param: param ?? null, code } };
}

export function respondFailure(
  response: ServerResponse,
  failure: OpenAiFailure,
  headers: Readonly<Record<string, string>> = {},
): void {
  respondJson(response, failure.status, encodeFailure(failure), { ...headers, ...failure.headers });
}
