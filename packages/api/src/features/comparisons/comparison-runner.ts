import { type Log, sleep } from '@switchyard/core/kernel';
import type { ModelDispatcher } from '../routing/model-dispatcher.ts';
import type { ComparisonHub, ComparisonStream } from './comparison-hub.ts';
import { type LaneJob, runLane, ServerStopping } from './lane-run.ts';

/** How long a server that stops waits for the database to take the last events. */
const storeWithinMs = 5_000;

interface RunningLane {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

interface RunningComparison {
  readonly stream: ComparisonStream;
  readonly lanes: Map<string, RunningLane>;
  /** Costs of the lanes that ended, by lane; undefined values are unknown costs. */
  readonly costs: Map<string, bigint | undefined>;
}

/** Where a comparison stands when this process begins to run lanes of it. */
export interface ComparisonPosition {
  readonly teamId: string;
  readonly comparisonId: string;
  /** Number of the last stored event, 0 for a new comparison. */
  readonly lastSeq: number;
  /** Costs of lanes that ended earlier and do not run again. */
  readonly earlierCosts: ReadonlyMap<string, bigint | undefined>;
}

/** Runs the lanes of comparisons in this process and knows which are running. One lane's failure never touches another. */
export class ComparisonRunner {
  readonly #hub: ComparisonHub;
  readonly #dispatcher: ModelDispatcher;
  readonly #log: Log;
  readonly #instanceId: string;
  readonly #running = new Map<string, RunningComparison>();
  #isStopping = false;

  constructor(hub: ComparisonHub, dispatcher: ModelDispatcher, log: Log, instanceId: string) {
    this.#instanceId = instanceId;
    this.#hub = hub;
    this.#dispatcher = dispatcher;
    this.#log = log;
  }

  get runningLaneCount(): number {
    let count = 0;
    for (const comparison of this.#running.values()) count += comparison.lanes.size;
    return count;
  }

  isRunning(comparisonId: string, laneId: string): boolean {
    return this.#running.get(comparisonId)?.lanes.has(laneId) ?? false;
  }

  /** Starts `jobs` and returns at once. A job whose lane already ran before begins with an `output-reset`. */
  start(position: ComparisonPosition, jobs: readonly LaneJob[]): void {
    if (this.#isStopping) throw new ServerStopping('The server is stopping and takes no new work.');
    const comparison = this.#open(position);
    if (position.lastSeq === 0) {
      comparison.stream.publish([{ type: 'comparison-started', laneIds: jobs.map((job) => job.laneId) }]);
    }
    for (const job of jobs) {
      if (job.attempt > 1) {
        comparison.stream.publish(
          [{ type: 'output-reset', laneId: job.laneId, attempt: job.attempt, reason: 'The lane was retried.' }],
          [{ kind: 'comparison', data: { state: 'RUNNING', finishedAt: null, instanceId: this.#instanceId } }],
        );
      }
      comparison.costs.delete(job.laneId);
      const abort = new AbortController();
      comparison.lanes.set(job.laneId, { abort, ended: this.#run(position.comparisonId, comparison, job, abort) });
    }
  }

  /** Stops a running lane; resolves when its end is stored. False when it was not running here. */
  async stopLane(comparisonId: string, laneId: string): Promise<boolean> {
    const comparison = this.#running.get(comparisonId);
    const lane = comparison?.lanes.get(laneId);
    if (!comparison || !lane) return false;
    lane.abort.abort(new Error('Stopped by the user.'));
    await lane.ended;
    await this.#hub.flush(comparison.stream);
    return true;
  }

  /** Stops all running lanes of a comparison; resolves when their ends are stored. */
  async stopComparison(comparisonId: string): Promise<void> {
    const laneIds = [...(this.#running.get(comparisonId)?.lanes.keys() ?? [])];
    await Promise.all(laneIds.map((laneId) => this.stopLane(comparisonId, laneId)));
  }

  /**
   * Takes no new work, lets lanes run for `drainMs`, then interrupts the rest and stores what they had. Gives up when
   * the database does not take it in time: the next start then ends these lanes with what was stored.
   */
  async shutDown(drainMs: number): Promise<void> {
    this.#isStopping = true;
    const { clock } = this.#dispatcher.chain;
    const all = () => [...this.#running.values()].flatMap((comparison) => [...comparison.lanes.values()]);
    const timer = clock.startTimer(drainMs, () => {
      for (const lane of all()) lane.abort.abort(new ServerStopping('The server is stopping.'));
    });
    const finish = async () => {
      await Promise.all(all().map((lane) => lane.ended));
      await Promise.all([...this.#running.values()].map(({ stream }) => this.#hub.flush(stream)));
    };
    const limit = new AbortController();
    const isStored = await Promise.race([
      finish().then(() => true),
      sleep(clock, drainMs + storeWithinMs, limit.signal).then(
        () => false,
        () => false,
      ),
    ]);
    timer.cancel();
    limit.abort();
    if (!isStored) this.#log.error({ lanes: this.runningLaneCount }, 'stopped before the last events could be stored');
  }

  #open(position: ComparisonPosition): RunningComparison {
    const existing = this.#running.get(position.comparisonId);
    if (existing) return existing;
    const comparison: RunningComparison = {
      stream: this.#hub.open(position.teamId, position.comparisonId, position.lastSeq),
      lanes: new Map(),
      costs: new Map(position.earlierCosts),
    };
    this.#running.set(position.comparisonId, comparison);
    return comparison;
  }

  async #run(comparisonId: string, comparison: RunningComparison, job: LaneJob, abort: AbortController): Promise<void> {
    // The caller registers the lane before anything can end it.
    await Promise.resolve();
    try {
      comparison.costs.set(job.laneId, await runLane(job, comparison.stream, this.#dispatcher, abort.signal));
    } catch (error) {
      this.#log.error({ laneId: job.laneId, error: String(error) }, 'a lane ended by a bug');
      comparison.stream.publish(
        [{ type: 'lane-interrupted', laneId: job.laneId, message: 'The lane ended by an internal error. Retry it.' }],
        [
          {
            kind: 'lane',
            laneId: job.laneId,
            data: { state: 'INTERRUPTED', finishedAt: new Date(this.#dispatcher.chain.clock.nowMs()) },
          },
        ],
      );
    }
    comparison.lanes.delete(job.laneId);
    if (comparison.lanes.size === 0) await this.#finish(comparisonId, comparison);
  }

  async #finish(comparisonId: string, comparison: RunningComparison): Promise<void> {
    const total = sumCosts(comparison.costs);
    comparison.stream.publish(
      [{ type: 'comparison-finished', ...(total !== undefined && { totalCostNanoUsd: total.toString() }) }],
      [
        {
          kind: 'comparison',
          data: { state: 'FINISHED', finishedAt: new Date(this.#dispatcher.chain.clock.nowMs()), instanceId: null },
        },
      ],
    );
    await this.#hub.flush(comparison.stream);
    // A lane that was retried meanwhile keeps the stream; its own end finishes the comparison again.
    if (comparison.lanes.size > 0 || comparison.stream.hasPending) return;
    this.#running.delete(comparisonId);
    this.#hub.close(comparisonId);
  }
}

/** The sum, or undefined when one cost is unknown. */
function sumCosts(costs: ReadonlyMap<string, bigint | undefined>): bigint | undefined {
  let total = 0n;
  for (const cost of costs.values()) {
    if (cost === undefined) return undefined;
    total += cost;
  }
  return total;
}
