import { createHash } from 'node:crypto';
import {
  type Alert,
  type AlertDecision,
  type AlertPolicy,
  clipAlert,
  decideAlert,
  defaultAlertPolicy,
} from '@switchyard/core/guardrails';
import { type Ids, toStorable } from '@switchyard/core/kernel';
import type { Prisma } from '../../generated/prisma/client.ts';
import { type ConditionRow, toAlertColumns, toAlertState, toConditionColumns } from './alert.mapping.ts';
import { wantsKind } from './alert-target.ts';
import type { EnvironmentChannel } from './environment-channels.ts';

/** Raising waits for others at the same key, and on the embedded database for every other transaction. */
export const raiseTransaction = { maxWait: 10_000, timeout: 10_000 } as const;

export type AlertDraft = Omit<Alert, 'id'> & {
  /** What lasts is told again after this time; absent: as always. */
  readonly renotifyAfterMs?: number;
};

const maxKeyCharacters = 300;

export interface RaiseContext {
  readonly ids: Ids;
  readonly nowMs: number;
  readonly environmentChannels: ReadonlyMap<string, EnvironmentChannel>;
  readonly policy?: AlertPolicy;
}

export interface RaisedAlert {
  readonly reason: AlertDecision['reason'];
  /** Undefined when nobody is told. */
  readonly alert: Alert | undefined;
}

/**
 * Raises an alert within `tx`, an interactive transaction: what brought it about, the notification and a delivery for
 * every channel that wants it are stored together or not at all. Equal keys are told of once (see `decideAlert`), also
 * when several processes raise at once: they wait for each other at the key's row, so a transaction that raises
 * several does it in the order of their keys. Nothing is sent here; the delivery worker does that.
 */
export async function raiseAlert(
  tx: Prisma.TransactionClient,
  { renotifyAfterMs, ...draft }: AlertDraft,
  { ids, nowMs, environmentChannels, policy: given = defaultAlertPolicy }: RaiseContext,
): Promise<RaisedAlert> {
  const policy = renotifyAfterMs === undefined ? given : { ...given, renotifyAfterMs };
  const alert = clipAlert(toStorable({ ...draft, id: ids.next('alr'), dedupeKey: shortenKey(draft.dedupeKey) }));
  const { teamId, dedupeKey } = alert;
  const known = await lockCondition(tx, teamId, dedupeKey, alert, nowMs);
  const { isNotified, reason, state } = decideAlert(known, alert, nowMs, policy);
  await tx.alertCondition.update({
    where: { teamId_dedupeKey: { teamId, dedupeKey } },
    data: { ...toConditionColumns(state), updatedAt: new Date(nowMs) },
  });
  if (!isNotified) return { reason, alert: undefined };
  await tx.alert.create({ data: toAlertColumns(alert) });
  const rows = await tx.alertChannel.findMany({
    where: { teamId, isEnabled: true },
    select: { id: true, name: true, kinds: true },
  });
  const fixed = [...environmentChannels.values()].map(({ view }) => view).filter(({ isEnabled }) => isEnabled);
  const channels = [...rows, ...fixed];
  const now = new Date(nowMs);
  await tx.alertDelivery.createMany({
    data: channels
      .filter(({ kinds }) => wantsKind(kinds, alert.kind))
      .map(({ id, name }) => ({
        id: ids.next('msg'),
        alertId: alert.id,
        teamId,
        channelId: id,
        channelName: name,
        state: 'pending',
        nextAttemptAt: now,
        createdAt: now,
      })),
  });
  return { reason, alert };
}

/** What is remembered under the key, its row locked until the transaction ends; undefined when nothing was. */
async function lockCondition(
  tx: Prisma.TransactionClient,
  teamId: string,
  dedupeKey: string,
  { severity }: Alert,
  nowMs: number,
) {
  const now = new Date(nowMs);
  const inserted = await tx.alertCondition.createMany({
    data: [{ teamId, dedupeKey, severity, isOpen: false, openedAt: now, occurrences: 0, updatedAt: now }],
    skipDuplicates: true,
  });
  if (inserted.count === 1) return undefined;
  const [row] = await tx.$queryRaw<ConditionRow[]>`
    SELECT severity, "isOpen", "openedAt", "notifiedAt", occurrences, "mutedUntil" FROM alert_condition
    WHERE "teamId" = ${teamId} AND "dedupeKey" = ${dedupeKey} FOR UPDATE`;
  return row && toAlertState(row);
}

/** Keys may hold names that people gave; an index takes no text of any length. */
function shortenKey(key: string): string {
  return key.length <= maxKeyCharacters ? key : `sha256:${createHash('sha256').update(key).digest('base64url')}`;
}
