import type { ProviderErrorKind } from '../../spec/index.ts';
import type { VendorError } from './read-vendor-error.ts';

/** A rule of a vendor or of all of them: the first that matches decides. */
export interface FailureRule {
  readonly kind: ProviderErrorKind;
  /** Any of these words among the error's codes. */
  readonly codes?: readonly string[];
  /** Or this pattern in one of them. */
  readonly codePattern?: RegExp;
  /** Or this pattern in its message. */
  readonly message?: RegExp;
  /** Only with one of these statuses (undefined stands for an error inside a stream); absent: with any. */
  readonly statuses?: readonly (number | undefined)[];
}

const requestFaults = [400, 404, 413, 422, undefined];

/**
 * What bodies say, in the order in which they are asked. Statuses mislead (a bad key is 400 at Gemini and xAI, used-up
 * credit a 429 at OpenAI and a 400 at Anthropic, a missing model 404 or 400), so they come after.
 */
const bodyRules: readonly FailureRule[] = [
  {
    kind: 'quota',
    codes: [
      'insufficient_quota',
      'billing_hard_limit_reached',
      'billing_not_active',
      'billing_error',
      'insufficient_balance',
      'insufficient_credits',
    ],
  },
  {
    kind: 'quota',
    message:
      /credit balance is too low|insufficient (?:balance|credits?|funds)|(?:exceeded|reached) your monthly (?:included )?(?:credits|spend|budget)|out of credits/i,
  },
  {
    kind: 'auth',
    codes: [
      'invalid_api_key',
      'authentication_error',
      'api_key_invalid',
      'invalid_authentication',
      'api_key_expired',
      'permission_error',
      'unauthenticated',
      'permission_denied',
    ],
  },
  {
    kind: 'auth',
    message:
      /(?:incorrect|invalid|missing|expired|wrong) (?:api|access|user)[ _-]?(?:key|token)|(?:api|access)[ _-]?(?:key|token) (?:is )?(?:not valid|invalid|expired|missing|not found)|no api[ _-]?key/i,
    statuses: [400, 401, 403, undefined],
  },
  {
    kind: 'content-filter',
    codes: [
      'content_filter',
      'content_policy_violation',
      'responsibleaipolicyviolation',
      'prohibited_content',
      'safety',
      'moderation_blocked',
    ],
  },
  {
    kind: 'content-filter',
    message: /content (?:management|filtering|usage)? ?polic|content filter|safety system|flagged (?:by|as|for)/i,
    statuses: requestFaults.concat(403),
  },
  { kind: 'context-length', codes: ['context_length_exceeded', 'string_above_max_length', 'context_window_exceeded'] },
  {
    kind: 'context-length',
    message:
      /maximum context length|context (?:window|length|limit|size)|prompt is too long|input token count[^.]*exceeds|too many (?:input )?tokens|max_new_tokens` must be <=|(?:input|prompt)[^.]{0,40}(?:exceeds?|longer than)[^.]{0,60}tokens/i,
    statuses: requestFaults,
  },
  {
    kind: 'model-not-found',
    codes: ['model_not_found', 'model_not_supported', 'model_not_available', 'deploymentnotfound', 'unknown_model'],
  },
  {
    kind: 'model-not-found',
    message:
      /\bmodels?\b[^.]{0,120}?(?:does not exist|do not exist|not found|is not supported|is not available|not exist|no longer available|has been (?:deprecated|retired))|(?:unknown|invalid|no such|unsupported) model\b/i,
    statuses: requestFaults.concat(410, 403),
  },
  {
    kind: 'overloaded',
    codes: ['overloaded_error', 'overloaded', 'unavailable', 'engine_overloaded', 'model_overloaded', 'slow_down'],
  },
  {
    kind: 'rate-limit',
    codes: ['rate_limit_error', 'rate_limit_exceeded', 'resource_exhausted', 'too_many_requests', 'tokens', 'requests'],
    statuses: [429, undefined],
  },
  { kind: 'rate-limit', message: /too many requests|rate limit/i, statuses: [undefined] },
  { kind: 'timeout', codes: ['timeout_error', 'deadline_exceeded'] },
  {
    kind: 'overloaded',
    message:
      /\boverloaded\b|(?:at|over|no|insufficient) capacity|temporarily unavailable|(?:server|model) (?:is )?(?:too )?busy/i,
    statuses: [429, 500, 502, 503, 529, undefined],
  },
];

const kindByStatus: Readonly<Record<number, ProviderErrorKind>> = {
  401: 'auth',
  402: 'quota',
  403: 'auth',
  404: 'model-not-found',
  408: 'timeout',
  429: 'rate-limit',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

/** Names a failure: the vendor's own rules, then what bodies say everywhere, then the status. `status` is undefined for an error inside a stream. */
export function classifyFailure(
  status: number | undefined,
  error: VendorError,
  vendorRules: readonly FailureRule[],
): ProviderErrorKind {
  const effectiveStatus = status ?? error.status;
  for (const rule of [...vendorRules, ...bodyRules]) {
    if (rule.statuses && !rule.statuses.includes(effectiveStatus)) continue;
    if (
      rule.codes?.some((code) => error.codes.includes(code)) ||
      error.codes.some((code) => rule.codePattern?.test(code)) ||
      (error.message !== undefined && rule.message?.test(error.message))
    )
      return rule.kind;
  }
  if (effectiveStatus === undefined) return 'server';
  return kindByStatus[effectiveStatus] ?? (effectiveStatus >= 500 ? 'server' : 'invalid-request');
}
