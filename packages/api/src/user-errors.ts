import type { TimelineEntry } from '@switchyard/core/events';
import type { ProviderErrorKind } from '@switchyard/core/spec';

/**
 * An expected failure that the caller can do something about. It becomes part of a mutation's result; `code` is public
 * and never renamed, `path` points into the input.
 */
export abstract class UserFailure extends Error {
  readonly code: string;
  readonly path: readonly string[] | undefined;

  constructor(code: string, message: string, path?: readonly string[]) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

export interface ValidationIssue {
  readonly path: readonly string[];
  readonly message: string;
  readonly code: string;
}

/** The input cannot be used; all issues at once. */
export class ValidationFailure extends UserFailure {
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    super('INPUT.INVALID', issues.map((issue) => issue.message).join(' '), issues[0]?.path);
    this.issues = issues;
  }
}

/** There is no such thing in this team; the same answer for a missing id and for another team's. */
export class NotFoundFailure extends UserFailure {
  constructor(what: string, path: readonly string[]) {
    super('NOT_FOUND', `There is no such ${what} in your team.`, path);
  }
}

/** The thing is in a state in which this cannot be done. */
export class ConflictFailure extends UserFailure {}

/** The idempotency key was used with another input, or its first call is still at work. */
export class IdempotencyFailure extends UserFailure {}

/** The access role or the key's scopes do not allow it. */
export class ForbiddenFailure extends UserFailure {
  constructor(message: string) {
    super('TEAMS.FORBIDDEN', message);
  }
}

/** The API key may use no more for now. */
export class RateLimitedFailure extends UserFailure {
  readonly retryAfterMs: number;
  /** What is left of each limit, for answers over HTTP. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, retryAfterMs: number, headers: Readonly<Record<string, string>> = {}) {
    super('API_KEYS.RATE_LIMITED', message);
    this.retryAfterMs = retryAfterMs;
    this.headers = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))), ...headers };
  }
}

/** None, or not all, of the models asked for can be called. */
export class NoEligibleModelFailure extends UserFailure {
  readonly rejected: readonly { readonly modelId: string; readonly reason: string }[];

  constructor(
    rejected: readonly { readonly modelId: string; readonly reason: string }[],
    path: readonly string[],
    code: 'CATALOG.MODEL_UNKNOWN' | 'ROUTING.NO_CANDIDATE' = 'CATALOG.MODEL_UNKNOWN',
  ) {
    super(code, rejected.map((candidate) => candidate.reason).join(' '), path);
    this.rejected = rejected;
  }
}

/** The model was called and failed. */
export class ModelCallFailure extends UserFailure {
  readonly kind: ProviderErrorKind;
  readonly providerId: string;
  readonly modelId: string;
  readonly retryAfterMs: number | undefined;
  readonly providerRequestId: string | undefined;
  /** What had arrived; undefined when nothing had. */
  readonly partialText: string | undefined;
  /** What was tried. */
  readonly timeline: readonly TimelineEntry[];

  constructor(facts: {
    readonly kind: ProviderErrorKind;
    readonly message: string;
    readonly providerId: string;
    readonly modelId: string;
    readonly retryAfterMs?: number | undefined;
    readonly providerRequestId?: string | undefined;
    readonly partialText?: string | undefined;
    readonly timeline: readonly TimelineEntry[];
  }) {
    super(`PROVIDERS.${facts.kind.toUpperCase().replaceAll('-', '_')}`, facts.message);
    this.kind = facts.kind;
    this.providerId = facts.providerId;
    this.modelId = facts.modelId;
    this.retryAfterMs = facts.retryAfterMs;
    this.providerRequestId = facts.providerRequestId;
    this.partialText = facts.partialText;
    this.timeline = facts.timeline;
  }
}
