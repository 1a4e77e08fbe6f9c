import { describeRefusedKey } from '../../auth/api-key.ts';
import type { OpenAiFailure } from './openai-failure.ts';

const unauthorized = {
  status: 401,
  type: 'invalid_request_error',
  code: 'invalid_api_key',
  headers: { 'www-authenticate': 'Bearer' },
} as const;

export const noKey: OpenAiFailure = { ...unauthorized, message: 'Send an API key: Authorization: Bearer sk-…' };

/** A key that was refused, or has ended meanwhile. */
export const wrongKey: OpenAiFailure = { ...unauthorized, message: describeRefusedKey('') };

/** Why this key was refused: a mistyped one is told so. */
export const refusedKey = (key: string): OpenAiFailure => ({ ...unauthorized, message: describeRefusedKey(key) });
