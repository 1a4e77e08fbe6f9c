/** What can be wrong with a request, independent of how a vendor words it. */
export const PROBLEM_CODES = [
  'invalid-request',
  'missing-key',
  'invalid-key',
  'permission',
  'not-found',
  'model-not-found',
  'timeout',
  'too-large',
  'context-length',
  'content-filter',
  'unsupported-parameter',
  'prefill-refused',
  'rate-limit',
  'quota',
  'server',
  'bad-gateway',
  'overloaded',
  'gateway-timeout',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** The code a bare status stands for. */
export const CODE_OF_STATUS: Record<number, ProblemCode> = {
  400: 'invalid-request',
  401: 'invalid-key',
  402: 'quota',
  403: 'permission',
  404: 'model-not-found',
  408: 'timeout',
  413: 'too-large',
  429: 'rate-limit',
  500: 'server',
  502: 'bad-gateway',
  503: 'overloaded',
  504: 'gateway-timeout',
  529: 'overloaded',
};

/** A request that the vendor would refuse; rendered in that vendor's own form at the edge. */
export interface Problem {
  readonly code: ProblemCode;
  /** Overrides the vendor's usual status for this code. */
  readonly status?: number | undefined;
  /** Overrides the vendor's usual wording. */
  readonly message?: string | undefined;
  readonly model?: string | undefined;
  /** The parameter at fault, when the vendor names one. */
  readonly parameter?: string | undefined;
  readonly key?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** An HTTP date, or true: `retryAfterSeconds` from now as an HTTP date. */
  readonly retryAfterDate?: boolean | string | undefined;
  /** Sent instead of the vendor's body. */
  readonly body?: unknown;
  readonly limit?: { tokens: number; limitTokens: number } | undefined;
}

export class RequestProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message ?? problem.code);
    this.problem = problem;
  }
}

/** Throws a problem: for validation deep inside request parsing. */
export function refuse(problem: Problem): never {
  throw new RequestProblem(problem);
}
