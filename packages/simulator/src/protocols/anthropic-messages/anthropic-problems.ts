import type { Exchange } from '../../exchange/exchange.ts';
import type { Problem, ProblemCode } from '../../faults/problem-codes.ts';
import type { WireError } from '../chat-protocol.ts';
import { retryHeaders } from '../retry-headers.ts';
import { anthropicRequestId } from './anthropic-headers.ts';

interface Wording {
  status: number;
  type: string;
  message: (problem: Problem) => string;
}

const WORDINGS: Record<ProblemCode, Wording> = {
  'invalid-request': { status: 400, type: 'invalid_request_error', message: () => 'Invalid request' },
  'missing-key': { status: 401, type: 'authentication_error', message: () => 'x-api-key header is required' },
  'invalid-key': { status: 401, type: 'authentication_error', message: () => 'invalid x-api-key' },
  permission: {
    status: 403,
    type: 'permission_error',
    message: () => 'Your API key does not have permission to use the specified resource.',
  },
  'not-found': { status: 404, type: 'not_found_error', message: () => 'Not Found' },
  'model-not-found': { status: 404, type: 'not_found_error', message: ({ model }) => `model: ${model ?? 'unknown'}` },
  timeout: { status: 408, type: 'timeout_error', message: () => 'Request timed out' },
  'too-large': { status: 413, type: 'request_too_large', message: () => 'Request exceeds the maximum size' },
  'context-length': {
    status: 400,
    type: 'invalid_request_error',
    message: ({ limit }) =>
      `prompt is too long: ${limit?.tokens ?? 208310} tokens > ${limit?.limitTokens ?? 200000} maximum`,
  },
  'content-filter': {
    status: 400,
    type: 'invalid_request_error',
    message: () => 'Output blocked by content filtering policy',
  },
  'unsupported-parameter': {
    status: 400,
    type: 'invalid_request_error',
    message: ({ parameter }) => `\`${parameter ?? 'temperature'}\` is deprecated for this model.`,
  },
  'prefill-refused': {
    status: 400,
    type: 'invalid_request_error',
    message: () =>
      'This model does not support assistant message prefill. The conversation must end with a user message.',
  },
  'rate-limit': {
    status: 429,
    type: 'rate_limit_error',
    message: () =>
      'This request would exceed your organization’s rate limit of 50 requests per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage.',
  },
  quota: {
    status: 400,
    type: 'invalid_request_error',
    message: () =>
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  },
  server: { status: 500, type: 'api_error', message: () => 'Internal server error' },
  'bad-gateway': { status: 502, type: 'api_error', message: () => 'Bad gateway' },
  overloaded: { status: 529, type: 'overloaded_error', message: () => 'Overloaded' },
  'gateway-timeout': { status: 504, type: 'timeout_error', message: () => 'Gateway timeout' },
};

/** Statuses whose retry Anthropic advises by `x-should-retry`. */
const RETRYABLE = new Set([408, 429, 500, 502, 503, 504, 529]);

/** Anthropic's error body and headers. */
export function renderAnthropicProblem(exchange: Exchange, problem: Problem): WireError {
  const used = WORDINGS[problem.code];
  const status = problem.status ?? used.status;
  const requestId = anthropicRequestId(exchange);
  const headers: Record<string, string> = {
    ...retryHeaders(problem),
    'x-should-retry': RETRYABLE.has(status) ? 'true' : 'false',
  };
  if (problem.code === 'rate-limit') headers['anthropic-ratelimit-requests-remaining'] = '0';
  const body = problem.body ?? {
    type: 'error',
    error: { type: used.type, message: problem.message ?? used.message(problem) },
    request_id: requestId,
  };
  return { status, headers, body };
}
