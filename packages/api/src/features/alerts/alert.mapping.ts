import type { Alert, AlertState } from '@switchyard/core/guardrails';
import type { Prisma } from '../../generated/prisma/client.ts';

/** A row of `alert` as core's alert. */
export function toAlert(row: {
  readonly id: string;
  readonly teamId: string;
  readonly kind: string;
  readonly severity: string;
  readonly status: string;
  readonly origin: string;
  readonly title: string;
  readonly message: string;
  readonly link: string;
  readonly facts: Prisma.JsonValue;
  readonly dedupeKey: string;
  readonly at: Date;
}): Alert {
  const { id, teamId, title, message, link, dedupeKey, at } = row;
  return {
    id,
    teamId,
    kind: row.kind as Alert['kind'],
    severity: row.severity as Alert['severity'],
    status: row.status as Alert['status'],
    origin: row.origin === 'LIVE' ? 'live' : 'simulated',
    title,
    message,
    link,
    facts: row.facts as unknown as Alert['facts'],
    dedupeKey,
    atMs: at.getTime(),
  };
}

export function toAlertColumns(alert: Alert) {
  const { origin, atMs, facts, ...rest } = alert;
  return {
    ...rest,
    origin: origin === 'live' ? ('LIVE' as const) : ('SIMULATED' as const),
    facts: facts as unknown as Prisma.InputJsonValue,
    at: new Date(atMs),
  };
}

/** A row of `alert_condition`. */
export interface ConditionRow {
  readonly severity: string;
  readonly isOpen: boolean;
  readonly openedAt: Date;
  readonly notifiedAt: Date | null;
  readonly occurrences: number;
  readonly mutedUntil: Date | null;
}

export function toAlertState(row: ConditionRow): AlertState {
  return {
    severity: row.severity as AlertState['severity'],
    isOpen: row.isOpen,
    openedAtMs: row.openedAt.getTime(),
    notifiedAtMs: row.notifiedAt?.getTime(),
    occurrences: row.occurrences,
    mutedUntilMs: row.mutedUntil?.getTime(),
  };
}

export function toConditionColumns(state: AlertState): ConditionRow {
  return {
    severity: state.severity,
    isOpen: state.isOpen,
    openedAt: new Date(state.openedAtMs),
    notifiedAt: toDate(state.notifiedAtMs),
    occurrences: Math.min(state.occurrences, 2_147_483_647),
    mutedUntil: toDate(state.mutedUntilMs),
  };
}

function toDate(epochMs: number | undefined): Date | null {
  return epochMs === undefined ? null : new Date(epochMs);
}
