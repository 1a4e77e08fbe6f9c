import { sleep } from '@switchyard/core/kernel';
import type { Experiment, PrismaClient } from '../../generated/prisma/client.ts';
import { runPeriodically } from '../../workers/periodic.ts';
import type { TestLease } from './experiment.repository.ts';
import { type ActorParts, ExperimentActor } from './experiment-actor.ts';
import { definitionOf } from './experiment-row.ts';
import { LiveSplitActor } from './live-split-actor.ts';

export interface ExperimentEngineParts extends ActorParts {
  readonly prisma: PrismaClient;
  readonly instanceId: string;
  /** Whether other processes may use the same database. */
  readonly isShared: boolean;
  readonly leaseMs: number;
}

/** Tests that one process executes at a time; others wait in the table, and the team with the fewest comes first. */
const mostActors = 200;
const lookEveryMs = 500;

type TestActor = ExperimentActor | LiveSplitActor;

/** Executes the tests of all teams in this process: takes what nobody owns, renews its leases, gives back what it leaves. */
export class ExperimentEngine {
  readonly #parts: ExperimentEngineParts;
  readonly #actors = new Map<string, TestActor>();
  readonly #running = new Set<Promise<void>>();
  /** Tests that failed here wait until then, by the monotonic clock. */
  readonly #notBeforeMs = new Map<string, number>();
  #stops: (() => Promise<void>)[] = [];
  #isStopping = false;
  #looking: Promise<void> | undefined;

  constructor(parts: ExperimentEngineParts) {
    this.#parts = parts;
  }

  get testCount(): number {
    return this.#actors.size;
  }

  async start(): Promise<void> {
    const { repository, clock, log, isShared, leaseMs } = this.#parts;
    if (!isShared) await repository.expireAll();
    this.#stops = [
      runPeriodically({ name: 'experiments', everyMs: lookEveryMs, clock, log }, () => this.look()),
      runPeriodically(
        { name: 'experiment-leases', everyMs: Math.max(50, Math.min(1_000, leaseMs / 3)), clock, log },
        () => this.#renew(),
      ),
    ];
  }

  /** Takes tests that are due. */
  async look(): Promise<void> {
    if (this.#isStopping) return;
    this.#looking ??= this.#takeDue().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  /** A test was asked to stop. */
  nudge(id: string): void {
    this.#actors.get(id)?.requestStop();
  }

  async shutDown(drainMs: number): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#stops.map((stop) => stop()));
    await this.#looking?.catch(() => {});
    for (const actor of this.#actors.values()) actor.leave();
    const { clock, log, leaseMs } = this.#parts;
    const renewing = runPeriodically(
      { name: 'experiment-leases', everyMs: Math.max(50, Math.floor(leaseMs / 3)), clock, log },
      () => this.#renew(),
    );
    const limit = new AbortController();
    const all = () => Promise.all(this.#running);
    await Promise.race([all(), sleep(clock, drainMs, limit.signal).catch(() => {})]);
    for (const actor of this.#actors.values()) actor.interrupt();
    await Promise.race([all(), sleep(clock, 5_000, limit.signal).catch(() => {})]);
    limit.abort();
    await renewing();
  }

  async #takeDue(): Promise<void> {
    const { prisma, repository, instanceId, leaseMs, clock } = this.#parts;
    const room = mostActors - this.#actors.size;
    if (room <= 0) return;
    const nowMs = clock.monotonicMs();
    for (const [id, untilMs] of this.#notBeforeMs) if (untilMs <= nowMs) this.#notBeforeMs.delete(id);
    const own = [...this.#actors.keys(), ...this.#notBeforeMs.keys()];
    for (const { id, leaseToken } of await repository.claim(instanceId, leaseMs, own, room)) {
      const row = await prisma.experiment.findUnique({ where: { id } });
      try {
        if (row) this.#execute(createActor(row, { id, token: leaseToken }, this.#parts));
      } catch (error) {
        this.#parts.log.error({ experimentId: id, error: String(error) }, 'a test cannot be executed');
        this.#notBeforeMs.set(id, nowMs + 60_000);
      }
    }
  }

  #execute(actor: TestActor): void {
    const { id } = actor.lease;
    this.#actors.set(id, actor);
    const ended = this.#follow(actor).finally(() => {
      if (this.#actors.get(id) === actor) this.#actors.delete(id);
      this.#running.delete(ended);
    });
    this.#running.add(ended);
  }

  async #follow(actor: TestActor): Promise<void> {
    const { repository, clock, log } = this.#parts;
    const { id } = actor.lease;
    try {
      if ((await actor.execute()) === 'ended') return;
    } catch (error) {
      // The database was away, or a bug: what is stored stands, and the test goes on from there.
      log.error({ experimentId: id, error: String(error) }, 'a test was interrupted; it goes on in a moment');
      this.#notBeforeMs.set(id, clock.monotonicMs() + 5_000);
    }
    await repository.release(actor.lease).catch(() => {});
  }

  async #renew(): Promise<void> {
    const actors = [...this.#actors.values()];
    if (actors.length === 0) return;
    const { repository, leaseMs } = this.#parts;
    const owned = await repository.renew(
      actors.map(({ lease }) => lease),
      leaseMs,
    );
    for (const actor of actors) {
      const found = owned.get(actor.lease.id);
      // One that is missing was taken over, or has just ended: its next write tells.
      if (found?.stopRequested) actor.requestStop();
    }
  }
}

function createActor(row: Experiment, lease: TestLease, parts: ActorParts): TestActor {
  const { type } = definitionOf(row).source;
  return type === 'paired' ? new ExperimentActor(row, lease, parts) : new LiveSplitActor(row, lease, parts);
}
