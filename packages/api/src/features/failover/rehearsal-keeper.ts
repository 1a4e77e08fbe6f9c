import type { RehearsalReport } from '@switchyard/core/failover';
import type { Services } from '../../container.ts';
import type { FailureRehearsal, Prisma } from '../../generated/prisma/client.ts';
import { RehearsalDriver, type RehearsalPhase } from './rehearsal-driver.ts';

const leaseMs = 15_000;
/** Progress is written no more often than this, unless the phase changes. */
const writeEveryMs = 500;

interface Running {
  readonly driver: RehearsalDriver;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

class Stopped extends Error {}

/** The rehearsals of this process, and the end of those whose process died. */
export class RehearsalKeeper {
  readonly #services: () => Services;
  readonly #running = new Map<string, Running>();
  #isStopped = false;

  constructor(services: () => Services) {
    this.#services = services;
  }

  /** Begins a rehearsal that was stored; does not wait for its end. */
  begin(row: FailureRehearsal): void {
    const services = this.#services();
    const { clock } = services;
    const abort = new AbortController();
    // Whatever hangs: at its end time everything is restored.
    const timer = clock.startTimer(Math.max(1, row.endsAt.getTime() - clock.nowMs()), () =>
      abort.abort(new Stopped('Its time was over.')),
    );
    let phase: RehearsalPhase | undefined;
    let wroteAtMs = Number.NEGATIVE_INFINITY;
    const tell = async (next: RehearsalPhase, calls: number) => {
      const isDue = clock.monotonicMs() - wroteAtMs >= writeEveryMs;
      if (next === phase && !isDue) return;
      const isNew = next !== phase;
      phase = next;
      wroteAtMs = clock.monotonicMs();
      await this.#write(row, next, calls, isNew, abort);
    };
    const driver = new RehearsalDriver(services, row, abort.signal, tell);
    const done = this.#drive(row, driver, abort).finally(() => {
      timer.cancel();
      this.#running.delete(row.id);
    });
    this.#running.set(row.id, { driver, abort, done });
  }

  /** Ends what is left of rehearsals whose process died, and takes their faults back. Call it every second. */
  async tick(): Promise<void> {
    const { prisma, clock, simulatedFailures } = this.#services();
    for (const id of simulatedFailures?.rehearsals() ?? []) {
      if (!this.#running.has(id)) simulatedFailures?.endRehearsal(id);
    }
    const now = new Date(clock.nowMs());
    const own = [...this.#running.keys()];
    if (own.length > 0) {
      // A call may be silent for longer than the lease.
      const rows = await prisma.failureRehearsal.updateManyAndReturn({
        where: { id: { in: own }, state: 'running' },
        data: { leaseUntil: new Date(now.getTime() + leaseMs) },
      });
      for (const { id, cancelRequestedAt } of rows)
        if (cancelRequestedAt) this.#running.get(id)?.abort.abort(new Stopped(cancelled));
    }
    const dead = await prisma.failureRehearsal.updateManyAndReturn({
      where: { state: 'running', leaseUntil: { lt: now }, id: { notIn: own } },
      data: {
        state: 'interrupted',
        phase: 'done',
        openKey: null,
        finishedAt: now,
        failure: 'The server stopped while the rehearsal ran. What it broke is restored.',
      },
    });
    for (const row of dead) await this.#publish(row);
  }

  /** Resolves when all rehearsals of this process are over and restored. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { abort } of this.#running.values()) abort.abort(new Stopped('The server stops.'));
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
  }

  /** Resolves when none runs in this process; for tests. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
  }

  async #drive(row: FailureRehearsal, driver: RehearsalDriver, abort: AbortController): Promise<void> {
    const { prisma, clock, log } = this.#services();
    let report: RehearsalReport | undefined;
    let failure: string | undefined;
    try {
      report = await driver.run();
    } catch (error) {
      if (!(error instanceof Stopped)) {
        log.warn({ rehearsalId: row.id, error: String(error) }, 'a rehearsal ended early');
        failure = error instanceof Error ? error.message : String(error);
      }
      report = await driver.report().catch(() => undefined);
    } finally {
      driver.restore();
    }
    const reason = abort.signal.aborted ? (abort.signal.reason as Error | undefined)?.message : undefined;
    const isCancelled = reason === cancelled;
    const state = failure ? 'failed' : isCancelled ? 'cancelled' : this.#isStopped ? 'interrupted' : 'finished';
    try {
      const [ended] = await prisma.failureRehearsal.updateManyAndReturn({
        where: { id: row.id, state: 'running' },
        data: {
          state,
          phase: 'done',
          openKey: null,
          finishedAt: new Date(clock.nowMs()),
          failure: failure ?? (isCancelled ? null : (reason ?? null)),
          ...(report && { report: report as unknown as Prisma.InputJsonObject, calls: report.callsMade }),
        },
      });
      if (ended) await this.#publish(ended);
    } catch (error) {
      // Its lease runs out, and somebody else ends it.
      log.warn({ rehearsalId: row.id, error: String(error) }, 'the end of a rehearsal could not be stored');
    }
  }

  async #write(
    row: FailureRehearsal,
    phase: RehearsalPhase,
    calls: number,
    isNew: boolean,
    abort: AbortController,
  ): Promise<void> {
    const { prisma, clock } = this.#services();
    const now = new Date(clock.nowMs());
    const [written] = await prisma.failureRehearsal.updateManyAndReturn({
      where: { id: row.id, state: 'running' },
      data: {
        phase,
        calls,
        leaseUntil: new Date(now.getTime() + leaseMs),
        ...(isNew && phase === 'broken' && { brokenAt: now }),
        ...(isNew && phase === 'restored' && { restoredAt: now }),
      },
    });
    if (!written) throw new Stopped('It was ended elsewhere.');
    if (isNew) await this.#publish(written);
    if (written.cancelRequestedAt && !abort.signal.aborted) abort.abort(new Stopped(cancelled));
  }

  async #publish({ id, subjectId, teamId, phase }: FailureRehearsal): Promise<void> {
    const { prisma, clock, health } = this.#services();
    const payload = { rehearsalId: id, phase };
    await prisma.healthEvent.create({
      data: { subjectId, teamId, kind: 'rehearsal', payload, at: new Date(clock.nowMs()) },
    });
    health.feed.wake();
  }
}

const cancelled = 'Cancelled by a person.';
