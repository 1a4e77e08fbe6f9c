import { ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '../../spec/index.ts';
import type { Exchange, ExchangeFailure } from '../guarded-fetch/exchange.ts';
import { findRequestId } from '../guarded-fetch/header-map.ts';
import { readRateLimits } from '../guarded-fetch/rate-limit-headers.ts';
import type { Redact } from '../guarded-fetch/redactor.ts';
import { findRetryAfterMs } from '../guarded-fetch/retry-hints.ts';
import { classifyFailure, type FailureRule } from './classify-failure.ts';
import { readVendorError } from './read-vendor-error.ts';

/** Everything an error must know about the call it ended. */
export interface FailureContext {
  readonly provider: string;
  readonly displayName: string;
  readonly model: string;
  readonly rules: readonly FailureRule[];
  readonly redact: Redact;
}

/** Longest message kept: some vendors answer with a whole web page. */
const maxMessageCharacters = 1_000;

/** Makes the error of a call from what the exchange saw; `thrown` (an SDK's error) counts only when it saw nothing. */
export function toProviderError(exchange: Exchange, thrown: unknown, context: FailureContext): ProviderError {
  const failure = exchange.failure;
  if (!failure) {
    if (exchange.bodyError !== undefined || thrown === undefined) return cutStreamError(exchange, context);
    return makeError(context, exchange, {
      kind: 'invalid-response',
      message: `The answer could not be read: ${messageOf(thrown)}`,
    });
  }
  switch (failure.type) {
    case 'http':
    case 'in-band':
      return vendorError(failure, exchange, context);
    case 'malformed':
      return makeError(context, exchange, { kind: 'invalid-response', message: failure.message });
    case 'refused':
      return makeError(context, exchange, {
        kind: 'invalid-request',
        message: failure.message,
        providerCode: 'address-refused',
      });
    case 'transport':
      return makeError(context, exchange, transportDetails(failure.error, context));
  }
}

/** The answer ended without the vendor's mark that it is complete. */
export function cutStreamError(exchange: Exchange, context: FailureContext): ProviderError {
  return makeError(context, exchange, {
    kind: 'invalid-response',
    message: `The answer of ${context.displayName} broke off: its stream ended before the provider marked it as complete.`,
  });
}

/** The caller or an operator told us to stop. */
export function cancelledError(exchange: Exchange, context: FailureContext): ProviderError {
  return makeError(context, exchange, { kind: 'cancelled', message: 'The call was cancelled.' });
}

/** An error that needs no exchange: the call cannot be made. */
export function callError(
  context: Pick<FailureContext, 'provider' | 'model' | 'redact'>,
  kind: ProviderErrorKind,
  message: string,
  providerCode?: string,
): ProviderError {
  return new ProviderError({
    kind,
    provider: context.provider,
    model: context.model,
    message: context.redact(message),
    ...(providerCode !== undefined && { providerCode }),
  });
}

function vendorError(
  failure: ExchangeFailure & { type: 'http' | 'in-band' },
  exchange: Exchange,
  context: FailureContext,
): ProviderError {
  const status = failure.type === 'http' ? failure.status : undefined;
  const vendor = readVendorError(failure.body);
  const kind =
    status !== undefined && status < 400 ? 'invalid-request' : classifyFailure(status, vendor, context.rules);
  const message = vendor.message ?? fallbackMessage(failure, context);
  const retryAfterMs = findRetryAfterMs(
    failure.type === 'http' ? exchange.headers : {},
    failure.body,
    message,
    exchange.clock.nowMs(),
  );
  const waits = kind === 'rate-limit' || kind === 'overloaded' || kind === 'server' || kind === 'timeout';
  return makeError(context, exchange, {
    kind,
    message,
    ...((status ?? vendor.status) !== undefined && { status: (status ?? vendor.status) as number }),
    ...(vendor.code !== undefined && { providerCode: vendor.code }),
    ...(waits && retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function fallbackMessage(failure: ExchangeFailure & { type: 'http' | 'in-band' }, context: FailureContext): string {
  if (failure.type === 'in-band') return `${context.displayName} reported an error in the middle of its answer.`;
  if (failure.status < 400)
    return `${context.displayName} redirected the request (${failure.status}); redirects are not followed. Set the final address as base URL.`;
  const text = failure.text.trim();
  if (text !== '' && !text.startsWith('<')) return text;
  const doubt = failure.status === 404 ? ' Is the base URL right?' : '';
  return `${context.displayName} answered with status ${failure.status}.${doubt}`;
}

const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

function transportDetails(
  error: unknown,
  context: FailureContext,
): Pick<ProviderErrorDetails, 'kind' | 'message' | 'providerCode'> {
  const code = codeOf(error);
  const reason =
    code === 'ENOTFOUND'
      ? 'its name cannot be resolved'
      : code === 'ECONNREFUSED'
        ? 'it refuses the connection'
        : 'the connection failed';
  return {
    kind: code !== undefined && timeoutCodes.has(code) ? 'timeout' : 'network',
    message: `${context.displayName} cannot be reached: ${reason}${code === undefined ? '' : ` (${code})`}.`,
    ...(code !== undefined && { providerCode: code }),
  };
}

function codeOf(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth += 1) {
    const { code, cause, errors } = current as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === 'string') return code;
    current = Array.isArray(errors) ? errors[0] : cause;
  }
  return undefined;
}

function makeError(
  context: FailureContext,
  exchange: Exchange,
  details: Omit<ProviderErrorDetails, 'provider' | 'model'>,
): ProviderError {
  const providerRequestId = findRequestId(exchange.headers);
  const rateLimits = readRateLimits(exchange.headers, exchange.clock.nowMs());
  return new ProviderError({
    provider: context.provider,
    model: context.model,
    ...(exchange.status !== undefined && exchange.status >= 300 && { status: exchange.status }),
    ...(providerRequestId !== undefined && { providerRequestId }),
    ...(rateLimits.length > 0 && { rateLimits }),
    ...details,
    message: shorten(context.redact(details.message)),
    ...(details.providerCode !== undefined && { providerCode: context.redact(details.providerCode) }),
  });
}

function shorten(text: string): string {
  return text.length <= maxMessageCharacters ? text : `${text.slice(0, maxMessageCharacters)}…`;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
