import { type AlertPolicy, defaultAlertPolicy, muteAlert } from '@switchyard/core/guardrails';
import type { Clock, Ids, Log, Random } from '@switchyard/core/kernel';
import type { LookupAll } from '@switchyard/core/providers';
import type { ConfiguredAlertChannel } from '@switchyard/core/provisioning';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { ApiSettings } from '../../settings.ts';
import type { CredentialVault } from '../providers/credential-vault.ts';
import { toAlertState, toConditionColumns } from './alert.mapping.ts';
import { AlertFeed } from './alert-feed.ts';
import { AlertReporter } from './alert-reporter.ts';
import { ChannelRepository } from './channel.repository.ts';
import { DeliveryRepository } from './delivery.repository.ts';
import { DeliveryWorker } from './delivery-worker.ts';
import { type EnvironmentChannel, readEnvironmentChannels } from './environment-channels.ts';
import { readFileChannels } from './file-channels.ts';
import { type AlertDraft, type RaiseContext, type RaisedAlert, raiseAlert, raiseTransaction } from './raise-alert.ts';

const keepForMs = 30 * 24 * 60 * 60 * 1000;
const keepOpenForMs = 180 * 24 * 60 * 60 * 1000;

export interface AlertDeskParts {
  readonly prisma: PrismaClient;
  readonly vault: CredentialVault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly log: Log;
  readonly instanceId: string;
  readonly settings: Pick<ApiSettings, 'publicUrl' | 'alertWebhooks' | 'alertWebhookSecret' | 'allowsPrivateNetworks'>;
  readonly policy?: AlertPolicy;
  /** Resolves names; for tests. */
  readonly lookupAll?: LookupAll;
}

/** Where budgets, health and all others raise alerts, and what carries them to people. */
export class AlertDesk {
  readonly channels: ChannelRepository;
  readonly worker: DeliveryWorker;
  readonly feed: AlertFeed;
  readonly #reporter: AlertReporter;
  readonly #parts: AlertDeskParts;
  /** Those of the environment, and behind them those of the configuration file. */
  readonly #environmentChannels: Map<string, EnvironmentChannel>;
  readonly #ofEnvironment: ReadonlySet<string>;

  constructor(parts: AlertDeskParts) {
    const { prisma, vault, clock, random, log, settings, instanceId } = parts;
    this.#parts = parts;
    const ofEnvironment = readEnvironmentChannels(settings.alertWebhooks, settings.alertWebhookSecret, vault);
    this.#environmentChannels = new Map(ofEnvironment);
    this.#ofEnvironment = new Set(ofEnvironment.keys());
    this.channels = new ChannelRepository({
      prisma,
      vault,
      environmentChannels: this.#environmentChannels,
      addressPolicy: settings.allowsPrivateNetworks ? 'allow-private' : 'public-only',
    });
    this.feed = new AlertFeed(prisma, clock, log);
    this.#reporter = new AlertReporter((draft) => this.raise(draft), clock, log);
    this.worker = new DeliveryWorker({
      deliveries: new DeliveryRepository(prisma, instanceId),
      channels: this.channels,
      clock,
      random,
      log,
      publicUrl: settings.publicUrl,
      raiseContext: () => this.#context(),
      ...(parts.lookupAll && { lookupAll: parts.lookupAll }),
    });
  }

  /** Takes the channels of the configuration file `fileName` in place of those that it had before. */
  setFileChannels(channels: readonly ConfiguredAlertChannel[], fileName: string): void {
    const known = this.#environmentChannels;
    for (const id of known.keys()) if (!this.#ofEnvironment.has(id)) known.delete(id);
    for (const [id, channel] of readFileChannels(channels, fileName, this.#parts.vault)) known.set(id, channel);
  }

  /**
   * Raises an alert within `tx`, an interactive transaction that also stores what brought it about (see `raiseAlert`).
   * Call {@link wake} once it is committed, or wait a second.
   */
  raiseWithin(tx: Prisma.TransactionClient, draft: AlertDraft): Promise<RaisedAlert> {
    return raiseAlert(tx, draft, this.#context());
  }

  /** Raises an alert in a transaction of its own and begins to send it. Throws when the database is away. */
  async raise(draft: AlertDraft): Promise<RaisedAlert> {
    const raised = await this.#parts.prisma.$transaction((tx) => this.raiseWithin(tx, draft), raiseTransaction);
    if (raised.alert) this.wake();
    return raised;
  }

  /**
   * Takes an alert to be raised soon: never waits, never throws, and writes the same thing at most every ten seconds, so
   * that it may be called for every refused call. While the database is away it is kept in memory.
   */
  report(draft: AlertDraft): void {
    this.#reporter.report(draft);
  }

  /** Stores what was reported and sends what is due. Call it every second; rejects when the database is away. */
  async tick(): Promise<void> {
    const done = await Promise.allSettled([this.#reporter.flush(), this.worker.pump()]);
    for (const result of done) if (result.status === 'rejected') throw result.reason;
  }

  /** Sends and shows what was just stored; never throws. */
  wake(): void {
    const { log } = this.#parts;
    const warn = (error: unknown) => log.warn({ error: String(error) }, 'alerts are sent later');
    this.worker.pump().catch(warn);
    this.feed.poll().catch(warn);
  }

  /** Nobody is told of what is raised under the key until `untilMs`; undefined takes it back. False: never raised. */
  async mute(teamId: string, dedupeKey: string, untilMs: number | undefined): Promise<boolean> {
    const { prisma, clock } = this.#parts;
    const nowMs = clock.nowMs();
    const where = { teamId_dedupeKey: { teamId, dedupeKey } };
    const row = await prisma.alertCondition.findUnique({ where });
    if (!row) return false;
    const { mutedUntil } = toConditionColumns(muteAlert(toAlertState(row), untilMs ?? 0, nowMs));
    await prisma.alertCondition.update({ where, data: { mutedUntil, updatedAt: new Date(nowMs) } });
    return true;
  }

  /** Forgets alerts, deliveries and closed conditions after 30 days. */
  async prune(): Promise<void> {
    const { prisma, clock } = this.#parts;
    const before = new Date(clock.nowMs() - keepForMs);
    await prisma.alert.deleteMany({ where: { at: { lt: before } } });
    const forgotten = new Date(clock.nowMs() - keepOpenForMs);
    await prisma.alertCondition.deleteMany({
      where: {
        OR: [{ isOpen: false, updatedAt: { lt: before }, mutedUntil: null }, { updatedAt: { lt: forgotten } }],
      },
    });
  }

  async stop(drainMs: number): Promise<void> {
    this.feed.close();
    await this.#reporter.flush().catch(() => {});
    await this.worker.stop(drainMs);
  }

  #context(): RaiseContext {
    const { ids, clock, policy } = this.#parts;
    return {
      ids,
      nowMs: clock.nowMs(),
      environmentChannels: this.#environmentChannels,
      policy: policy ?? defaultAlertPolicy,
    };
  }
}
