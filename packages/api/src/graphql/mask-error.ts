import type { Log } from '@switchyard/core/kernel';
import { GraphQLError } from 'graphql';
import { RateLimitedFailure } from '../user-errors.ts';

/**
 * What a client may see of an error. Our own errors and those of parsing and validation pass with a code from the
 * closed list; anything else is logged with the request id and becomes INTERNAL without details.
 */
export function maskError(error: unknown, log: Log, requestId: string): GraphQLError {
  if (error instanceof GraphQLError) {
    const { originalError } = error;
    const code = error.extensions.code;
    if (originalError instanceof GraphQLError || originalError === undefined) {
      if (isKnown(code)) return error;
      return withCode(error, 'BAD_USER_INPUT');
    }
    if (originalError instanceof RateLimitedFailure) {
      const { message, retryAfterMs, headers } = originalError;
      const http = { status: 429, headers };
      return withCode(error, 'RATE_LIMITED', { message, extensions: { retryAfterMs, http } });
    }
    if (originalError.name === 'PothosValidationError') return withCode(error, 'BAD_USER_INPUT');
  }
  log.error({ requestId, error: describe(error) }, 'an unexpected error in the graph');
  return new GraphQLError(`Something went wrong on our side. Name the request id ${requestId} to your operator.`, {
    ...(error instanceof GraphQLError && { path: error.path, nodes: error.nodes }),
    extensions: { code: 'INTERNAL', requestId },
  });
}

const known = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'COST_LIMIT_EXCEEDED',
  'RATE_LIMITED',
  'PERSISTED_DOCUMENT_NOT_FOUND',
  'INTERNAL',
]);

function isKnown(code: unknown): boolean {
  return typeof code === 'string' && known.has(code);
}

function withCode(
  error: GraphQLError,
  code: string,
  { message = error.message, extensions = {} }: { readonly message?: string; readonly extensions?: object } = {},
): GraphQLError {
  return new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: { ...error.extensions, ...extensions, code },
  });
}

function describe(error: unknown): string {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
