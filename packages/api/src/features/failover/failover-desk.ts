import type { DispatchTarget } from '@switchyard/core/dispatch';
import {
  CompiledPlans,
  type FailoverPlan,
  FailoverWatch,
  judgeCalls,
  judgeStatus,
  type PassedOver,
  type PlannedCall,
  type WatchedStatus,
} from '@switchyard/core/failover';
import type { Clock, Ids, Log } from '@switchyard/core/kernel';
import type { RecentCalls } from '@switchyard/core/policies';
import type { MatchedRequest } from '@switchyard/core/routing';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { HealthKeeper } from '../health/health-keeper.ts';
import type { ProviderRegistry } from '../providers/provider-registry.ts';
import { FailoverJournal } from './failover-journal.ts';
import { toPlan } from './failover-plan.mapping.ts';
import { OutageBook } from './outage-book.ts';

export interface FailoverDeskParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly instanceId: string;
  readonly providers: ProviderRegistry;
  readonly health: Pick<HealthKeeper, 'find' | 'passive'>;
  readonly recentCalls: RecentCalls;
  /** Whether other processes share the database. */
  readonly isShared: boolean;
}

const flushEveryMs = 2_000;
const none = new CompiledPlans([]);

/** The plans of all teams as one snapshot in memory, who is passed over by them, and what came of it. No query on the way of a call. */
export class FailoverDesk {
  readonly watch: FailoverWatch;
  readonly journal: FailoverJournal;
  readonly #parts: FailoverDeskParts;
  readonly #outages: OutageBook;
  #rows: ReadonlyMap<string, readonly FailoverPlan[]> = new Map();
  #compiled = new Map<string, CompiledPlans>();
  #compiledFrom: object | undefined;
  #mark = '';
  #teamOfPlan = new Map<string, string>();
  /** Up to when the checks of a provider were counted for a model that is passed over; epoch milliseconds. */
  readonly #counted = new Map<string, number>();
  #flushedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: FailoverDeskParts) {
    this.#parts = parts;
    this.journal = new FailoverJournal(parts);
    this.watch = new FailoverWatch(parts.clock, {
      onOut: (out) => this.#outages.open(out),
      onReturn: (out, reason) => this.#outages.close(out, reason),
    });
    this.#outages = new OutageBook({
      ...parts,
      watch: this.watch,
      teamOf: (planId) => this.#teamOfPlan.get(planId),
      originOf: (key) => this.#originOf(key),
    });
  }

  /** The plan that holds for a call; `describe` is asked for only when a condition has to be looked at. */
  choose(teamId: string, call: PlannedCall, describe: () => MatchedRequest): FailoverPlan | undefined {
    return this.#of(teamId).choose(call, describe);
  }

  /** Those in force, the team's own and behind them those of the file. */
  plansOf(teamId: string): readonly FailoverPlan[] {
    return this.#of(teamId).plans;
  }

  /** How the provider of a target is; undefined until it was looked at. */
  statusOf(target: Pick<DispatchTarget, 'instanceId' | 'providerId'>): WatchedStatus | undefined {
    return this.#parts.health.find(target.instanceId ?? target.providerId)?.state.status;
  }

  /** Asks a model first again, whatever the plan says. Resolves once it is stored. */
  async giveBack(planId: string, key: string, userId: string | undefined): Promise<void> {
    this.#outages.noteAuthor(planId, key, userId);
    this.watch.release(planId, key, 'by-hand');
    this.#parts.recentCalls.forget(key);
    await this.#outages.drain();
  }

  /** Reads the plans anew when somebody changed one. */
  async refresh(): Promise<void> {
    const { prisma } = this.#parts;
    // Versions only grow, and a deleted plan keeps its row: the sum tells any change.
    const [state] = await prisma.$queryRaw<{ mark: string }[]>`
      SELECT concat_ws(' ', count(*), sum(version), max("updatedAt")) AS mark FROM failover_plan`;
    if (state?.mark === this.#mark) return;
    const rows = await prisma.failoverPlan.findMany({
      where: { liveKey: { not: null } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    this.#rows = new Map(
      [...Map.groupBy(rows, ({ teamId }) => teamId)].map(([teamId, plans]) => [teamId, plans.map(toPlan)]),
    );
    for (const { id, teamId } of rows) this.#teamOfPlan.set(id, teamId);
    this.#compiled = new Map();
    this.#mark = state?.mark ?? '';
  }

  /** Call it every second; rejects when the database is away. */
  async tick(): Promise<void> {
    const { clock } = this.#parts;
    await this.refresh();
    await this.#outages.drain();
    await this.#outages.sync();
    for (const out of this.watch.all) this.#review(out);
    await this.#outages.drain();
    if (clock.monotonicMs() - this.#flushedAtMs < flushEveryMs) return;
    this.#flushedAtMs = clock.monotonicMs();
    await this.journal.flush();
  }

  async stop(): Promise<void> {
    await this.#outages.drain().catch(() => {});
    await this.journal.flush().catch(() => {});
  }

  #of(teamId: string): CompiledPlans {
    const { snapshot } = this.#parts.providers;
    const { failover } = snapshot.configuration;
    if (this.#compiledFrom !== failover) {
      this.#compiledFrom = failover;
      this.#compiled = new Map();
    }
    const own = this.#rows.get(teamId);
    if (!own && failover.length === 0) return none;
    let compiled = this.#compiled.get(teamId);
    if (!compiled) {
      const ofFile = failover.map(({ position: _position, ...plan }) => ({ ...plan, id: `${plan.id}@${teamId}` }));
      for (const { id } of ofFile) this.#teamOfPlan.set(id, teamId);
      compiled = new CompiledPlans([...(own ?? []), ...ofFile]);
      this.#compiled.set(teamId, compiled);
    }
    return compiled;
  }

  /** Whether a model that is passed over may come back: what calls do not tell, because nobody makes one. */
  #review(out: PassedOver): void {
    const { recentCalls, health, clock } = this.#parts;
    const { planId, key, verdict } = out;
    const teamId = this.#teamOfPlan.get(planId);
    const plan = teamId === undefined ? undefined : this.plansOf(teamId).find(({ id }) => id === planId);
    if (!plan?.isEnabled) {
      this.watch.release(planId, key, 'plan-changed');
      return;
    }
    const { triggers, returning } = plan.settings;
    const instanceId = instanceOf(key);
    const status = health.find(instanceId)?.state.status;
    if (returning.kind === 'by-hand') return;
    if (returning.kind === 'at-once') {
      const isOver =
        verdict.reason === 'trigger-status' ? !judgeStatus(status, triggers) : !judgeCalls(key, triggers, recentCalls);
      // Young ones wait for their trial: what the window holds may just have been forgotten.
      if (!isOver || this.watch.ageMs(out) < 1_000) return;
      this.watch.release(planId, key, 'answers');
      recentCalls.forget(key);
      return;
    }
    if (verdict.reason === 'trigger-latency') return;
    const name = `${planId} ${key}`;
    const sinceMs = Math.max(out.outAtMs, this.#counted.get(name) ?? 0);
    const checks = health.passive
      .windowOf(instanceId)
      .read(clock.nowMs())
      .filter(({ source, atMs }) => source === 'check' && atMs > sinceMs);
    for (const check of checks) {
      this.#counted.set(name, check.atMs);
      const isGood = check.verdict === 'success';
      if (!this.watch.noteAnswer(planId, key, isGood, returning, status, triggers)) continue;
      recentCalls.forget(key);
      this.#counted.delete(name);
      return;
    }
  }

  #originOf(key: string): 'LIVE' | 'SIMULATED' {
    return this.#parts.providers.snapshot.findInstance(instanceOf(key))?.origin === 'simulated' ? 'SIMULATED' : 'LIVE';
  }
}

/** Of a circuit's key: ids of providers have no slash. */
function instanceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
