import type { OpenAiFailure } from './openai-failure.ts';

const unauthorized = {
  status: 401,
  type: 'invalid_request_error',
  code: 'invalid_api_key',
  headers: { 'www-authenticate': 'Bearer' },
} as const;

export const noKey: OpenAiFailure = { ...unauthorized, message: 'Send an API key: Authorization: Bearer sk-…' };

/** The key is not repeated here: answers end up in logs. */
export const wrongKey: OpenAiFailure = {
  ...unauthorized,
  message: 'The API key is not valid: unknown, revoked or expired.',
};
