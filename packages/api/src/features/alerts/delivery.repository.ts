import { type Alert, disableChannelAfterMs, maxDeliveryAttempts } from '@switchyard/core/guardrails';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { toAlert } from './alert.mapping.ts';
import type { TryOutcome } from './post-message.ts';
import { type AlertDraft, type RaiseContext, raiseAlert, raiseTransaction } from './raise-alert.ts';

/** A process that claimed a delivery and said nothing for so long is taken for dead: the delivery is sent again. */
const claimForMs = 60_000;
const maxPerRound = 200;

export interface DueDelivery {
  readonly id: string;
  readonly teamId: string;
  readonly channelId: string;
  readonly alertId: string;
  readonly attempts: number;
  readonly state: string;
}

/** A delivery that this process alone may try now. */
export interface ClaimedDelivery extends DueDelivery {
  /** The number of this try, from 1. */
  readonly attempt: number;
  readonly claimedUntilMs: number;
}

/** How a try changes its delivery. */
export type DeliveryStep =
  | { readonly state: 'delivered' | 'failed' | 'cancelled' }
  | { readonly state: 'pending'; readonly nextAttemptAtMs: number };

/** The outbox in tables. Times are of this process's clock, epoch ms. */
export class DeliveryRepository {
  readonly #prisma: PrismaClient;
  readonly #instanceId: string;

  constructor(prisma: PrismaClient, instanceId: string) {
    this.#prisma = prisma;
    this.#instanceId = instanceId;
  }

  /**
   * What may be tried now, the longest due first, at most `perChannel` of one channel, without the teams and channels
   * that are busy already. A delivery whose process died is due when its claim has run out.
   */
  async findDue(
    nowMs: number,
    perChannel: number,
    busy: { readonly teamIds: readonly string[]; readonly channels: readonly string[] },
  ): Promise<readonly DueDelivery[]> {
    const now = new Date(nowMs);
    return this.#prisma.$queryRaw<DueDelivery[]>`
      SELECT id, "teamId", "channelId", "alertId", attempts, state FROM (
        SELECT *, row_number() OVER (PARTITION BY "teamId", "channelId" ORDER BY "nextAttemptAt", id) AS place
        FROM alert_delivery
        WHERE ((state = 'pending' AND "nextAttemptAt" <= ${now}) OR (state = 'sending' AND "claimedUntil" <= ${now}))
          AND NOT "teamId" = ANY(${[...busy.teamIds]}::text[])
          AND NOT ("teamId" || ' ' || "channelId") = ANY(${[...busy.channels]}::text[])
      ) due
      WHERE place <= ${perChannel} ORDER BY "nextAttemptAt", id LIMIT ${maxPerRound}`;
  }

  /** Takes the delivery for this process, or answers undefined when another one was quicker or all tries are used up. */
  async claim(due: DueDelivery, nowMs: number): Promise<ClaimedDelivery | undefined> {
    const now = new Date(nowMs);
    const isUsedUp = due.attempts >= maxDeliveryAttempts;
    const claimedUntilMs = nowMs + claimForMs;
    const { count } = await this.#prisma.alertDelivery.updateMany({
      where: {
        id: due.id,
        attempts: due.attempts,
        OR: [
          { state: 'pending', nextAttemptAt: { lte: now } },
          { state: 'sending', claimedUntil: { lte: now } },
        ],
      },
      data: isUsedUp
        ? { state: 'failed', finishedAt: now, claimedBy: null, claimedUntil: null }
        : {
            state: 'sending',
            attempts: due.attempts + 1,
            claimedBy: this.#instanceId,
            claimedUntil: new Date(claimedUntilMs),
          },
    });
    if (count === 0) return undefined;
    if (due.state === 'sending') {
      const error = 'The server stopped before it could note the answer. The message may have arrived.';
      await this.#prisma.alertAttempt.createMany({
        data: [{ deliveryId: due.id, attempt: due.attempts, at: now, latencyMs: 0, responseExcerpt: '', error }],
        skipDuplicates: true,
      });
    }
    return isUsedUp ? undefined : { ...due, attempt: due.attempts + 1, claimedUntilMs };
  }

  /** The alert and its team's name; undefined when it was deleted meanwhile. */
  async readAlert(
    teamId: string,
    alertId: string,
  ): Promise<{ readonly alert: Alert; readonly teamName: string } | undefined> {
    const row = await this.#prisma.alert.findUnique({
      where: { id_teamId: { id: alertId, teamId } },
      include: { team: { select: { name: true } } },
    });
    return row ? { alert: toAlert(row), teamName: row.team.name } : undefined;
  }

  /** Gives an untried delivery back, or ends it, when it is still ours. */
  async release(claimed: ClaimedDelivery, step: DeliveryStep, nowMs: number): Promise<boolean> {
    const { count } = await this.#prisma.alertDelivery.updateMany({
      where: { id: claimed.id, state: 'sending', claimedBy: this.#instanceId, attempts: claimed.attempt },
      data: {
        state: step.state,
        claimedBy: null,
        claimedUntil: null,
        ...(step.state === 'pending'
          ? { nextAttemptAt: new Date(step.nextAttemptAtMs) }
          : { finishedAt: new Date(nowMs) }),
      },
    });
    return count === 1;
  }

  /**
   * Notes how a try went, in one transaction with what it means for the channel: what takes nothing for three days, or
   * says that it is gone, is switched off and the team is told. Does nothing when the claim was lost meanwhile.
   */
  async record(
    claimed: ClaimedDelivery,
    outcome: TryOutcome,
    step: DeliveryStep,
    context: RaiseContext & { readonly triedAtMs: number },
  ): Promise<void> {
    const { teamId, channelId } = claimed;
    const { nowMs } = context;
    await this.#prisma.$transaction(async (tx) => {
      const inTransaction = new DeliveryRepository(tx as PrismaClient, this.#instanceId);
      if (!(await inTransaction.release(claimed, step, nowMs))) return;
      await tx.alertAttempt.createMany({
        data: [
          {
            deliveryId: claimed.id,
            attempt: claimed.attempt,
            at: new Date(context.triedAtMs),
            httpStatus: outcome.httpStatus ?? null,
            latencyMs: outcome.latencyMs,
            responseExcerpt: outcome.responseExcerpt,
            error: outcome.error ?? null,
          },
        ],
        skipDuplicates: true,
      });
      const channel = await tx.alertChannel.findUnique({ where: { id_teamId: { id: channelId, teamId } } });
      if (!channel) return;
      if (outcome.kind === 'delivered') {
        if (channel.failingSince)
          await tx.alertChannel.update({ where: { id: channelId }, data: { failingSince: null } });
        return;
      }
      const failingSince = channel.failingSince ?? new Date(nowMs);
      const isGone = outcome.httpStatus === 410;
      const isOver = isGone || nowMs - failingSince.getTime() >= disableChannelAfterMs;
      if (!isOver || !channel.isEnabled) {
        if (!channel.failingSince) await tx.alertChannel.update({ where: { id: channelId }, data: { failingSince } });
        return;
      }
      const lastError = outcome.error ?? 'It did not answer.';
      const disabledReason = `${isGone ? '' : 'Nothing was taken for three days. '}${lastError}`;
      const { count } = await tx.alertChannel.updateMany({
        where: { id: channelId, teamId, isEnabled: true },
        data: { isEnabled: false, failingSince, disabledReason },
      });
      if (count === 1) await raiseAlert(tx, describeDisabled(teamId, channel, disabledReason, nowMs), context);
    }, raiseTransaction);
  }
}

function describeDisabled(
  teamId: string,
  channel: { readonly id: string; readonly name: string; readonly origin: string },
  reason: string,
  nowMs: number,
): AlertDraft {
  return {
    teamId,
    kind: 'channel.disabled',
    severity: 'warning',
    status: 'firing',
    origin: 'live',
    title: `The alert channel "${channel.name}" was switched off`,
    message: `Alerts no longer go to ${channel.origin}. ${reason} Repair the target, press "Send test", and switch the channel on again.`,
    link: '/guardrails',
    facts: [
      { name: 'channelName', label: 'Channel', value: channel.name },
      { name: 'origin', label: 'Target', value: channel.origin },
    ],
    // Each time anew: a channel that was switched on again and failed again is news.
    dedupeKey: `channel.disabled:${channel.id}:${nowMs}`,
    atMs: nowMs,
  };
}
