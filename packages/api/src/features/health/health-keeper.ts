import {
  defaultIncidentSettings,
  type HealthJudgement,
  type HealthSettings,
  judgeHealth,
} from '@switchyard/core/health';
import type { Clock, Ids, Log, Random, Timer } from '@switchyard/core/kernel';
import type { CallRecord, MetricsReader } from '@switchyard/core/metrics';
import type { HealthIncident, PrismaClient } from '../../generated/prisma/client.ts';
import type { AlertDraft } from '../alerts/raise-alert.ts';
import type { ProviderInstance } from '../providers/provider-instance.ts';
import type { ProviderRegistry } from '../providers/provider-registry.ts';
import { endAbandoned } from './end-abandoned.ts';
import { HealthChecks } from './health-checks.ts';
import { HealthFeed } from './health-feed.ts';
import { storeMinutes } from './health-minutes.ts';
import { type HealthSubject, namesOf, newSubjectRow, toColumns, toSubject } from './health-subject.ts';
import { accountEveryMs, accountTime, turnPeriod } from './health-time-account.ts';
import { defaultHealthTimes, type HealthTimes, settingsFor } from './health-times.ts';
import { IncidentAlerts } from './incident-alerts.ts';
import { findOpenIncidents, keepIncident } from './incident-keeper.ts';
import { failedModels, type SeenOutcome } from './outcome-window.ts';
import { PassiveHealth } from './passive-health.ts';
import { LatencyTargets } from './rules/latency-targets.ts';
import { RuleBook } from './rules/rule-book.ts';
import { RuleWatch } from './rules/rule-watch.ts';
import { SharedWindows } from './shared-windows.ts';
import { tellMaintenance } from './tell-maintenance.ts';

export interface HealthKeeperParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly log: Log;
  readonly instanceId: string;
  readonly providers: ProviderRegistry;
  readonly alerts: { report(draft: AlertDraft): void; raise(draft: AlertDraft): Promise<unknown> };
  /** What was measured of calls; asked for when the first rule is looked at. */
  readonly reader: () => MetricsReader;
  /** Between two looks at one alert rule, in milliseconds. */
  readonly ruleEveryMs?: number;
  /** Whether other processes share the database. */
  readonly isShared: boolean;
  readonly times?: Partial<HealthTimes>;
}

/** A fault is judged after so long, together with those that come at the same moment. */
const judgeAfterMs = 20;
/** What is judged and stays as it is is written this often. */
const writeScoreEveryMs = 10_000;
const watchIncidentEveryMs = 30_000;
const nothingKnown = { score: undefined, errorRate: undefined, lastFailure: undefined } as const;
/** A process that has just begun has heard nothing yet: that is no silence of the providers. */
const settleMs = 30_000;

/**
 * Knows how the providers are: from the calls of this process as they end, from checks that are made once for all processes, and from
 * what other processes saw. Statuses, their history and incidents are in the database; of several processes that judge at
 * once one writes, and the others look again.
 */
export class HealthKeeper {
  readonly passive: PassiveHealth;
  readonly checks: HealthChecks;
  readonly feed: HealthFeed;
  readonly alerts: IncidentAlerts;
  /** When teams are told of what. */
  readonly rules: RuleBook;
  readonly ruleWatch: RuleWatch;
  readonly latencyTargets: LatencyTargets;
  readonly #parts: HealthKeeperParts;
  /** As they were last read or written. */
  readonly #subjects = new Map<string, HealthSubject>();
  readonly #shared: SharedWindows;
  readonly #open = new Map<string, HealthIncident>();
  readonly #watchedAtMs = new Map<string, number>();
  readonly #wroteAtMs = new Map<string, number>();
  readonly #judgedAtMs = new Map<string, number>();
  readonly #judging = new Map<string, Promise<void>>();
  #soon: Timer | undefined;
  #urgent = new Set<string>();
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #accountedAtMs = Number.NEGATIVE_INFINITY;
  readonly #startedAtMs: number;
  #isLoaded = false;
  #isStopped = false;

  constructor(parts: HealthKeeperParts) {
    const { prisma, clock, log, providers } = parts;
    this.#parts = parts;
    this.rules = new RuleBook(prisma, providers);
    const book = { ...parts, book: this.rules };
    this.ruleWatch = new RuleWatch({ ...book, ...(parts.ruleEveryMs !== undefined && { everyMs: parts.ruleEveryMs }) });
    this.latencyTargets = new LatencyTargets(book);
    this.#startedAtMs = clock.monotonicMs();
    this.passive = new PassiveHealth(
      clock,
      (teamId, slug) => providers.snapshot.findBySlug(teamId, slug),
      (subjectId, isFault) => this.#hear(subjectId, isFault),
    );
    this.#shared = new SharedWindows(parts, this.passive);
    this.feed = new HealthFeed(prisma, clock, log);
    this.alerts = new IncidentAlerts({ ...parts, rules: this.rules });
    this.checks = new HealthChecks(
      { ...parts, times: () => this.times },
      (subjectId) => this.judgeNow(subjectId),
      this.passive,
    );
  }

  /** How often is looked at what: the file says, and the file may change. */
  get times(): HealthTimes {
    const { intervalMs } = this.#parts.providers.snapshot.configuration.health;
    const ofFile = intervalMs === undefined ? {} : { checkEveryMs: intervalMs };
    return { ...defaultHealthTimes, ...ofFile, ...this.#parts.times };
  }

  get #settings(): HealthSettings {
    return settingsFor(this.times);
  }

  /** A call has ended. Neither waits nor throws. */
  note(record: CallRecord): void {
    this.passive.note(record);
  }

  /** How a provider stands; undefined until it was looked at for the first time. */
  find(subjectId: string): HealthSubject | undefined {
    return this.#subjects.get(subjectId);
  }

  openIncidentOf(subjectId: string): HealthIncident | undefined {
    return this.#open.get(subjectId);
  }

  /** Looks at everything that is due. Call it every second; rejects when the database is away. */
  async tick(): Promise<void> {
    const { clock, prisma, isShared } = this.#parts;
    const instances = this.#instances();
    await this.#load(instances);
    if (isShared) await this.#shared.exchange(this.#settings.staleAfterMs);
    const nowMs = clock.nowMs();
    for (const { id } of instances) {
      const window = this.passive.windowOf(id);
      const subject = this.#subjects.get(id);
      if (!subject) continue;
      // Silence changes a status too.
      const isStale = nowMs - (this.#judgedAtMs.get(id) ?? 0) >= writeScoreEveryMs;
      if (!window.isJudged || isStale || this.#mustWatch(subject, nowMs)) await this.judgeNow(id);
    }
    this.checks.begin([...this.#subjects.values()], isShared);
    if (clock.monotonicMs() - this.#accountedAtMs >= accountEveryMs) {
      this.#accountedAtMs = clock.monotonicMs();
      const callable = instances.filter(({ adapter }) => adapter).map(({ id }) => id);
      await accountTime(prisma, callable, nowMs);
    }
    if (clock.monotonicMs() - this.#flushedAtMs >= this.times.flushEveryMs) {
      await this.flush();
      await tellMaintenance(this.#parts);
    }
    await this.rules.refresh();
    await this.alerts.remind(this.#open.values(), (id) => this.#subjects.get(id));
  }

  /** Stores what was counted. */
  async flush(): Promise<void> {
    const { prisma, instanceId, clock } = this.#parts;
    this.#flushedAtMs = clock.monotonicMs();
    await storeMinutes(prisma, instanceId, this.passive.minutes.takeDirty());
    this.passive.minutes.forgetBefore(Math.floor(clock.nowMs() / 60_000) - 1);
  }

  /** Judges one provider by everything that is known now. Rejects when the database is away. */
  async judgeNow(subjectId: string): Promise<void> {
    // One at a time for each provider; who comes meanwhile waits for a judgement that knows everything.
    const running = this.#judging.get(subjectId);
    if (running) await running.catch(() => {});
    if (this.#judging.has(subjectId)) return this.judgeNow(subjectId);
    const judging = this.#judge(subjectId).finally(() => this.#judging.delete(subjectId));
    this.#judging.set(subjectId, judging);
    return judging;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#soon?.cancel();
    this.feed.close();
    await this.checks.stop();
    await Promise.allSettled(this.#judging.values());
    await this.flush().catch(() => {});
  }

  #hear(subjectId: string, isFault: boolean): void {
    const status = this.#subjects.get(subjectId)?.state.status;
    // While all is well, successes are no news.
    if (!isFault && status === 'healthy') return;
    // A circuit that opens keeps the third failure away: a check finds out in its place.
    if (isFault && status !== 'down' && this.passive.windowOf(subjectId).isFailing) this.checks.hurry(subjectId);
    this.#urgent.add(subjectId);
    this.#soon ??= this.#parts.clock.startTimer(judgeAfterMs, () => {
      this.#soon = undefined;
      const urgent = this.#urgent;
      this.#urgent = new Set();
      if (this.#isStopped) return;
      for (const id of urgent) {
        this.judgeNow(id).catch((error: unknown) =>
          this.#parts.log.warn({ error: String(error) }, 'the health of a provider could not be written yet'),
        );
      }
    });
  }

  #instances(): readonly ProviderInstance[] {
    const { installation, ofTeams } = this.#parts.providers.snapshot;
    return [...installation, ...ofTeams].filter(({ adapter, block }) => adapter && !block);
  }

  /** Reads what is stored, the first time and when others may have changed it, and makes rows for new providers. */
  async #load(instances: readonly ProviderInstance[]): Promise<void> {
    const { prisma, clock, isShared } = this.#parts;
    const ids = instances.map(({ id }) => id);
    if (!this.#isLoaded || isShared) {
      const rows = await prisma.healthSubject.findMany({ where: { id: { in: ids } } });
      for (const row of rows) this.#remember(toSubject(row));
      this.#open.clear();
      for (const incident of await findOpenIncidents(prisma)) this.#open.set(incident.subjectId, incident);
    }
    const nowMs = clock.nowMs();
    const missing = instances.filter(({ id }) => !this.#subjects.has(id));
    if (missing.length > 0) {
      await prisma.healthSubject.createMany({
        data: missing.map((instance) => newSubjectRow(instance, nowMs)),
        skipDuplicates: true,
      });
      const rows = await prisma.healthSubject.findMany({ where: { id: { in: missing.map(({ id }) => id) } } });
      for (const row of rows) this.#remember(toSubject(row));
    }
    for (const instance of instances) {
      const known = this.#subjects.get(instance.id);
      if (known && known.connection !== instance.connectionKey) await this.#reconnect(instance, known, nowMs);
    }
    if (!this.#isLoaded) {
      // The start of the server tested every connection already.
      for (const instance of instances) await this.checks.takeTest(instance, this.#parts.providers.status(instance));
      this.#isLoaded = true;
    }
    const known = new Set(ids);
    for (const closed of await endAbandoned(this.#parts, this.#open.values(), known, nowMs)) {
      this.#open.delete(closed.subjectId);
      if (closed.told) await this.alerts.tell(closed.told, nothingKnown);
    }
    this.passive.keepOnly(known);
    for (const id of this.#subjects.keys()) if (!known.has(id)) this.#subjects.delete(id);
  }

  /** A new address or key: what was known of the old one says nothing of it, unless it is the simulator on another port. */
  async #reconnect(instance: ProviderInstance, known: HealthSubject, nowMs: number): Promise<void> {
    const isSame = instance.origin === 'simulated' && known.origin === 'simulated';
    const names = namesOf(instance);
    const { state, status } = newSubjectRow(instance, nowMs);
    const row = await this.#parts.prisma.healthSubject.update({
      where: { id: instance.id },
      data: isSame
        ? names
        : {
            ...names,
            state: { ...state, countFromMs: nowMs },
            status,
            cause: null,
            errorRate: null,
            nextCheckAtMs: 0n,
            version: { increment: 1 },
          },
    });
    if (!isSame) this.passive.windowOf(instance.id).clear();
    this.#subjects.set(instance.id, toSubject(row));
  }

  #remember(subject: HealthSubject): void {
    const known = this.#subjects.get(subject.id);
    if (!known || subject.version >= known.version) this.#subjects.set(subject.id, subject);
  }

  async #judge(subjectId: string): Promise<void> {
    const { clock } = this.#parts;
    const subject = this.#subjects.get(subjectId);
    if (!subject) return;
    const window = this.passive.windowOf(subjectId);
    window.isJudged = true;
    const nowMs = clock.nowMs();
    this.#judgedAtMs.set(subjectId, nowMs);
    const outcomes = this.#shared.outcomesOf(subjectId, nowMs);
    if (outcomes.length === 0 && clock.monotonicMs() - this.#startedAtMs < settleMs) return;
    const judged = judgeHealth(subject.state, outcomes, nowMs, this.#settings);
    const isChanged = judged.state.status !== subject.state.status || judged.cause !== subject.cause;
    const isNews = !window.isWritten || roundedScore(judged.score) !== roundedScore(subject.score);
    const isDue = isNews && nowMs - (this.#wroteAtMs.get(subjectId) ?? 0) >= writeScoreEveryMs;
    const mustWatch = this.#mustWatch(subject, nowMs);
    if (!isChanged && !isDue && !mustWatch) {
      // Written with the next status, or in a while.
      this.#subjects.set(subjectId, { ...subject, state: judged.state });
      return;
    }
    window.isWritten = true;
    try {
      await this.#write(subject, judged, outcomes, nowMs);
    } catch (error) {
      window.isJudged = false;
      window.isWritten = false;
      throw error;
    }
  }

  async #write(
    subject: HealthSubject,
    judged: HealthJudgement,
    outcomes: readonly SeenOutcome[],
    nowMs: number,
  ): Promise<void> {
    const { prisma, ids, log } = this.#parts;
    const { id } = subject;
    const window = this.passive.windowOf(id);
    const before = subject.state.status;
    const after = judged.state.status;
    const troubleSinceMs = after === 'down' ? judged.state.countFromMs : judged.state.sinceMs;
    const mustWatch = this.#mustWatch(subject, nowMs) || before !== after || judged.cause !== subject.cause;
    const done = await prisma.$transaction(async (tx) => {
      const changed = await tx.healthSubject.updateManyAndReturn({
        where: { id, version: subject.version },
        data: { ...toColumns(judged, window, subject), version: { increment: 1 }, updatedAt: new Date(nowMs) },
      });
      const row = changed[0];
      // Another process was first: its judgement stands until this one has read it.
      if (!row) return undefined;
      if (before !== after) {
        await turnPeriod(tx, { subjectId: id, before, after, fromMs: troubleSinceMs, nowMs });
        const payload = { from: before, to: after };
        await tx.healthEvent.create({
          data: { subjectId: id, teamId: row.teamId, kind: 'status', payload, at: new Date(nowMs) },
        });
      }
      const observation = {
        atMs: nowMs,
        status: after,
        troubleSinceMs,
        cause: judged.cause,
        models: failedModels(
          outcomes,
          Math.max(judged.state.countFromMs, after === 'down' ? 0 : nowMs - this.#settings.windowMs),
        ),
        lastError: window.lastFailure?.message ?? subject.lastFailure?.message,
      };
      const incident = mustWatch
        ? await keepIncident(tx, ids, toSubject(row), observation, defaultIncidentSettings)
        : undefined;
      if (incident && incident.steps.length > 0) {
        const payload = { incidentId: incident.incident.id, steps: incident.steps.map(({ kind }) => kind) };
        await tx.healthEvent.create({
          data: { subjectId: id, teamId: row.teamId, kind: 'incident', payload, at: new Date(nowMs) },
        });
      }
      return { row, incident };
    });
    if (!done) {
      const row = await prisma.healthSubject.findUnique({ where: { id } });
      if (row) this.#subjects.set(id, toSubject(row));
      window.isJudged = false;
      window.isWritten = false;
      return;
    }
    const stored = toSubject(done.row);
    this.#subjects.set(id, stored);
    this.#wroteAtMs.set(id, nowMs);
    if (mustWatch) this.#watchedAtMs.set(id, nowMs);
    if (before !== after)
      log.info({ provider: stored.slug, from: before, to: after }, 'the health of a provider changed');
    if (done.incident) {
      const { incident, steps } = done.incident;
      if (incident.closedAt === null) this.#open.set(id, incident);
      else this.#open.delete(id);
      if (steps.length > 0) await this.alerts.tell(incident, stored);
    }
    if (before !== after || done.incident) this.feed.wake();
  }

  /** Whether the provider's incident may have to change although its status does not. */
  #mustWatch({ id, state }: HealthSubject, nowMs: number): boolean {
    const incident = this.#open.get(id);
    if (incident && state.status === 'healthy') return true;
    const isTroubled = state.status === 'down' || state.status === 'degraded';
    if (isTroubled && !incident) return true;
    return (isTroubled || incident !== undefined) && nowMs - (this.#watchedAtMs.get(id) ?? 0) >= watchIncidentEveryMs;
  }
}

function roundedScore(score: { readonly score: number } | undefined): number | undefined {
  return score && Math.round(score.score);
}
