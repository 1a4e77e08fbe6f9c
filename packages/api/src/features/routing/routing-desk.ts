import type { ChainOutcome, DispatchTarget } from '@switchyard/core/dispatch';
import type { Clock, Ids, Log, Random } from '@switchyard/core/kernel';
import { createSeededRandom } from '@switchyard/core/kernel';
import type { CallPurpose } from '@switchyard/core/metrics';
import type { CircuitBreakers, RecentCalls } from '@switchyard/core/policies';
import {
  BeliefRecorder,
  type BudgetUse,
  type DecisionBasis,
  mergePreferences,
  planRoute,
  type RoutePlan,
  type RouteRequest,
  type RoutingInputs,
  type RoutingSnapshot,
  toAdaptiveSettings,
  toRequestWishes,
} from '@switchyard/core/routing';
import type { ApiKeyBook } from '../../auth/api-key-book.ts';
import type { ApiKeyRates } from '../../auth/api-key-rates.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { FailoverDesk } from '../failover/failover-desk.ts';
import type { ProviderRegistry } from '../providers/provider-registry.ts';
import type { TeamSettingsKeeper } from '../settings/team-settings.ts';
import { AdaptiveMemory } from './adaptive-memory.ts';
import type { CallSize } from './call-size.ts';
import type { StoredDecision } from './decision.mapping.ts';
import { DecisionWriter } from './decision-writer.ts';
import { permittedTargets } from './key-rules.ts';
import { sumCosts } from './model-dispatcher.ts';
import { narrowPreferences } from './narrow-preferences.ts';
import { orderNamed } from './order-named.ts';
import { CallRecordPerformance, type PerformanceReader } from './performance-reader.ts';
import { RoutingRepository } from './routing.repository.ts';
import { SnapshotArchive } from './snapshot-archive.ts';
import { TeamRouting } from './team-routing.ts';

/** A team that asked nothing for so long is forgotten and read anew when it asks again. */
const forgetAfterMs = 900_000;
/** How far back measurements go. */
const windowMs = 7 * 24 * 3_600_000;
/** What is expensive is done no more often than this, and not before 20 times its own duration has passed. */
const measureEveryMs = 2_000;
const learnEveryMs = 500;
const restFactor = 20;
const keepDecisionsMs = 30 * 24 * 3_600_000;

export interface RoutingDeskParts {
  /** Told of every decision that a call is made by. */
  readonly onDecided?: (decision: Pick<MadeDecision, 'id' | 'plan'>) => void;
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly log: Log;
  readonly providers: ProviderRegistry;
  readonly circuits: CircuitBreakers;
  readonly recentCalls?: RecentCalls;
  readonly performance?: PerformanceReader;
  /** `FEATURE_MODELS_ADAPTIVE`; undefined leaves it to the file, which leaves it on. */
  readonly adaptiveRouting: boolean | undefined;
  readonly readBudgets?: (teamId: string) => readonly BudgetUse[];
  /** What API keys may call, and how fast; absent: everything. */
  readonly keys?: Pick<ApiKeyBook, 'of' | 'known'>;
  readonly keyRates?: Pick<ApiKeyRates, 'admit'>;
  /** What teams decided about models without a price and about learning; absent: nothing. */
  readonly teamSettings?: Pick<TeamSettingsKeeper, 'of'>;
  /** Who stands in for whom; absent: nobody that was not named. */
  readonly failover?: Pick<FailoverDesk, 'choose'>;
}

/** A decision that was just made. */
export interface MadeDecision {
  readonly id: string;
  readonly plan: RoutePlan;
  readonly seed: number;
  /** What it was made upon. */
  readonly origin: RoutingInputs;
  readonly basis: DecisionBasis;
}

interface Pace {
  nextAtMs: number;
}

/** Decides for all teams which model answers. What it decides upon is kept in memory and renewed by {@link tick}; no query on the way of a request but a team's first. */
export class RoutingDesk {
  readonly repository: RoutingRepository;
  readonly decisions: DecisionWriter;
  /** What decisions were made upon. */
  readonly snapshots: SnapshotArchive;
  readonly #parts: RoutingDeskParts;
  readonly #performance: PerformanceReader;
  readonly #teams = new Map<string, TeamRouting>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #marks = new Map<string, string>();
  readonly #measuring = new Map<string, Pace>();
  readonly #learning = new Map<string, Pace>();

  constructor(parts: RoutingDeskParts) {
    this.#parts = parts;
    this.repository = new RoutingRepository(parts.prisma);
    this.snapshots = new SnapshotArchive(parts.prisma, parts.clock);
    this.decisions = new DecisionWriter(parts.prisma, parts.clock, parts.log, this.snapshots);
    this.#performance = parts.performance ?? new CallRecordPerformance(parts.prisma);
  }

  get failover(): RoutingDeskParts['failover'] {
    return this.#parts.failover;
  }

  get keys(): RoutingDeskParts['keys'] {
    return this.#parts.keys;
  }

  get keyRates(): RoutingDeskParts['keyRates'] {
    return this.#parts.keyRates;
  }

  /** Whether the adaptive strategy may be used: the environment decides, else the file, else yes. */
  get isAdaptiveOn(): boolean {
    return (
      this.#parts.adaptiveRouting ??
      this.#parts.providers.snapshot.configuration.features['models.adaptiveRouting'] ??
      true
    );
  }

  /** Whether a team calls no model whose price is unknown. */
  needsPrice(teamId: string): boolean {
    return this.#parts.teamSettings?.of(teamId).unpricedModels === 'REFUSE';
  }

  /**
   * The team's routing; a promise only the first time. Rejects when the database cannot say what rules the team has:
   * without them nothing may be routed.
   */
  of(teamId: string): TeamRouting | Promise<TeamRouting> {
    const known = this.#teams.get(teamId);
    if (known) {
      known.usedAtMs = this.#parts.clock.monotonicMs();
      return known;
    }
    let loading = this.#loading.get(teamId);
    if (!loading) {
      loading = this.#load(teamId).finally(() => this.#loading.delete(teamId));
      this.#loading.set(teamId, loading);
    }
    return loading.then(() => this.of(teamId));
  }

  /** Makes a decision: the seed of its chance and what it was made upon are kept, so that it can be made again. */
  decide(team: TeamRouting, request: RouteRequest): MadeDecision {
    const seed = Math.floor(this.#parts.random.next() * 4_294_967_296);
    let made = this.#decideUpon(team.snapshot, request, seed);
    if (made.plan.candidates.length === 0 && made.plan.rejected.some(({ code }) => code === 'UNAVAILABLE')) {
      const inNeed = this.#decideUpon(team.snapshotInNeed, request, seed);
      if (inNeed.plan.candidates.length > 0) made = inNeed;
    }
    return { ...made, id: this.#parts.ids.next('dec'), seed };
  }

  #decideUpon(snapshot: RoutingSnapshot, request: RouteRequest, seed: number): Omit<MadeDecision, 'id' | 'seed'> {
    const recorder = new BeliefRecorder();
    const plan = planRoute(request, snapshot, createSeededRandom(seed), { recorder });
    const { origin, load, isInNeed } = snapshot;
    const { beliefs } = recorder;
    return { plan, origin, basis: { load, isInNeed, ...(beliefs && { beliefs }) } };
  }

  /**
   * Those of `wanted` that the team's rules and limits, and those of the key, let a call of this size ask, in their order; of a call that may
   * not fall back the first alone. For models that nobody named. None while the team's rules were never read.
   */
  permit(wanted: readonly DispatchTarget[], purpose: CallPurpose, size: CallSize): readonly DispatchTarget[] {
    const allowed = permittedTargets(this.#parts.keys?.known(purpose.apiKeyId), wanted);
    const targets = this.needsPrice(purpose.teamId) ? allowed.filter(({ price }) => price) : allowed;
    const { teamId, role, workflowId, stepId, taskClass, tags, apiKeyId, userId } = purpose;
    const team = this.#teams.get(teamId);
    if (!team) return [];
    const { constraints, isStrict } = toRequestWishes(
      mergePreferences([...narrowPreferences(team, purpose), team.preferences]),
    );
    if (team.snapshot.rules.rules.length === 0 && !constraints && !isStrict) return targets;
    const wantedModels = targets.map(({ modelId }) => modelId);
    team.include(wantedModels);
    const request: RouteRequest = {
      teamId,
      atMs: team.nowMs,
      ...size,
      ...(constraints && { constraints }),
      strategy: 'manual',
      wantedModels,
      allowsEquivalents: false,
      ...(role !== undefined && { role }),
      ...(workflowId !== undefined && { workflowId }),
      ...(stepId !== undefined && { stepId }),
      ...(taskClass !== undefined && { taskClass }),
      ...(tags && { tags }),
      ...(apiKeyId !== undefined && { keyId: apiKeyId }),
      ...(userId !== undefined && { userId }),
    };
    const plan = planRoute(request, team.snapshot, createSeededRandom(1));
    return orderNamed(plan, targets, () => undefined, isStrict);
  }

  record(decision: MadeDecision, request: RouteRequest, facts: Omit<StoredDecision, 'record'>): void {
    const { id, plan, seed, origin, basis } = decision;
    this.#parts.onDecided?.(decision);
    this.decisions.record(request.teamId, { ...facts, origin, basis, record: { id, request, plan, seed } });
  }

  /** Notes how the call of a decision went, once it has ended, and passes it on. */
  async follow(team: TeamRouting, decision: MadeDecision, running: Promise<ChainOutcome>): Promise<ChainOutcome> {
    const first = decision.plan.candidates[0]?.modelId ?? '';
    const startMs = this.#parts.clock.monotonicMs();
    team.countCall(first, 1);
    try {
      const outcome = await running;
      const cost = sumCosts(outcome.records);
      const hasAnswer = !outcome.error && outcome.record !== undefined;
      this.decisions.end({
        id: decision.id,
        teamId: team.teamId,
        outcome: hasAnswer ? 'succeeded' : outcome.error?.kind === 'cancelled' ? 'cancelled' : 'failed',
        servedModelId: hasAnswer ? outcome.record.modelId : undefined,
        costNanoUsd: 'costNanoUsd' in cost ? cost.costNanoUsd : undefined,
        latencyMs: hasAnswer ? Math.round(this.#parts.clock.monotonicMs() - startMs) : undefined,
      });
      return outcome;
    } finally {
      team.countCall(first, -1);
    }
  }

  /** Reads again what a team has published, set and learned: right after a change made here. */
  async refresh(teamId: string): Promise<void> {
    const team = this.#teams.get(teamId);
    if (!team) return;
    team.replaceRows(await this.repository.load(teamId));
    if (await team.memory.refresh()) team.noteLearned();
    team.renew();
  }

  /** Brings everything up to date: to be called about once a second. One team's trouble does not hold up the others. */
  async tick(): Promise<void> {
    const { clock, log } = this.#parts;
    const nowMs = clock.monotonicMs();
    for (const [teamId, team] of this.#teams) if (nowMs - team.usedAtMs > forgetAfterMs) this.#forget(teamId);
    await this.#learnForAll();
    if (this.#teams.size === 0) return;
    const revisions = await this.repository.readRevisions([...this.#teams.keys()]);
    for (const [teamId, team] of this.#teams) {
      try {
        if ((revisions.get(teamId) ?? 0n) !== team.revision) team.replaceRows(await this.repository.load(teamId));
        if (await team.memory.refresh()) team.noteLearned();
        await this.#measure(team);
        team.renew();
      } catch (error) {
        log.warn({ teamId, error: String(error) }, 'the routing of a team could not be renewed');
      }
    }
  }

  /** Learns from the rewards of a team that wait, as many as one transaction takes. */
  async learn(teamId: string): Promise<void> {
    const team = await this.of(teamId);
    if ((await team.memory.learn(toAdaptiveSettings(team.preferences))) > 0) team.noteLearned();
  }

  /** Reads how the models of a team fared, if anything happened since the last look. */
  async measure(team: TeamRouting): Promise<void> {
    const { teamId } = team;
    const mark = await this.#performance.readMark(teamId);
    if (mark === this.#marks.get(teamId)) return;
    const sinceMs = this.#parts.clock.nowMs() - windowMs;
    if (team.models.length === 0) team.renew();
    team.replacePerformance(await this.#performance.read(teamId, team.models, sinceMs));
    this.#marks.set(teamId, mark);
  }

  /** Renews the counts of running calls: to be called several times a second. */
  renewLoads(): void {
    for (const team of this.#teams.values()) team.renew();
  }

  /** Deletes decisions that are older than 30 days, with their rewards and what only they were made upon. */
  async prune(): Promise<void> {
    const before = new Date(this.#parts.clock.nowMs() - keepDecisionsMs);
    await this.#parts.prisma.routingDecision.deleteMany({ where: { decidedAt: { lt: before } } });
    await this.snapshots.prune(before);
  }

  async #load(teamId: string): Promise<void> {
    const { prisma, clock, providers, circuits, recentCalls, readBudgets } = this.#parts;
    const memory = new AdaptiveMemory(prisma, clock, teamId);
    const rows = await this.repository.load(teamId);
    await memory.refresh();
    const team = new TeamRouting(teamId, rows, memory, {
      clock,
      providers,
      circuits,
      recentCalls,
      isAdaptiveOn: () =>
        this.isAdaptiveOn && this.#parts.teamSettings?.of(teamId).features['models.adaptiveRouting'] !== false,
      readBudgets: readBudgets ?? (() => []),
    });
    await this.#measure(team);
    team.renew();
    this.#teams.set(teamId, team);
  }

  #forget(teamId: string): void {
    for (const map of [this.#teams, this.#marks, this.#measuring, this.#learning]) map.delete(teamId);
  }

  async #measure(team: TeamRouting): Promise<void> {
    const { teamId } = team;
    await this.#paced(this.#measuring, teamId, measureEveryMs, () => this.measure(team));
  }

  /** Rewards may wait for a team that nobody asks for: feedback comes days later. */
  async #learnForAll(): Promise<void> {
    const waiting = await this.#parts.prisma.routingReward.groupBy({
      by: ['teamId'],
      where: { isPending: true },
    });
    for (const { teamId } of waiting) {
      try {
        await this.#paced(this.#learning, teamId, learnEveryMs, () => this.learn(teamId));
      } catch (error) {
        this.#parts.log.warn({ teamId, error: String(error) }, 'rewards could not be learned yet');
      }
    }
  }

  async #paced(paces: Map<string, Pace>, teamId: string, everyMs: number, work: () => Promise<void>): Promise<void> {
    const { clock } = this.#parts;
    const startMs = clock.monotonicMs();
    if (startMs < (paces.get(teamId)?.nextAtMs ?? 0)) return;
    try {
      await work();
    } finally {
      const tookMs = clock.monotonicMs() - startMs;
      paces.set(teamId, { nextAtMs: clock.monotonicMs() + Math.max(everyMs, tookMs * restFactor) });
    }
  }
}
