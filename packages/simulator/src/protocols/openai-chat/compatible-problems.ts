import type { Exchange } from '../../exchange/exchange.ts';
import type { Problem, ProblemCode } from '../../faults/problem-codes.ts';
import type { WireError } from '../chat-protocol.ts';
import { retryHeaders } from '../retry-headers.ts';
import type { CompatibleProfile } from './compatible-profiles.ts';

interface Wording {
  status: number;
  type: string;
  code: string | null;
  message: (problem: Problem) => string;
}

function wording(status: number, type: string, code: string | null, message: Wording['message']): Wording {
  return { status, type, code, message };
}

function maskKey(key = ''): string {
  return key.length <= 12
    ? `${key.slice(0, 3)}***${key.slice(-2)}`
    : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;
}

function againIn(problem: Problem): string {
  const seconds =
    problem.retryAfterSeconds ?? (problem.retryAfterMs === undefined ? undefined : problem.retryAfterMs / 1000);
  return seconds === undefined ? '' : ` Please try again in ${seconds}s.`;
}

/** OpenAI's statuses, types, codes and words. */
const OPENAI: Record<ProblemCode, Wording> = {
  'invalid-request': wording(400, 'invalid_request_error', null, () => 'Invalid request.'),
  'missing-key': wording(
    401,
    'invalid_request_error',
    null,
    () =>
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.",
  ),
  'invalid-key': wording(
    401,
    'invalid_request_error',
    'invalid_api_key',
    ({ key }) =>
      `Incorrect API key provided: ${maskKey(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
  ),
  permission: wording(
    403,
    'invalid_request_error',
    'unsupported_country_region_territory',
    () => 'Country, region, or territory not supported',
  ),
  'not-found': wording(404, 'invalid_request_error', null, () => 'Invalid URL'),
  'model-not-found': wording(
    404,
    'invalid_request_error',
    'model_not_found',
    ({ model }) => `The model \`${model ?? 'unknown'}\` does not exist or you do not have access to it.`,
  ),
  timeout: wording(408, 'server_error', 'timeout', () => 'Request timed out.'),
  'too-large': wording(413, 'invalid_request_error', 'request_too_large', () => 'Request body is too large.'),
  'context-length': wording(
    400,
    'invalid_request_error',
    'context_length_exceeded',
    ({ limit }) =>
      `This model's maximum context length is ${limit?.limitTokens ?? 128000} tokens. However, your messages resulted in ${limit?.tokens ?? 130011} tokens. Please reduce the length of the messages.`,
  ),
  'content-filter': wording(
    400,
    'invalid_request_error',
    'invalid_prompt',
    () =>
      'Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt: https://platform.openai.com/docs/guides/reasoning#advice-on-prompting',
  ),
  'unsupported-parameter': wording(
    400,
    'invalid_request_error',
    'unsupported_parameter',
    ({ parameter }) => `Unsupported parameter: '${parameter ?? 'unknown'}' is not supported with this model.`,
  ),
  'prefill-refused': wording(
    400,
    'invalid_request_error',
    null,
    () => 'This model does not support assistant message prefill. The conversation must end with a user message.',
  ),
  'rate-limit': wording(
    429,
    'requests',
    'rate_limit_exceeded',
    (problem) =>
      `Rate limit reached for ${problem.model ?? 'this model'} in organization org-simulated on requests per min (RPM): Limit 500, Used 500, Requested 1.${againIn(problem)} Visit https://platform.openai.com/account/rate-limits to learn more.`,
  ),
  quota: wording(
    429,
    'insufficient_quota',
    'insufficient_quota',
    () =>
      'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
  ),
  server: wording(
    500,
    'server_error',
    null,
    () => 'The server had an error while processing your request. Sorry about that!',
  ),
  'bad-gateway': wording(502, 'server_error', null, () => 'Bad gateway.'),
  overloaded: wording(503, 'server_error', null, () => 'The engine is currently overloaded, please try again later'),
  'gateway-timeout': wording(504, 'server_error', null, () => 'Gateway timeout.'),
};

/** Where the compatible vendors differ in status or words. */
const OVERRIDES: Record<
  Exclude<CompatibleProfile['errorForm'], 'openai'>,
  Partial<Record<ProblemCode, Partial<Wording>>>
> = {
  ollama: {
    'missing-key': { message: () => 'unauthorized', type: 'authentication_error' },
    'invalid-key': { message: () => 'unauthorized', type: 'authentication_error', code: null },
    'model-not-found': {
      message: ({ model }) => `model '${model ?? 'unknown'}' not found`,
      type: 'not_found_error',
      code: null,
    },
    'context-length': { message: () => 'input length exceeds the context length' },
    'rate-limit': { message: () => 'too many requests', type: 'rate_limit_error', code: null },
    overloaded: {
      message: () => 'server busy, please try again.  maximum pending requests exceeded',
      type: 'api_error',
    },
    server: { message: () => 'an error was encountered while running the model: unexpected EOF', type: 'api_error' },
  },
  huggingface: {
    'missing-key': { message: () => 'Invalid username or password.' },
    'invalid-key': { message: () => 'Invalid username or password.' },
    permission: {
      message: () =>
        'This authentication method does not have sufficient permissions to call Inference Providers on behalf of user simulated',
    },
    'model-not-found': {
      status: 400,
      code: 'model_not_supported',
      message: ({ model }) =>
        `The requested model '${model ?? 'unknown'}' is not supported by any provider you have enabled.`,
    },
    'context-length': {
      status: 422,
      message: ({ limit }) =>
        `Input validation error: \`inputs\` tokens + \`max_new_tokens\` must be <= ${limit?.limitTokens ?? 131072}. Given: ${limit?.tokens ?? 140000} \`inputs\` tokens`,
    },
    'content-filter': {
      message: () => 'The response was filtered due to the prompt triggering a content management policy.',
    },
    'rate-limit': { message: () => 'Too Many Requests: rate limit reached. Please log in or use a HF access token' },
    quota: {
      status: 402,
      message: () =>
        'You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits.',
    },
    server: { message: () => 'Internal Server Error' },
    overloaded: { message: () => 'Model too busy, unable to get response in less than 60 second(s)' },
  },
  cohere: {
    'missing-key': { message: () => 'no api key supplied' },
    'invalid-key': { message: () => 'invalid api token' },
    'model-not-found': {
      message: ({ model }) =>
        `model '${model ?? 'unknown'}' not found, make sure the correct model ID was used and that you have access to the model.`,
    },
    'context-length': {
      message: ({ limit }) =>
        `too many tokens: total number of tokens in the prompt cannot exceed ${limit?.limitTokens ?? 128000} - received ${limit?.tokens ?? 130011}. Try using a shorter prompt, or enabling prompt truncating.`,
    },
    'content-filter': { message: () => 'invalid request: the request was blocked by our content policy' },
    'rate-limit': {
      message: () =>
        'You are using a Trial key, which is limited to 20 API calls / minute. You can continue to use the Trial key for free or upgrade to a Production key with higher rate limits.',
    },
    quota: {
      status: 402,
      message: () =>
        'Please add or update your payment method at https://dashboard.cohere.com/billing?tab=payment to continue',
    },
    server: { message: () => 'internal server error, this has been reported to our developers' },
    overloaded: { message: () => 'The service is currently overloaded, please try again later' },
  },
};

/** The refusal in the vendor's own status, headers and body. */
export function renderCompatibleProblem(exchange: Exchange, problem: Problem, profile: CompatibleProfile): WireError {
  const form = profile.errorForm;
  const used: Wording = { ...OPENAI[problem.code], ...(form === 'openai' ? {} : OVERRIDES[form][problem.code]) };
  const status = problem.status ?? used.status;
  const message = problem.message ?? used.message(problem);
  const headers = retryHeaders(problem);
  if (form === 'openai' && problem.code === 'rate-limit' && profile.rateLimitHeaders)
    headers['x-ratelimit-remaining-requests'] = '0';
  const param = problem.parameter ?? (problem.code === 'context-length' ? 'messages' : null);
  const isUnsupportedValue = problem.code === 'unsupported-parameter' && message.startsWith('Unsupported value');
  const error = { message, type: used.type, param, code: isUnsupportedValue ? 'unsupported_value' : used.code };
  if (problem.body !== undefined) return { status, headers, body: problem.body };
  if (form === 'huggingface')
    return {
      status,
      headers,
      body: { error: problem.code === 'model-not-found' ? { ...error, param: 'model' } : message },
    };
  if (form === 'cohere')
    return { status, headers, body: { id: exchange.entry.id.toString(16).padStart(8, '0'), message } };
  return { status, headers, body: { error } };
}
