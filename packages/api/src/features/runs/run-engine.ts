import { type Clock, type Log, sleep } from '@switchyard/core/kernel';
import type { RunEvent } from '@switchyard/core/workflows';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { inScope } from '../../observability/request-scope.ts';
import type { RunObserver } from '../../observability/run-observer.ts';
import { runPeriodically } from '../../workers/periodic.ts';
import type { EvaluationPool } from './evaluation-pool.ts';
import type { LiveTests } from './live-tests.ts';
import type { RunContextFacts, StepCaller } from './make-call.ts';
import { RunActor } from './run-actor.ts';
import type { ActorEnd, RunActorParts } from './run-actor-parts.ts';
import type { KeyedDefinition, RunDefinitions } from './run-definitions.ts';
import type { RunJournal } from './run-journal.ts';
import type { ClaimedRun, RunQueue } from './run-queue.ts';
import { isLiveTraffic } from './run-record.ts';

export interface RunEngineParts {
  readonly prisma: PrismaClient;
  readonly queue: RunQueue;
  readonly journal: RunJournal;
  readonly pool: EvaluationPool;
  readonly caller: StepCaller;
  readonly liveTests?: LiveTests | undefined;
  readonly definitions: RunDefinitions;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of what the runs of this process write. */
  readonly observer?: RunObserver | undefined;
  /** Whether other processes may use the same database. */
  readonly isShared: boolean;
  /** A lease is renewed three times within it. */
  readonly leaseMs: number;
}

/** Runs that one process executes at a time; the others wait in the table. */
const mostActors = 1_000;
/** Of one team: the rest is kept for others, so that none waits for the runs of another one. */
const mostOfTeam = 900;
const claimAtOnce = 50;
const lookEveryMs = 500;

/** Executes the runs of all teams in this process: takes what is due, renews its leases, gives back what waits. */
export class RunEngine {
  readonly #parts: RunEngineParts;
  readonly #actorParts: RunActorParts;
  readonly #actors = new Map<string, RunActor>();
  readonly #ended = new Set<Promise<void>>();
  #stops: (() => Promise<void>)[] = [];
  #isStopping = false;
  readonly #left = new AbortController();
  #looking: Promise<void> | undefined;
  #isToLookAgain = false;
  #takesOverFromMs = 0;

  constructor(parts: RunEngineParts) {
    this.#parts = parts;
    const renewLease: RunActorParts['renewLease'] = async ({ runId, token }) =>
      (await parts.queue.renew([{ id: runId, token }])).has(runId);
    this.#actorParts = { ...parts, renewLease };
  }

  get runCount(): number {
    return this.#actors.size;
  }

  /** Whether this process executes the run now. */
  owns(runId: string): boolean {
    return this.#actors.has(runId);
  }

  /** Aborted when the runs of this process were told to stop: they go on elsewhere or later. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  /** Whether a run of the team that begins now may be given to {@link adopt}. */
  hasRoomFor(teamId: string): boolean {
    if (this.#isStopping || this.#actors.size >= mostActors) return false;
    let count = 0;
    for (const { run } of this.#actors.values()) if (run.teamId === teamId) count += 1;
    return count < mostOfTeam;
  }

  /** Begins to look for runs that are due. On an embedded database the runs of the dead process are due at once. */
  async start(): Promise<void> {
    const { queue, clock, log, isShared, leaseMs } = this.#parts;
    if (!isShared) await queue.expireAll();
    const work = (name: string, everyMs: number, tick: () => Promise<void>) =>
      runPeriodically({ name, everyMs, clock, log }, tick);
    this.#stops = [
      work('runs', lookEveryMs, () => this.look()),
      work('run-leases', Math.max(50, Math.floor(leaseMs / 3)), () => this.#renew()),
      ...(isShared ? [work('run-news', lookEveryMs, () => this.#readNews())] : []),
    ];
    await this.look();
  }

  /**
   * Executes a run whose first events this process has just written together with a lease of its own; `sinceMs` is by the
   * monotonic clock, from before that.
   */
  adopt(
    run: RunContextFacts,
    token: number,
    definition: KeyedDefinition,
    events: readonly RunEvent[],
    sinceMs: number,
  ): void {
    const actor = new RunActor(run, { runId: run.runId, token }, definition, this.#actorParts, sinceMs);
    actor.begin(events);
    this.#run(actor);
  }

  /** Something was written of a run from outside: whoever executes it here looks at it, else it is taken when due. */
  nudge(runId: string): void {
    const actor = this.#actors.get(runId);
    if (actor) actor.nudge();
    else void this.look().catch(() => {});
  }

  /** Takes runs that are due. */
  async look(): Promise<void> {
    if (this.#isStopping) return;
    if (this.#looking) {
      this.#isToLookAgain = true;
      return this.#looking;
    }
    this.#looking = this.#takeDue().catch((error: unknown) => {
      // When the database was away nobody could renew: owners get the time of a lease to do it.
      this.#takesOverFromMs = this.#parts.clock.monotonicMs() + this.#parts.leaseMs;
      throw error;
    });
    this.#looking = this.#looking.finally(() => {
      this.#looking = undefined;
      if (!this.#isToLookAgain) return;
      this.#isToLookAgain = false;
      void this.look().catch(() => {});
    });
    return this.#looking;
  }

  /**
   * Takes no new runs, lets calls go on for `drainMs`, then stops them and gives all runs back, so that another process
   * or the next start goes on at once.
   */
  async shutDown(drainMs: number): Promise<void> {
    this.#isStopping = true;
    const { clock } = this.#parts;
    await Promise.all(this.#stops.map((stop) => stop()));
    await this.#looking?.catch(() => {});
    const untilMs = clock.monotonicMs() + drainMs;
    // Leases are held until the last call has ended.
    const renewing = runPeriodically(
      { name: 'run-leases', everyMs: Math.floor(this.#parts.leaseMs / 3), clock, log: this.#parts.log },
      () => this.#renew(),
    );
    while (this.#hasCalls() && clock.monotonicMs() < untilMs) await sleep(clock, Math.min(50, drainMs));
    this.#left.abort();
    for (const actor of this.#actors.values()) actor.interrupt();
    const limit = new AbortController();
    await Promise.race([Promise.all(this.#ended), sleep(clock, 5_000, limit.signal).catch(() => {})]);
    limit.abort();
    await renewing();
  }

  #hasCalls(): boolean {
    for (const actor of this.#actors.values()) if (actor.openCallCount > 0) return true;
    return false;
  }

  async #takeDue(): Promise<void> {
    for (let room = this.#room(); room > 0; room = this.#room()) {
      const { queue, clock } = this.#parts;
      const most = Math.min(room, claimAtOnce);
      const mayTakeOver = clock.monotonicMs() >= this.#takesOverFromMs;
      const own = [...this.#actors.values()].map(({ run }) => run);
      const sinceMs = clock.monotonicMs();
      const claimed = await queue.claim(clock.nowMs(), most, { own, mayTakeOver, mostOfTeam });
      for (const run of claimed) await this.#execute(run, sinceMs);
      if (claimed.length < most) return;
    }
  }

  #room(): number {
    return this.#isStopping ? 0 : mostActors - this.#actors.size;
  }

  async #execute({ id, leaseToken }: ClaimedRun, sinceMs: number): Promise<void> {
    const { prisma, definitions, log } = this.#parts;
    const row = await prisma.run.findUnique({ where: { id } });
    if (!row) return;
    const lease = { runId: id, token: leaseToken };
    try {
      const { teamId, workflowName, tags, startedById, apiKeyId, subject, session } = row;
      const ofApp = { subject: subject ?? undefined, session: session ?? undefined, isTraffic: isLiveTraffic(row) };
      const isPatient = row.source === 'experiment';
      const caller = { userId: startedById ?? undefined, apiKeyId: apiKeyId ?? undefined, ...ofApp, isPatient };
      const run = { runId: id, teamId, workflowName, tags, ...caller };
      this.#run(new RunActor(run, lease, definitions.read(row.definition), this.#actorParts, sinceMs));
    } catch (error) {
      log.error({ runId: id, error: String(error) }, 'a run cannot be executed');
      await this.#giveUp(id, leaseToken);
    }
  }

  #run(actor: RunActor): void {
    const { runId } = actor.run;
    // An older one of this process has lost its lease to this one.
    this.#actors.get(runId)?.lose();
    this.#actors.set(runId, actor);
    // Another request, perhaps of another team, may have led to its being taken up now.
    const scope = this.#parts.observer?.scopeOf(actor.run) ?? { runId, teamId: actor.run.teamId };
    const ended: Promise<void> = inScope(scope, () => this.#follow(actor)).finally(() => {
      if (this.#actors.get(runId) === actor) this.#actors.delete(runId);
      this.#ended.delete(ended);
    });
    this.#ended.add(ended);
    // It was begun while the server stopped.
    if (this.#left.signal.aborted) actor.interrupt();
  }

  async #follow(actor: RunActor): Promise<void> {
    const { log, clock } = this.#parts;
    const { runId, token } = actor.lease;
    try {
      const end: ActorEnd = await actor.execute();
      if (this.#actors.get(runId) === actor) this.#actors.delete(runId);
      if (end.type === 'lost') log.warn({ runId }, 'another process has taken a run over');
      if (end.type === 'idle') await this.#release(actor, end.wakeAtMs);
      if (end.type === 'interrupted') await this.#release(actor, clock.nowMs());
    } catch (error) {
      log.error({ runId, error: String(error) }, 'a run ended by a bug');
      await this.#giveUp(runId, token);
    }
  }

  /** Gives a run back. While the database is away its lease ends by itself, and then it is due, too. */
  async #release({ lease: { runId, token }, lastJournalSeq }: RunActor, wakeAtMs: number): Promise<void> {
    const { queue, clock, log } = this.#parts;
    try {
      await queue.release(runId, token, wakeAtMs, lastJournalSeq, clock.nowMs());
      // What was written between its last look and its release has made it due.
      void this.look().catch(() => {});
    } catch (error) {
      log.warn({ runId, error: String(error) }, 'a run could not be given back; its lease ends by itself');
    }
  }

  /** Ends a run that cannot go on: taken up again and again it would pay for the same calls again and again. */
  async #giveUp(runId: string, token: number): Promise<void> {
    if (this.#isStopping) return;
    const { journal, prisma, clock, log } = this.#parts;
    const message = 'The run could not go on because of an internal error. The log of the server says more.';
    const failure = { code: 'STEP.FAILED', message };
    try {
      const row = await prisma.run.findUnique({ where: { id: runId } });
      if (!row) return;
      await journal.write({
        runId,
        facts: [
          { type: 'run-failing', error: failure },
          { type: 'run-finished', outcome: 'failed', error: failure },
        ],
        lease: { runId, token },
        summary: {
          state: 'failed',
          outputs: null,
          errorCode: failure.code,
          errorMessage: failure.message,
          retries: row.retries,
          settledSteps: row.settledSteps,
          activeStepIds: [],
          totals: row.totals,
          deadlineAtMs: row.deadlineAt.getTime(),
          endedAtMs: clock.nowMs(),
        },
      });
    } catch (again) {
      log.error(
        { runId, error: String(again) },
        'a run could not even be ended; it is taken up again when its lease ends',
      );
    }
  }

  async #renew(): Promise<void> {
    const actors = [...this.#actors.values()];
    if (actors.length === 0) return;
    const sinceMs = this.#parts.clock.monotonicMs();
    const own = await this.#parts.queue.renew(actors.map(({ lease }) => ({ id: lease.runId, token: lease.token })));
    for (const actor of actors) {
      if (own.has(actor.lease.runId)) actor.hold.extend(sinceMs);
      else await this.#checkLost(actor);
    }
  }

  /** A run that is missing may just have ended. */
  async #checkLost(actor: RunActor): Promise<void> {
    const { runId, token } = actor.lease;
    if (this.#actors.get(runId) !== actor) return;
    const row = await this.#parts.prisma.run.findUnique({ where: { id: runId }, select: { leaseToken: true } });
    if (!row || row.leaseToken !== token) actor.lose();
  }

  /** What other processes wrote of runs that are executed here. */
  async #readNews(): Promise<void> {
    if (this.#actors.size === 0) return;
    const heads = await this.#parts.queue.readHeads([...this.#actors.keys()]);
    for (const [runId, actor] of this.#actors) {
      const lastJournalSeq = heads.get(runId);
      if (lastJournalSeq !== undefined && lastJournalSeq > actor.lastJournalSeq) actor.nudge();
    }
  }
}
