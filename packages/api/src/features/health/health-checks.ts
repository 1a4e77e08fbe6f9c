import { checkSpeed, defaultCallSpeed, judgeFailure, judgeSpeed } from '@switchyard/core/health';
import type { Clock, Ids, Log, Random } from '@switchyard/core/kernel';
import type { ProviderErrorKind } from '@switchyard/core/spec';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { ConnectionReport } from '../providers/connection-test.ts';
import type { ProviderInstance, ProviderStatus } from '../providers/provider-instance.ts';
import type { ProviderRegistry } from '../providers/provider-registry.ts';
import type { HealthSubject } from './health-subject.ts';
import type { HealthTimes } from './health-times.ts';
import type { PassiveHealth } from './passive-health.ts';

export interface HealthChecksParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly log: Log;
  readonly providers: ProviderRegistry;
  /** As they are now: the file may change. */
  readonly times: () => HealthTimes;
}

/** A check ends within five seconds; a process that died in the middle of one blocks nobody for longer. */
const claimMs = 20_000;
const maxAtOnce = 8;
/** Another check asked for so soon is the same one. */
const sameCheckMs = 1_000;
/** Calls that go on to fail bring no more checks than one in this time. */
const hurryEveryMs = 10_000;
const maxMessageCharacters = 500;

/**
 * Active checks: the vendor's cheapest free call, once for all processes by a claim in the database, and at once when a person asks.
 */
export class HealthChecks {
  readonly #parts: HealthChecksParts;
  readonly #judge: (subjectId: string) => Promise<void>;
  readonly #passive: PassiveHealth;
  /** When each provider is due, as this process last heard; the database decides. */
  readonly #dueAtMs = new Map<string, number>();
  readonly #running = new Map<string, Promise<ConnectionReport>>();
  readonly #last = new Map<string, { readonly atMs: number; readonly report: ConnectionReport }>();
  readonly #hurriedAtMs = new Map<string, number>();
  readonly #claims = new Set<Promise<void>>();
  #isStopped = false;

  constructor(parts: HealthChecksParts, judge: (subjectId: string) => Promise<void>, passive: PassiveHealth) {
    this.#parts = parts;
    this.#judge = judge;
    this.#passive = passive;
  }

  /** Begins the checks that are due, without waiting for them. `isFresh`: the subjects were just read. */
  begin(subjects: readonly HealthSubject[], isFresh: boolean): void {
    const { clock, log } = this.#parts;
    const times = this.#parts.times();
    const nowMs = clock.nowMs();
    for (const { id, nextCheckAtMs, state } of subjects) {
      if (this.#claims.size >= maxAtOnce || this.#isStopped) return;
      const heardAtMs = this.#dueAtMs.get(id) ?? nextCheckAtMs;
      // Another process may have planned an earlier check, and died.
      const dueAtMs = isFresh ? Math.min(heardAtMs, nextCheckAtMs) : heardAtMs;
      // A clock that was set back leaves dates far ahead.
      const isDue = dueAtMs <= nowMs || dueAtMs > nowMs + 2 * times.checkEveryMs;
      if (!isDue || this.#running.has(id)) continue;
      // Nobody else begins before the claim is answered, not even this process.
      this.#dueAtMs.set(id, nowMs + sameCheckMs);
      const claim = this.#claimAndCheck(id, state.status === 'healthy')
        .catch((error: unknown) => log.warn({ error: String(error) }, 'a provider could not be checked'))
        .finally(() => this.#claims.delete(claim));
      this.#claims.add(claim);
    }
  }

  /** Calls fail: a check that is due soon says whether it is the provider. Neither waits nor throws. */
  hurry(id: string): void {
    const { prisma, clock, log } = this.#parts;
    const nowMs = clock.nowMs();
    if (this.#isStopped || nowMs - (this.#hurriedAtMs.get(id) ?? 0) < hurryEveryMs) return;
    this.#hurriedAtMs.set(id, nowMs);
    prisma.$executeRaw`
      UPDATE health_subject SET "nextCheckAtMs" = least("nextCheckAtMs", ${BigInt(nowMs)}) WHERE id = ${id}`.then(
      () => this.#dueAtMs.set(id, Math.min(nowMs, this.#dueAtMs.get(id) ?? nowMs)),
      (error: unknown) => log.warn({ error: String(error) }, 'a check could not be brought forward'),
    );
  }

  /** Checks one provider now, or answers with the check that is running. Rejects when the database is away. */
  async checkNow(instance: ProviderInstance): Promise<ConnectionReport> {
    const last = this.#last.get(instance.id);
    if (last && this.#parts.clock.monotonicMs() - last.atMs < sameCheckMs) return last.report;
    const report = await this.#check(instance, 'person');
    if (!report.isOk) await this.#lookAgain(instance.id);
    return report;
  }

  /** Takes the test that was made of a connection when the server started in place of a first check. */
  async takeTest(instance: ProviderInstance, { state, message, testedAtMs }: ProviderStatus): Promise<void> {
    if (testedAtMs === undefined || !['READY', 'KEY_REJECTED', 'UNREACHABLE'].includes(state)) return;
    const { prisma, random } = this.#parts;
    const times = this.#parts.times();
    const errorKind = state === 'READY' ? undefined : state === 'KEY_REJECTED' ? 'auth' : 'network';
    this.#note(instance.id, testedAtMs, { isOk: state === 'READY', message: message ?? '', errorKind, latencyMs: 0 });
    const waitMs = state === 'READY' ? times.checkEveryMs * (0.1 + 0.9 * random.next()) : times.confirmAfterMs;
    const nextMs = BigInt(Math.round(testedAtMs + waitMs));
    await prisma.$executeRaw`
      UPDATE health_subject SET "nextCheckAtMs" = ${nextMs}, "lastCheckAt" = ${new Date(testedAtMs)}
      WHERE id = ${instance.id}`;
    this.#dueAtMs.set(instance.id, Number(nextMs));
  }

  /** Takes what a paid probe found: a check that is as good as a call. Rejects when the database is away. */
  async takePaid(
    instance: ProviderInstance,
    found: Pick<ConnectionReport, 'isOk' | 'message' | 'errorKind' | 'latencyMs'>,
    paid: { readonly teamId: string; readonly modelId: string },
  ): Promise<void> {
    const atMs = this.#parts.clock.nowMs();
    // What is not the provider's fault says nothing of it, but is shown.
    if (found.isOk || judgeFailure(found.errorKind) !== undefined) this.#note(instance.id, atMs, found, paid.modelId);
    await this.#store(instance, atMs, 'schedule', found, { kind: 'paid', ...paid });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled([...this.#claims, ...this.#running.values()]);
  }

  /** Resolves when no check is under way; for tests. */
  async idle(): Promise<void> {
    while (this.#claims.size > 0) await Promise.allSettled([...this.#claims]);
  }

  /** Asks the database anew when each provider is due; for tests. */
  forget(): void {
    this.#dueAtMs.clear();
  }

  async #claimAndCheck(id: string, wasHealthy: boolean): Promise<void> {
    const { prisma, clock, providers, random } = this.#parts;
    const times = this.#parts.times();
    const instance = providers.snapshot.findInstance(id);
    if (!instance?.adapter) return;
    const nowMs = clock.nowMs();
    const nextMs = Math.round(nowMs + times.checkEveryMs * (0.9 + 0.2 * random.next()));
    const now = BigInt(nowMs);
    const far = BigInt(nowMs + 2 * times.checkEveryMs);
    const claimed = await prisma.$queryRaw<{ id: string }[]>`
      UPDATE health_subject SET "nextCheckAtMs" = ${BigInt(nextMs)}, "claimedUntilMs" = ${BigInt(nowMs + claimMs)}
      WHERE id = ${id} AND ("nextCheckAtMs" <= ${now} OR "nextCheckAtMs" > ${far})
        AND ("claimedUntilMs" <= ${now} OR "claimedUntilMs" > ${far}) RETURNING id`;
    if (claimed.length === 0) {
      const row = await prisma.healthSubject.findUnique({ where: { id }, select: { nextCheckAtMs: true } });
      if (row) this.#dueAtMs.set(id, Number(row.nextCheckAtMs));
      return;
    }
    this.#dueAtMs.set(id, nextMs);
    const { isOk, errorKind } = await this.#check(instance, 'schedule');
    await this.#planNext(id, isOk, errorKind, wasHealthy, nextMs);
  }

  /** One failed check is not believed: the next one says whether it was chance. */
  async #lookAgain(id: string): Promise<void> {
    const { prisma, clock } = this.#parts;
    const times = this.#parts.times();
    const nextMs = Math.min(clock.nowMs() + times.confirmAfterMs, this.#dueAtMs.get(id) ?? Number.POSITIVE_INFINITY);
    this.#dueAtMs.set(id, nextMs);
    await prisma.$executeRaw`
      UPDATE health_subject SET "nextCheckAtMs" = least("nextCheckAtMs", ${BigInt(nextMs)}) WHERE id = ${id}`;
  }

  /** Providers in trouble are looked at more often. A key that was refused is not tried often: vendors lock accounts for that. */
  async #planNext(
    id: string,
    isOk: boolean,
    errorKind: ProviderErrorKind | undefined,
    wasHealthy: boolean,
    plannedMs: number,
  ): Promise<void> {
    const { prisma, clock } = this.#parts;
    const times = this.#parts.times();
    const nowMs = clock.nowMs();
    const row = await prisma.healthSubject.findUnique({ where: { id }, select: { status: true, state: true } });
    const sinceMs = Number((row?.state as { sinceMs?: number } | undefined)?.sinceMs ?? nowMs);
    const isTroubled = row?.status === 'down' || row?.status === 'degraded';
    let nextMs = plannedMs;
    if (isTroubled && errorKind !== 'auth') {
      nextMs = nowMs + (nowMs - sinceMs < times.lastingAfterMs ? times.troubledEveryMs : times.lastingEveryMs);
    } else if (!isOk && (wasHealthy || row?.status === 'unknown') && !isTroubled) {
      nextMs = nowMs + times.confirmAfterMs;
    }
    nextMs = Math.min(nextMs, plannedMs);
    this.#dueAtMs.set(id, nextMs);
    await prisma.$executeRaw`
      UPDATE health_subject SET "nextCheckAtMs" = ${BigInt(nextMs)}, "claimedUntilMs" = 0 WHERE id = ${id}`;
  }

  #check(instance: ProviderInstance, trigger: 'schedule' | 'person'): Promise<ConnectionReport> {
    const running = this.#running.get(instance.id);
    if (running) return running;
    const check = this.#make(instance, trigger).finally(() => this.#running.delete(instance.id));
    this.#running.set(instance.id, check);
    return check;
  }

  async #make(instance: ProviderInstance, trigger: 'schedule' | 'person'): Promise<ConnectionReport> {
    const { clock, providers } = this.#parts;
    const report = await providers.testConnection(instance);
    const atMs = clock.nowMs();
    this.#last.set(instance.id, { atMs: clock.monotonicMs(), report });
    this.#note(instance.id, atMs, report);
    await this.#store(instance, atMs, trigger, report, {});
    return report;
  }

  async #store(
    { id: subjectId, teamId: ownerId }: ProviderInstance,
    atMs: number,
    trigger: 'schedule' | 'person',
    found: Pick<ConnectionReport, 'isOk' | 'message' | 'errorKind' | 'latencyMs'>,
    paid: { readonly kind?: 'paid'; readonly teamId?: string; readonly modelId?: string },
  ): Promise<void> {
    const { prisma, ids } = this.#parts;
    const at = new Date(atMs);
    const message = found.message.slice(0, maxMessageCharacters);
    const { isOk, latencyMs, errorKind = null } = found;
    await prisma.healthCheck.create({
      data: { id: ids.next('chk'), subjectId, at, trigger, isOk, errorKind, message, latencyMs, ...paid },
    });
    await prisma.healthSubject.updateMany({ where: { id: subjectId }, data: { lastCheckAt: at } });
    const payload = { isOk, latencyMs, message };
    await prisma.healthEvent.create({ data: { subjectId, teamId: ownerId ?? null, kind: 'check', payload, at } });
    await this.#judge(subjectId);
  }

  #note(
    subjectId: string,
    atMs: number,
    { isOk, message, errorKind, latencyMs }: Pick<ConnectionReport, 'isOk' | 'message' | 'errorKind' | 'latencyMs'>,
    calledModelId?: string,
  ): void {
    const verdict = isOk ? 'success' : (judgeFailure(errorKind) ?? 'fault');
    const failure = isOk
      ? undefined
      : { atMs, kind: errorKind, message: message.slice(0, maxMessageCharacters), modelId: calledModelId };
    const speed = judgeSpeed(latencyMs, calledModelId === undefined ? checkSpeed : defaultCallSpeed);
    const source = calledModelId === undefined ? 'check' : 'call';
    this.#passive.windowOf(subjectId).add({ atMs, source, verdict, speed, modelId: calledModelId }, failure);
  }
}
