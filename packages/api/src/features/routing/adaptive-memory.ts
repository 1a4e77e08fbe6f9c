import type { Clock } from '@switchyard/core/kernel';
import {
  type AdaptiveSettings,
  type AdaptiveState,
  learnRewards,
  parseAdaptiveState,
  type RewardObservation,
  type ScopeStatistics,
  serializeAdaptiveState,
  toRewardObservation,
} from '@switchyard/core/routing';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { toDecisionRecord } from './decision.mapping.ts';

/** Rewards that one transaction learns from. */
const maxBatch = 500;
/** Another process that learns at the same moment is given way to this often. */
const maxTries = 5;

interface KnownScope {
  readonly revision: bigint;
  readonly statistics: ScopeStatistics | undefined;
}

/**
 * What one team's router has learned, as the database holds it and this process read it last. Learning is one
 * transaction: rewards become learned and states change together, and only if nobody changed either meanwhile. So every
 * reward counts exactly once, whatever process dies, and processes that learn at the same moment do not lose each
 * other's work.
 */
export class AdaptiveMemory {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #teamId: string;
  readonly #known = new Map<string, KnownScope>();
  #state: AdaptiveState = { scopes: new Map() };

  constructor(prisma: PrismaClient, clock: Clock, teamId: string) {
    this.#prisma = prisma;
    this.#clock = clock;
    this.#teamId = teamId;
  }

  /** As of the last {@link refresh} or {@link learn}; the same object while nothing changes. */
  get state(): AdaptiveState {
    return this.#state;
  }

  /** Reads the scopes that changed since the last look. Answers whether any did. */
  async refresh(): Promise<boolean> {
    const where = { teamId: this.#teamId };
    const rows = await this.#prisma.routingState.findMany({ where, select: { scope: true, revision: true } });
    const gone = [...this.#known.keys()].filter((scope) => !rows.some((row) => row.scope === scope));
    const changed = rows.filter(({ scope, revision }) => this.#known.get(scope)?.revision !== revision);
    for (const scope of gone) this.#known.delete(scope);
    for (const { scope } of changed) await this.#read(this.#prisma, scope);
    if (gone.length === 0 && changed.length === 0) return false;
    this.#publish();
    return true;
  }

  /** Learns from the rewards that wait. Answers how many were looked at. */
  async learn(settings: AdaptiveSettings): Promise<number> {
    for (let tries = 1; ; tries++) {
      const count = await this.#tryToLearn(settings);
      if (count !== undefined) return count;
      if (tries === maxTries) return 0;
      await this.refresh();
    }
  }

  async #tryToLearn(settings: AdaptiveSettings): Promise<number | undefined> {
    const rewards = await this.#prisma.routingReward.findMany({
      where: { teamId: this.#teamId, isPending: true },
      include: { decision: true },
      orderBy: [{ updatedAt: 'asc' }, { id: 'asc' }],
      take: maxBatch,
    });
    if (rewards.length === 0) return 0;
    const resets = await this.#prisma.routingAudit.findMany({
      where: { teamId: this.#teamId, action: 'rebalanced' },
      select: { scope: true, at: true },
    });
    const observations = rewards.flatMap(
      ({ quality, learnedQuality, weight, decision }): readonly RewardObservation[] => {
        const record = toDecisionRecord(decision);
        const observation = toRewardObservation(record, quality, learnedQuality ?? undefined, weight);
        // What an admin had forgotten must not come back by a late word on an old decision.
        const scopes = observation?.scopes.filter(
          (scope) => !resets.some((reset) => covers(reset.scope, scope) && reset.at >= decision.decidedAt),
        );
        return observation && scopes && scopes.length > 0 ? [{ ...observation, scopes }] : [];
      },
    );
    const touched = [...new Set(observations.flatMap(({ scopes }) => scopes))];
    for (const scope of touched) if (!this.#known.has(scope)) await this.#read(this.#prisma, scope);
    const before = new Map(touched.map((scope) => [scope, this.#known.get(scope)]));
    const known = new Map(
      touched.flatMap((scope) => {
        const statistics = before.get(scope)?.statistics;
        return statistics ? [[scope, statistics] as const] : [];
      }),
    );
    const learned = learnRewards({ scopes: known }, observations, settings);
    const revisions = await this.#write(rewards, learned, before);
    if (!revisions) return undefined;
    for (const [scope, revision] of revisions) {
      this.#known.set(scope, { revision, statistics: learned.scopes.get(scope) });
    }
    this.#publish();
    return rewards.length;
  }

  /** Undefined when another process was quicker; then nothing was written. */
  async #write(
    rewards: readonly { readonly id: string; readonly revision: number; readonly quality: number }[],
    learned: AdaptiveState,
    before: ReadonlyMap<string, KnownScope | undefined>,
  ): Promise<ReadonlyMap<string, bigint> | undefined> {
    const teamId = this.#teamId;
    const updatedAt = new Date(this.#clock.nowMs());
    const revisions = new Map<string, bigint>();
    try {
      await this.#prisma.$transaction(
        async (tx) => {
          const words = JSON.stringify(rewards.map(({ id, revision, quality }) => ({ id, revision, quality })));
          const marked = await tx.$executeRaw`
            UPDATE "routing_reward" r SET "isPending" = false, "learnedQuality" = w.quality
            FROM jsonb_to_recordset(${words}::jsonb) AS w(id text, revision int, quality float8)
            WHERE r.id = w.id AND r."teamId" = ${teamId} AND r.revision = w.revision AND r."isPending"`;
          if (marked !== rewards.length) throw new Overtaken();
          for (const [scope, statistics] of learned.scopes) {
            const state = serializeAdaptiveState({ scopes: new Map([[scope, statistics]]) });
            const from = before.get(scope);
            // A row that is made again after a reset must not repeat a revision that another process remembers.
            const revision = (from?.revision ?? BigInt(updatedAt.getTime())) + 1n;
            const { count } = from
              ? await tx.routingState.updateMany({
                  where: { teamId, scope, revision: from.revision },
                  data: { state, revision, updatedAt },
                })
              : await tx.routingState.createMany({
                  data: [{ teamId, scope, state, revision, updatedAt }],
                  skipDuplicates: true,
                });
            if (count !== 1) throw new Overtaken();
            revisions.set(scope, revision);
          }
        },
        { timeout: 30_000 },
      );
      return revisions;
    } catch (error) {
      if (isOvertaken(error)) return undefined;
      throw error;
    }
  }

  async #read(prisma: Pick<Prisma.TransactionClient, 'routingState'>, scope: string): Promise<void> {
    const where = { teamId_scope: { teamId: this.#teamId, scope } };
    const row = await prisma.routingState.findUnique({ where });
    if (!row) {
      this.#known.delete(scope);
      return;
    }
    this.#known.set(scope, { revision: row.revision, statistics: parseStored(row.state, scope) });
  }

  #publish(): void {
    const scopes = [...this.#known].flatMap(([scope, { statistics }]) =>
      statistics ? [[scope, statistics] as const] : [],
    );
    this.#state = { scopes: new Map(scopes) };
  }
}

/** Rolls the transaction back. */
class Overtaken extends Error {}

/** Also when the database itself noticed that two wrote at the same moment. */
function isOvertaken(error: unknown): boolean {
  return error instanceof Overtaken || ['P2002', 'P2034'].includes((error as { code?: string }).code ?? '');
}

/** What a newer version wrote in a form that is not understood counts as nothing learned, as the next reward overwrites it. */
function parseStored(state: string, scope: string): ScopeStatistics | undefined {
  try {
    return parseAdaptiveState(state).scopes.get(scope);
  } catch {
    return undefined;
  }
}

/** Whether a reset of `reset` (null: everything) reaches `scope`. */
function covers(reset: string | null, scope: string): boolean {
  return reset === null || scope === reset || scope.startsWith(`${reset}#`);
}
