import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '@switchyard/core/kernel';
import type { Acting } from './acting.ts';

/** Where in a trace something happens; both ids in lower-case hex. */
export interface TracePlace {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
  /** `tracestate` as it came, to be passed on. */
  readonly traceState?: string | undefined;
}

/** On whose behalf something happens: what log lines and spans are told apart by. Never holds a secret. */
export interface RequestScope {
  readonly requestId?: string | undefined;
  /** Known once the credential was looked at, which is later than the scope. */
  teamId?: string | undefined;
  readonly runId?: string | undefined;
  readonly stepId?: string | undefined;
  readonly callId?: string | undefined;
  /** What happens here is looked at or changed for several teams; see `persistence/tenant-wall.ts`. */
  readonly isAcrossTeams?: boolean | undefined;
  readonly transport?: 'http' | 'websocket' | undefined;
  readonly trace?: TracePlace | undefined;
  /** Where the request came from, as far as the socket and the client tell; for the audit log alone. */
  readonly client?: ClientPlace | undefined;
  /** In whose name audited rows are written. */
  readonly acting?: Acting | undefined;
}

export interface ClientPlace {
  readonly ipAddress?: string | undefined;
  readonly userAgent?: string | undefined;
}

const longestUserAgent = 300;

/** Where a request came from. */
export function placeOf(request: IncomingMessage): ClientPlace {
  return {
    ipAddress: request.socket.remoteAddress,
    userAgent: request.headers['user-agent']?.slice(0, longestUserAgent),
  };
}

const storage = new AsyncLocalStorage<RequestScope>();

/** The scope that the caller is in, through everything it waited for. */
export function currentScope(): RequestScope | undefined {
  return storage.getStore();
}

/** Does `work` within `scope`; what it begins stays in it. */
export function inScope<Result>(scope: RequestScope, work: () => Result): Result {
  return storage.run(scope, work);
}

/** Does `work` that one team's request set off and that concerns other teams too: what is kept for all is read anew. */
export function acrossTeams<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  // Awaited inside: a query of Prisma begins when it is waited for.
  return storage.run({ ...storage.getStore(), isAcrossTeams: true }, async () => await work());
}

/** Does `work` that belongs to nobody, although somebody's request set it off. */
export function outsideScopes<Result>(work: () => Result): Result {
  return storage.exit(work);
}

/** A clock whose timers belong to nobody: what is batched for many must not be told as one's. What awaits one keeps its scope. */
export function outsideTimers(clock: Clock): Clock {
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    startTimer: (delayMs, callback) => clock.startTimer(delayMs, () => storage.exit(callback)),
  };
}

/** The team of the scope is known now. */
export function noteTeam(teamId: string): void {
  const scope = storage.getStore();
  if (scope && scope.teamId === undefined) scope.teamId = teamId;
}

/** What each log line has of its scope. */
export function scopeFields(): Readonly<Record<string, string>> {
  const scope = storage.getStore();
  if (!scope) return {};
  const { requestId, teamId, runId, stepId, callId, trace } = scope;
  return {
    ...(requestId !== undefined && { requestId }),
    ...(teamId !== undefined && { teamId }),
    ...(runId !== undefined && { runId }),
    ...(stepId !== undefined && { stepId }),
    ...(callId !== undefined && { callId }),
    ...(trace && { traceId: trace.traceId, spanId: trace.spanId }),
  };
}
