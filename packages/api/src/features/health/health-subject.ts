import type { HealthCause, HealthJudgement, HealthScore, HealthState, OutcomeCounts } from '@switchyard/core/health';
import { unknownHealth } from '@switchyard/core/health';
import { Prisma, type HealthSubject as SubjectRow } from '../../generated/prisma/client.ts';
import type { ProviderInstance } from '../providers/provider-instance.ts';
import type { LastFailure, OutcomeWindow } from './outcome-window.ts';

/** How one provider stands, as it is stored. Times are epoch milliseconds. */
export interface HealthSubject {
  /** The provider's id. */
  readonly id: string;
  readonly teamId: string | undefined;
  readonly slug: string;
  readonly displayName: string;
  readonly origin: 'live' | 'simulated';
  readonly state: HealthState;
  readonly cause: HealthCause | undefined;
  readonly score: (HealthScore & { readonly counts: OutcomeCounts }) | undefined;
  readonly errorRate: number | undefined;
  readonly connection: string;
  readonly version: number;
  readonly nextCheckAtMs: number;
  readonly lastCheckAtMs: number | undefined;
  readonly lastSuccessAtMs: number | undefined;
  readonly lastFailureAtMs: number | undefined;
  readonly lastFailure: LastFailure | undefined;
}

export function toSubject(row: SubjectRow): HealthSubject {
  const state = row.state as unknown as Partial<HealthState> | null;
  const lastFailureAtMs = row.lastFailureAt?.getTime();
  return {
    id: row.id,
    teamId: row.teamId ?? undefined,
    slug: row.slug,
    displayName: row.displayName,
    origin: row.origin === 'LIVE' ? 'live' : 'simulated',
    state: { ...unknownHealth, ...state },
    cause: (row.cause ?? undefined) as HealthCause | undefined,
    score: (row.score ?? undefined) as HealthSubject['score'],
    errorRate: row.errorRate ?? undefined,
    connection: row.connection,
    version: row.version,
    nextCheckAtMs: Number(row.nextCheckAtMs),
    lastCheckAtMs: row.lastCheckAt?.getTime(),
    lastSuccessAtMs: row.lastSuccessAt?.getTime(),
    lastFailureAtMs,
    lastFailure:
      row.lastError === null || lastFailureAtMs === undefined
        ? undefined
        : {
            atMs: lastFailureAtMs,
            kind: row.lastErrorKind ?? undefined,
            message: row.lastError,
            modelId: row.lastErrorModelId ?? undefined,
          },
  };
}

/** What a judgement and what was heard change of a row. */
export function toColumns(judged: HealthJudgement, window: OutcomeWindow, known: HealthSubject) {
  const { state, score, counts, errorRate, cause } = judged;
  const lastSuccessAtMs = laterOf(window.lastSuccessAtMs, known.lastSuccessAtMs);
  const failure =
    window.lastFailure && window.lastFailure.atMs >= (known.lastFailureAtMs ?? 0) ? window.lastFailure : undefined;
  return {
    status: state.status,
    cause: cause ?? null,
    state: state as unknown as Prisma.InputJsonObject,
    score: score ? ({ ...score, counts } as unknown as Prisma.InputJsonObject) : Prisma.DbNull,
    errorRate: errorRate ?? null,
    ...(lastSuccessAtMs !== undefined && { lastSuccessAt: new Date(lastSuccessAtMs) }),
    ...(failure && {
      lastFailureAt: new Date(failure.atMs),
      lastError: failure.message,
      lastErrorKind: failure.kind ?? null,
      lastErrorModelId: failure.modelId ?? null,
    }),
  };
}

/** The row of a provider of which nothing is known yet. */
export function newSubjectRow(instance: ProviderInstance, nowMs: number) {
  return {
    ...namesOf(instance),
    id: instance.id,
    status: unknownHealth.status,
    state: { ...unknownHealth, sinceMs: nowMs } as unknown as Prisma.InputJsonObject,
    accountedUntilMs: BigInt(nowMs),
    updatedAt: new Date(nowMs),
  };
}

/** What a row repeats of its provider, so that it outlives it. */
export function namesOf(instance: ProviderInstance) {
  return {
    teamId: instance.teamId ?? null,
    slug: instance.slug,
    displayName: instance.displayName,
    origin: instance.origin === 'live' ? ('LIVE' as const) : ('SIMULATED' as const),
    connection: instance.connectionKey,
  };
}

function laterOf(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
