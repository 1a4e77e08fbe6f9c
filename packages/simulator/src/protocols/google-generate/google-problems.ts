import type { Exchange } from '../../exchange/exchange.ts';
import type { Problem, ProblemCode } from '../../faults/problem-codes.ts';
import type { WireError } from '../chat-protocol.ts';

interface Wording {
  code: number;
  status: string;
  message: (problem: Problem) => string;
}

const DOMAIN = 'googleapis.com';
const SERVICE = 'generativelanguage.googleapis.com';
const RATE_LIMITS_URL = 'https://ai.google.dev/gemini-api/docs/rate-limits';

const WORDINGS: Record<ProblemCode, Wording> = {
  'invalid-request': { code: 400, status: 'INVALID_ARGUMENT', message: () => 'Request contains an invalid argument.' },
  'missing-key': {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: () =>
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  },
  'invalid-key': {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: () => 'API key not valid. Please pass a valid API key.',
  },
  permission: {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: () => 'Permission denied: Consumer has been suspended.',
  },
  'not-found': { code: 404, status: 'NOT_FOUND', message: () => 'Requested entity was not found.' },
  'model-not-found': {
    code: 404,
    status: 'NOT_FOUND',
    message: ({ model }) =>
      `models/${model ?? 'unknown'} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`,
  },
  timeout: { code: 408, status: 'CANCELLED', message: () => 'Request timed out.' },
  'too-large': {
    code: 413,
    status: 'INVALID_ARGUMENT',
    message: () => 'Request payload size exceeds the limit: 20971520 bytes.',
  },
  'context-length': {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: ({ limit }) =>
      `The input token count (${limit?.tokens ?? 1_200_021}) exceeds the maximum number of tokens allowed (${limit?.limitTokens ?? 1_048_576}).`,
  },
  'content-filter': {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: () => 'The request was blocked by the safety policy (content policy).',
  },
  'unsupported-parameter': {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: ({ parameter }) =>
      `Invalid JSON payload received. Unknown name "${parameter ?? 'parameter'}" at 'generation_config': Cannot find field.`,
  },
  'prefill-refused': {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: () => 'Please ensure that multiturn requests end with a user role or a function response.',
  },
  'rate-limit': {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: () =>
      `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: ${RATE_LIMITS_URL}.`,
  },
  quota: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: () =>
      `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: ${RATE_LIMITS_URL}. To monitor your current usage, head to: https://ai.dev/rate-limit.`,
  },
  server: {
    code: 500,
    status: 'INTERNAL',
    message: () =>
      'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  },
  'bad-gateway': { code: 502, status: 'UNAVAILABLE', message: () => 'Bad gateway.' },
  overloaded: { code: 503, status: 'UNAVAILABLE', message: () => 'The model is overloaded. Please try again later.' },
  'gateway-timeout': {
    code: 504,
    status: 'DEADLINE_EXCEEDED',
    message: () => 'Deadline expired before operation could complete.',
  },
};

function quotaFailure(problem: Problem): unknown {
  const perDay = problem.code === 'quota';
  return {
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [
      {
        quotaMetric: `${SERVICE}/generate_content_free_tier_requests`,
        quotaId: perDay
          ? 'GenerateRequestsPerDayPerProjectPerModel-FreeTier'
          : 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
        quotaDimensions: { location: 'global', model: problem.model ?? 'gemini-2.5-flash' },
        quotaValue: perDay ? '250' : '10',
      },
    ],
  };
}

/** The longest of the hints, in Google's duration form; Gemini puts it into the body, not into headers. */
function retryInfo(problem: Problem): unknown[] {
  const { retryAfterSeconds, retryAfterMs, retryAfterDate } = problem;
  const fromDate = typeof retryAfterDate === 'string' ? (Date.parse(retryAfterDate) - Date.now()) / 1000 : undefined;
  const hints = [retryAfterSeconds, retryAfterMs === undefined ? undefined : retryAfterMs / 1000, fromDate].filter(
    (hint) => hint !== undefined,
  );
  if (hints.length === 0) return [];
  const seconds = Math.max(0, ...hints);
  return [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${Number(seconds.toFixed(3))}s` }];
}

function detailsOf(problem: Problem): unknown[] {
  const help = {
    '@type': 'type.googleapis.com/google.rpc.Help',
    links: [{ description: 'Learn more about Gemini API quotas', url: RATE_LIMITS_URL }],
  };
  switch (problem.code) {
    case 'invalid-key':
      return [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'API_KEY_INVALID',
          domain: DOMAIN,
          metadata: { service: SERVICE },
        },
        {
          '@type': 'type.googleapis.com/google.rpc.LocalizedMessage',
          locale: 'en-US',
          message: 'API key not valid. Please pass a valid API key.',
        },
      ];
    case 'rate-limit':
    case 'quota':
      return [quotaFailure(problem), help, ...retryInfo(problem)];
    default:
      return retryInfo(problem);
  }
}

/** Google's error body; `status` follows the HTTP status when the fault sets one. */
export function renderGoogleProblem(_exchange: Exchange, problem: Problem): WireError {
  const used = WORDINGS[problem.code];
  const status = problem.code === 'invalid-key' && problem.status === 401 ? used.code : (problem.status ?? used.code);
  const details = detailsOf(problem);
  const error = {
    code: status,
    message: problem.message ?? used.message(problem),
    status: used.status,
    ...(details.length > 0 && { details }),
  };
  return { status, headers: {}, body: problem.body ?? { error } };
}
