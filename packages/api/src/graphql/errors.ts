import { GraphQLError } from 'graphql';

/** The closed list of codes of unexpected failures, in `errors[].extensions.code`. */
export type GraphErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'COST_LIMIT_EXCEEDED'
  | 'RATE_LIMITED'
  | 'PERSISTED_DOCUMENT_NOT_FOUND'
  | 'INTERNAL';

/** A failure with a public code; `status` is the HTTP status when the whole request fails with it. */
export function graphError(
  code: GraphErrorCode,
  message: string,
  options: { readonly status?: number; readonly headers?: Record<string, string>; readonly extensions?: object } = {},
): GraphQLError {
  const http = options.status === undefined ? {} : { http: { status: options.status, headers: options.headers ?? {} } };
  return new GraphQLError(message, { extensions: { code, ...options.extensions, ...http } });
}

export function forbidden(message = 'Your access role or the scopes of this API key do not allow this.'): GraphQLError {
  return graphError('FORBIDDEN', message);
}

export function badInput(message: string): GraphQLError {
  return graphError('BAD_USER_INPUT', message);
}
