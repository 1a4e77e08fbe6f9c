import type { FailureRule } from '../failures/classify-failure.ts';

/** What only Anthropic says; asked before the general rules. */
export const anthropicFailureRules: readonly FailureRule[] = [
  { kind: 'model-not-found', codes: ['not_found_error'], statuses: [404, undefined] },
  { kind: 'server', codes: ['api_error'] },
  // 413 from the edge: too many bytes, whatever the tokens.
  { kind: 'invalid-request', codes: ['request_too_large'] },
  { kind: 'content-filter', message: /output blocked|blocked by content filtering/i },
];
