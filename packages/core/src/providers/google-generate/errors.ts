import type { FailureRule } from '../failures/classify-failure.ts';

/** What only Google says; asked before the general rules. */
export const googleFailureRules: readonly FailureRule[] = [
  // A bad key is 400 INVALID_ARGUMENT with reason API_KEY_INVALID.
  { kind: 'auth', codes: ['api_key_invalid', 'api_key_service_blocked', 'service_disabled'] },
  { kind: 'auth', message: /api key (?:not valid|expired|not found)|pass a valid api key/i },
  // Daily quota: waiting the few seconds that RetryInfo says does not help.
  { kind: 'quota', codePattern: /perday/, message: /per ?day/i, statuses: [429, undefined] },
  { kind: 'rate-limit', codes: ['resource_exhausted'] },
  { kind: 'overloaded', codes: ['unavailable'] },
  { kind: 'model-not-found', codes: ['not_found'] },
  { kind: 'server', codes: ['internal'] },
];
