import { describe, expect, it } from 'vitest';
import type { ProviderErrorKind } from '../../spec/index.ts';
import { anthropicFailureRules } from '../anthropic-messages/errors.ts';
import { googleFailureRules } from '../google-generate/errors.ts';
import { openAiChatFailureRules } from '../openai-chat/errors.ts';
import { classifyFailure } from './classify-failure.ts';
import { readVendorError } from './read-vendor-error.ts';

const rules = { openai: openAiChatFailureRules, anthropic: anthropicFailureRules, google: googleFailureRules };

/** Bodies in the words of the vendors; written by us after their documentation and public reports. */
const cases: readonly [keyof typeof rules, number | undefined, unknown, ProviderErrorKind][] = [
  [
    'openai',
    401,
    { error: { message: 'Incorrect API key provided: x', type: 'invalid_request_error', code: 'invalid_api_key' } },
    'auth',
  ],
  [
    'openai',
    429,
    {
      error: {
        message: 'You exceeded your current quota, please check your plan and billing details.',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      },
    },
    'quota',
  ],
  [
    'openai',
    429,
    {
      error: {
        message: 'Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
    'rate-limit',
  ],
  [
    'openai',
    429,
    {
      error: {
        message:
          'Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 50000. The input or output tokens must be reduced',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
    'rate-limit',
  ],
  [
    'openai',
    400,
    { error: { message: "This model's maximum context length is 128000 tokens.", code: 'context_length_exceeded' } },
    'context-length',
  ],
  [
    'openai',
    404,
    {
      error: { message: 'The model `gpt-9` does not exist or you do not have access to it.', code: 'model_not_found' },
    },
    'model-not-found',
  ],
  [
    'openai',
    400,
    {
      error: {
        message: "The requested model 'gpt-9' does not exist.",
        type: 'invalid_request_error',
        code: 'model_not_found',
      },
    },
    'model-not-found',
  ],
  [
    'openai',
    400,
    {
      error: {
        message: 'The response was filtered due to the prompt triggering Azure OpenAI’s content management policy.',
        code: 'content_filter',
        innererror: { code: 'ResponsibleAIPolicyViolation' },
      },
    },
    'content-filter',
  ],
  [
    'openai',
    400,
    {
      error: {
        message: "Unsupported parameter: 'max_tokens' is not supported with this model.",
        code: 'unsupported_parameter',
      },
    },
    'invalid-request',
  ],
  [
    'openai',
    400,
    {
      error: {
        message: "Unsupported value: 'temperature' does not support 0.2 with this model.",
        code: 'unsupported_value',
      },
    },
    'invalid-request',
  ],
  ['openai', 400, { error: { message: 'Invalid image: could not be decoded' } }, 'invalid-request'],
  ['openai', 500, { error: { message: 'The server had an error', type: 'server_error' } }, 'server'],
  ['openai', 503, { error: { message: 'The engine is currently overloaded' } }, 'overloaded'],
  ['openai', undefined, { error: { message: 'The server had an error', type: 'server_error' } }, 'server'],
  // xAI
  [
    'openai',
    400,
    {
      code: 'Client specified an invalid argument',
      error: 'Incorrect API key provided: x. You can obtain an API key from https://console.x.ai.',
    },
    'auth',
  ],
  // DeepSeek, OpenRouter, Hugging Face
  [
    'openai',
    402,
    { error: { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' } },
    'quota',
  ],
  [
    'openai',
    undefined,
    { error: { code: 502, message: 'Provider returned error', metadata: { raw: 'upstream died' } } },
    'server',
  ],
  ['openai', undefined, { error: { code: 429, message: 'Provider returned error' } }, 'rate-limit'],
  ['openai', 402, { error: 'You have exceeded your monthly included credits for Inference Providers.' }, 'quota'],
  [
    'openai',
    400,
    {
      error: {
        message: "The requested model 'x' is not supported by any provider you have enabled.",
        code: 'model_not_supported',
      },
    },
    'model-not-found',
  ],
  // Ollama, Mistral, Cohere
  [
    'openai',
    404,
    { error: { message: 'model "nope" not found, try pulling it first', type: 'api_error' } },
    'model-not-found',
  ],
  [
    'openai',
    400,
    { object: 'error', message: 'Invalid model: mistral-nope', type: 'invalid_model', code: '1500' },
    'model-not-found',
  ],
  ['openai', 422, { detail: [{ loc: ['body', 'messages'], msg: 'field required' }] }, 'invalid-request'],
  ['openai', 401, { message: 'invalid api token' }, 'auth'],
  ['anthropic', 401, { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }, 'auth'],
  [
    'anthropic',
    400,
    {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the Anthropic API.' },
    },
    'quota',
  ],
  [
    'anthropic',
    400,
    {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 208310 tokens > 200000 maximum' },
    },
    'context-length',
  ],
  [
    'anthropic',
    400,
    {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000',
      },
    },
    'context-length',
  ],
  [
    'anthropic',
    400,
    { type: 'error', error: { type: 'invalid_request_error', message: 'Output blocked by content filtering policy' } },
    'content-filter',
  ],
  [
    'anthropic',
    400,
    {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'max_tokens: 999999 > 64000, which is the maximum allowed number of output tokens',
      },
    },
    'invalid-request',
  ],
  [
    'anthropic',
    404,
    { type: 'error', error: { type: 'not_found_error', message: 'model: claude-nope' } },
    'model-not-found',
  ],
  [
    'anthropic',
    413,
    {
      type: 'error',
      error: { type: 'request_too_large', message: 'Request exceeds the maximum allowed number of bytes.' },
    },
    'invalid-request',
  ],
  [
    'anthropic',
    429,
    { type: 'error', error: { type: 'rate_limit_error', message: 'This request would exceed your rate limit' } },
    'rate-limit',
  ],
  ['anthropic', 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
  ['anthropic', undefined, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
  ['anthropic', 500, { type: 'error', error: { type: 'api_error', message: 'Internal server error' } }, 'server'],
  ['anthropic', 504, { type: 'error', error: { type: 'timeout_error', message: 'Request timed out' } }, 'timeout'],
  [
    'google',
    400,
    {
      error: {
        code: 400,
        message: 'API key not valid. Please pass a valid API key.',
        status: 'INVALID_ARGUMENT',
        details: [{ reason: 'API_KEY_INVALID' }],
      },
    },
    'auth',
  ],
  ['google', 403, { error: { code: 403, message: 'Permission denied', status: 'PERMISSION_DENIED' } }, 'auth'],
  [
    'google',
    429,
    [
      {
        error: {
          code: 429,
          message: 'You exceeded your current quota, please check your plan and billing details.',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ violations: [{ quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier' }] }],
        },
      },
    ],
    'rate-limit',
  ],
  [
    'google',
    429,
    {
      error: {
        code: 429,
        message: 'You exceeded your current quota',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] }],
      },
    },
    'quota',
  ],
  [
    'google',
    400,
    {
      error: {
        code: 400,
        message: 'The input token count (1200021) exceeds the maximum number of tokens allowed (1048576).',
        status: 'INVALID_ARGUMENT',
      },
    },
    'context-length',
  ],
  [
    'google',
    404,
    { error: { code: 404, message: 'models/gemini-nope is not found for API version v1beta', status: 'NOT_FOUND' } },
    'model-not-found',
  ],
  [
    'google',
    503,
    { error: { code: 503, message: 'The model is overloaded. Please try again later.', status: 'UNAVAILABLE' } },
    'overloaded',
  ],
  [
    'google',
    undefined,
    { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } },
    'overloaded',
  ],
  ['google', 504, { error: { code: 504, message: 'Deadline expired', status: 'DEADLINE_EXCEEDED' } }, 'timeout'],
  ['google', 500, { error: { code: 500, message: 'An internal error has occurred', status: 'INTERNAL' } }, 'server'],
  [
    'google',
    400,
    { error: { code: 400, message: 'Request contains an invalid argument.', status: 'INVALID_ARGUMENT' } },
    'invalid-request',
  ],
  // nothing but a status
  ['openai', 401, undefined, 'auth'],
  ['openai', 402, '', 'quota'],
  ['openai', 404, null, 'model-not-found'],
  ['openai', 408, {}, 'timeout'],
  ['openai', 418, {}, 'invalid-request'],
  ['openai', 429, [], 'rate-limit'],
  ['openai', 502, 7, 'server'],
  ['openai', 529, {}, 'overloaded'],
  ['openai', undefined, {}, 'server'],
];

describe('classifyFailure', () => {
  it.each(cases)('%s %s %j is %s', (vendor, status, body, kind) => {
    expect(classifyFailure(status, readVendorError(body), rules[vendor])).toBe(kind);
  });
});

describe('readVendorError', () => {
  it('keeps the vendor’s own code and words', () => {
    expect(readVendorError({ error: { message: 'm', code: 'insufficient_quota', type: 't' } })).toMatchObject({
      message: 'm',
      code: 'insufficient_quota',
    });
    expect(readVendorError({ error: { message: 'Provider returned error', metadata: { raw: 'why' } } }).message).toBe(
      'Provider returned error: why',
    );
    expect(readVendorError({ error: 'just text' }).message).toBe('just text');
    expect(readVendorError('x')).toEqual({ message: undefined, codes: [], code: undefined, status: undefined });
  });
});
