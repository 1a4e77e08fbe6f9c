import type { FailureRule } from '../failures/classify-failure.ts';

/** What only OpenAI and the vendors that speak its format say; asked before the general rules. */
export const openAiChatFailureRules: readonly FailureRule[] = [
  // "You exceeded your current quota, please check your plan and billing details": used up, waiting does not help.
  { kind: 'quota', message: /exceeded your current quota/i, statuses: [429, 403, undefined] },
  // "Request too large for … on tokens per min": a rate limit that talks about tokens.
  {
    kind: 'rate-limit',
    message: /tokens per (?:min|day)|requests per (?:min|day)|\b(?:TPM|RPM|TPD|RPD)\b/i,
    statuses: [429, 413],
  },
  { kind: 'content-filter', codes: ['content_filter_error', 'invalid_prompt'] },
  // xAI: 400 with "Incorrect API key provided".
  { kind: 'auth', message: /incorrect api key provided/i },
  // Ollama: 404 with `model "x" not found, try pulling it first`.
  { kind: 'model-not-found', message: /try pulling it first/i },
];
