import { type Alert, planRedelivery } from '@switchyard/core/guardrails';
import { type Clock, type Log, type Random, sleep } from '@switchyard/core/kernel';
import { type AddressPolicy, createHttpAgent, type LookupAll } from '@switchyard/core/providers';
import { SealError } from '../providers/credential-vault.ts';
import type { AlertTarget } from './alert-target.ts';
import type { ChannelRepository } from './channel.repository.ts';
import { composeMessage } from './compose-message.ts';
import type { ClaimedDelivery, DeliveryRepository, DeliveryStep } from './delivery.repository.ts';
import { postMessage, type TryOutcome } from './post-message.ts';
import type { RaiseContext } from './raise-alert.ts';

/** How many tries may be under way in this process, so that slow targets take nothing from others. */
const limits = { perChannel: 2, perTeam: 8, inAll: 64 } as const;
const noteAgainAfterMs = 2_000;

export interface DeliveryWorkerParts {
  readonly deliveries: DeliveryRepository;
  readonly channels: ChannelRepository;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly publicUrl: string | undefined;
  readonly raiseContext: () => RaiseContext;
  /** Resolves names; for tests. */
  readonly lookupAll?: LookupAll;
}

/** Sends what waits in the outbox, at least once, each message under an id that stays. Any number of processes may. */
export class DeliveryWorker {
  readonly #parts: DeliveryWorkerParts;
  readonly #agents = new Map<AddressPolicy, ReturnType<typeof createHttpAgent>>();
  readonly #active = new Map<ClaimedDelivery, Promise<void>>();
  readonly #stopping = new AbortController();
  #round: Promise<void> | undefined;
  #isWanted = false;

  constructor(parts: DeliveryWorkerParts) {
    this.#parts = parts;
  }

  /** Tries under way now. */
  get activeCount(): number {
    return this.#active.size;
  }

  /**
   * Begins to send what is due and there is room for; resolves when everything is begun. Rejects when the database is
   * away: what is due stays so.
   */
  pump(): Promise<void> {
    this.#isWanted = true;
    this.#round ??= this.#begin().finally(() => {
      this.#round = undefined;
      // Asked for at the very moment in which the round ended.
      if (this.#isWanted && !this.#stopping.signal.aborted) this.pump().catch(() => {});
    });
    return this.#round;
  }

  /** Resolves when nothing is under way. */
  async settle(): Promise<void> {
    while (this.#round || this.#active.size > 0) {
      await Promise.allSettled([this.#round, ...this.#active.values()]);
    }
  }

  /** Begins nothing more, gives tries under way `drainMs` to end, then gives them back to be sent by another process. */
  async stop(drainMs: number): Promise<void> {
    this.#isWanted = false;
    const timer = this.#parts.clock.startTimer(drainMs, () => this.#stopping.abort());
    if (drainMs <= 0) this.#stopping.abort();
    await this.#round?.catch(() => {});
    await this.settle();
    timer.cancel();
    this.#stopping.abort();
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()));
  }

  /** Posts `alert` to `target` now, past the outbox. */
  async post(target: AlertTarget, alert: Alert, messageId: string): Promise<TryOutcome> {
    const { clock, publicUrl } = this.#parts;
    const message = composeMessage(target, alert, { messageId, atMs: clock.nowMs(), publicUrl });
    const agent = this.#agentOf(target.addressPolicy);
    return postMessage(target, message, { agent, clock, signal: this.#stopping.signal });
  }

  async #begin(): Promise<void> {
    const { deliveries, clock } = this.#parts;
    while (this.#isWanted && !this.#stopping.signal.aborted) {
      this.#isWanted = false;
      for (const due of await deliveries.findDue(clock.nowMs(), limits.perChannel, this.#busy())) {
        if (this.#stopping.signal.aborted) return;
        if (!this.#hasRoom(due)) continue;
        const claimed = await deliveries.claim(due, clock.nowMs());
        if (claimed) this.#start(claimed);
      }
    }
  }

  #start(claimed: ClaimedDelivery): void {
    const work = this.#deliver(claimed)
      .catch((error: unknown) => {
        const { log } = this.#parts;
        log.warn({ deliveryId: claimed.id, error: String(error) }, 'a try of an alert could not be noted');
      })
      .finally(() => {
        this.#active.delete(claimed);
        // There may be more for the room that this one leaves.
        if (!this.#stopping.signal.aborted) this.pump().catch(() => {});
      });
    this.#active.set(claimed, work);
  }

  async #deliver(claimed: ClaimedDelivery): Promise<void> {
    const { deliveries, channels, clock, random, raiseContext } = this.#parts;
    const { teamId, channelId } = claimed;
    const triedAtMs = clock.nowMs();
    const found = await deliveries.readAlert(teamId, claimed.alertId);
    let outcome: TryOutcome;
    try {
      const channel = await channels.open(teamId, channelId);
      if (!found || !channel?.view.isEnabled) {
        await deliveries.release(claimed, { state: 'cancelled' }, triedAtMs);
        return;
      }
      const team = { name: 'team', label: 'Team', value: found.teamName };
      // One address of the operator hears of all teams: there it must be said whose alert it is.
      const alert = channel.view.isReadOnly ? { ...found.alert, facts: [team, ...found.alert.facts] } : found.alert;
      outcome = await this.post(channel.target, alert, claimed.id);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      outcome = unsent(error.message);
    }
    if (outcome.kind === 'aborted') {
      await deliveries.release(claimed, { state: 'pending', nextAttemptAtMs: clock.nowMs() }, clock.nowMs());
      return;
    }
    const nowMs = clock.nowMs();
    const step = nextStep(claimed.attempt, outcome, nowMs, random);
    await this.#note(claimed, () => deliveries.record(claimed, outcome, step, { ...raiseContext(), nowMs, triedAtMs }));
  }

  /** Tries to note an answer until the claim runs out, so that a short outage of the database sends nothing twice. */
  async #note(claimed: ClaimedDelivery, write: () => Promise<void>): Promise<void> {
    const { clock } = this.#parts;
    for (;;) {
      try {
        await write();
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted || clock.nowMs() + noteAgainAfterMs >= claimed.claimedUntilMs) throw error;
        await sleep(clock, noteAgainAfterMs, this.#stopping.signal).catch(() => {});
      }
    }
  }

  #hasRoom({ teamId, channelId }: { readonly teamId: string; readonly channelId: string }): boolean {
    if (this.#active.size >= limits.inAll) return false;
    const ofTeam = [...this.#active.keys()].filter((each) => each.teamId === teamId);
    if (ofTeam.length >= limits.perTeam) return false;
    return ofTeam.filter((each) => each.channelId === channelId).length < limits.perChannel;
  }

  #busy(): { readonly teamIds: readonly string[]; readonly channels: readonly string[] } {
    const active = [...this.#active.keys()];
    return {
      teamIds: atLeast(
        limits.perTeam,
        active.map(({ teamId }) => teamId),
      ),
      channels: atLeast(
        limits.perChannel,
        active.map(({ teamId, channelId }) => `${teamId} ${channelId}`),
      ),
    };
  }

  #agentOf(policy: AddressPolicy): ReturnType<typeof createHttpAgent> {
    let agent = this.#agents.get(policy);
    if (!agent) {
      agent = createHttpAgent(policy, this.#parts.lookupAll);
      this.#agents.set(policy, agent);
    }
    return agent;
  }
}

function nextStep(attempt: number, outcome: TryOutcome, nowMs: number, random: Random): DeliveryStep {
  if (outcome.kind === 'delivered') return { state: 'delivered' };
  if (outcome.httpStatus === 410) return { state: 'failed' };
  const plan = planRedelivery(attempt, outcome.retryAfterMs, random);
  return plan ? { state: 'pending', nextAttemptAtMs: nowMs + plan.waitMs } : { state: 'failed' };
}

function unsent(error: string): TryOutcome {
  return {
    kind: 'unreachable',
    httpStatus: undefined,
    latencyMs: 0,
    responseExcerpt: '',
    error,
    retryAfterMs: undefined,
  };
}

/** The names that stand at least `count` times in `names`. */
function atLeast(count: number, names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].filter(([, times]) => times >= count).map(([name]) => name);
}
