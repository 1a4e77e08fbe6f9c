/**
 * The closed catalogue of domain errors: `AREA.WHAT_HAPPENED`. A code is public (clients switch on it) and is never
 * renamed; the message is for people and says what to do.
 */
export const errorCodes = [
  'INPUT.INVALID',
  'CATALOG.MODEL_UNKNOWN',
  'CATALOG.MODEL_NOT_ALLOWED',
  'PROVIDERS.UNKNOWN',
  'PROVIDERS.KEY_MISSING',
  'DISPATCH.NO_CANDIDATE',
  'COMPARISONS.NOT_FOUND',
  'COMPARISONS.LANE_NOT_FOUND',
  'COMPARISONS.LANE_NOT_RUNNING',
  'COMPARISONS.LANE_RUNNING',
  'COMPARISONS.NO_OUTPUT',
  'IDEMPOTENCY.CONFLICT',
  'IDEMPOTENCY.IN_PROGRESS',
  'TEAMS.FORBIDDEN',
  'PROVISIONING.INVALID',
  'STORAGE.UNAVAILABLE',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * An expected failure of the domain. `path` names the offending input (list indexes as strings), `details` carries
 * what a client needs to react and must be free of secrets.
 */
export class SwitchyardError extends Error {
  override readonly name = 'SwitchyardError';
  readonly code: ErrorCode;
  readonly path: readonly string[] | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { path?: readonly string[]; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.path = options.path;
    this.details = options.details ?? {};
  }
}
