import type { ChainEvent, ChainOutcome } from '@switchyard/core/dispatch';
import { addToTimeline, DeltaCoalescer, type TimelineEntry } from '@switchyard/core/events';
import type { Timer } from '@switchyard/core/kernel';
import type { CallPurpose } from '@switchyard/core/metrics';
import { isContentPart, type ModelCall, type StreamPart } from '@switchyard/core/spec';
import type { ModelResolution } from '../providers/model-resolution.ts';
import type { ModelDispatcher } from '../routing/model-dispatcher.ts';
import type { MadeDecision } from '../routing/routing-desk.ts';
import { toRouteEntry } from '../routing/to-route-entry.ts';
import { toTimelineEntry } from '../routing/to-timeline-entry.ts';
import type { ComparisonStream } from './comparison-hub.ts';
import { endedLane, interruptedLane, type LaneResult, startedLane } from './lane-changes.ts';

/** Deltas of a lane are gathered this long before they become one event. */
const coalesceMs = 40;

/** People who look at a lane can be waited for. */
const approvalWaitMs = 15 * 60_000;

/** One lane to run now. */
export interface LaneJob {
  readonly laneId: string;
  readonly attempt: number;
  readonly resolution: ModelResolution;
  readonly call: ModelCall;
  readonly purpose: CallPurpose;
  /** Why these models; absent when there was nothing to decide. */
  readonly decision?: MadeDecision | undefined;
  /** Notes for the router how the call went; given the call, it answers the same outcome. */
  readonly follow?: (running: Promise<ChainOutcome>) => Promise<ChainOutcome>;
}

/** The abort reason when the server stops; the lane then counts as interrupted, not as stopped by its user. */
export class ServerStopping extends Error {
  override readonly name = 'ServerStopping';
}

/**
 * Runs one lane to its end and publishes everything that happens on `stream`. Never throws for what the vendor does;
 * resolves with the cost in nano-dollars, undefined when it is unknown.
 */
export async function runLane(
  job: LaneJob,
  stream: ComparisonStream,
  dispatcher: ModelDispatcher,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  const run = new LaneRun(job, stream, dispatcher);
  return run.run(signal);
}

class LaneRun {
  readonly #job: LaneJob;
  readonly #stream: ComparisonStream;
  readonly #dispatcher: ModelDispatcher;
  readonly #startMs: number;
  #coalescer: DeltaCoalescer;
  #toolCalls: { id: string; toolName: string; input: string }[] = [];
  #output = '';
  #reasoning = '';
  #firstContentMs: number | undefined;
  #timeline: readonly TimelineEntry[] = [];
  #timer: Timer | undefined;

  constructor(job: LaneJob, stream: ComparisonStream, dispatcher: ModelDispatcher) {
    this.#job = job;
    this.#stream = stream;
    this.#dispatcher = dispatcher;
    this.#startMs = dispatcher.chain.clock.monotonicMs();
    this.#coalescer = new DeltaCoalescer(job.laneId);
  }

  async run(signal: AbortSignal): Promise<bigint | undefined> {
    const { laneId, attempt, resolution, call, purpose, decision, follow } = this.#job;
    const [{ providerId }] = resolution.targets;
    const startedAtMs = this.#dispatcher.chain.clock.nowMs();
    this.#stream.publish(
      [{ type: 'lane-started', laneId, attempt, providerId, modelId: resolution.requested }],
      [{ kind: 'lane', laneId, data: startedLane(attempt, startedAtMs) }],
    );
    const route = decision && toRouteEntry(decision, resolution.requested, startedAtMs);
    if (route) this.#addStep(route);
    const listener = {
      onPart: (part: StreamPart) => this.#take(part),
      onReset: () => this.#reset(),
      onEvent: (event: ChainEvent) => this.#note(event),
    };
    const running = this.#dispatcher.run(resolution, call, purpose, listener, signal, { approvalWaitMs });
    const outcome = await (follow ? follow(running) : running);
    this.#drain();
    this.#publishDeltas(this.#coalescer.finish());
    const result: LaneResult = {
      outcome,
      requested: resolution.requested,
      startedAtMs,
      latencyMs: this.#elapsedMs,
      timeToFirstTokenMs: this.#firstContentMs,
      content: {
        output: this.#output,
        reasoning: this.#reasoning,
        toolCalls: this.#toolCalls,
        timeline: this.#timeline,
        warnings: outcome.warnings,
      },
    };
    const isInterrupted = outcome.error?.kind === 'cancelled' && signal.reason instanceof ServerStopping;
    const { fact, row, costNanoUsd } = isInterrupted ? interruptedLane(laneId, result) : endedLane(laneId, result);
    this.#stream.publish([fact], [{ kind: 'lane', laneId, data: row }]);
    return costNanoUsd;
  }

  get #elapsedMs(): number {
    return Math.round(this.#dispatcher.chain.clock.monotonicMs() - this.#startMs);
  }

  #take(part: StreamPart): void {
    if (isContentPart(part)) this.#firstContentMs ??= this.#elapsedMs;
    switch (part.type) {
      case 'text-delta':
        this.#addDelta('output-delta', part.delta);
        break;
      case 'reasoning-delta':
        this.#addDelta('reasoning-delta', part.delta);
        break;
      case 'tool-call': {
        const { id, toolName, input } = part;
        this.#toolCalls.push({ id, toolName, input });
        this.#drain();
        this.#stream.publish([{ type: 'tool-call', laneId: this.#job.laneId, id, toolName, input }]);
        break;
      }
    }
  }

  #addDelta(type: 'output-delta' | 'reasoning-delta', text: string): void {
    const isFirst = this.#coalescer.isEmpty && this.#output === '' && this.#reasoning === '';
    this.#coalescer.add(type, text);
    // The first delta goes out at once: it is what the reader waits for.
    if (isFirst) this.#drain();
    else this.#timer ??= this.#dispatcher.chain.clock.startTimer(coalesceMs, () => this.#drain());
  }

  #reset(): void {
    this.#drain();
    this.#publishDeltas(this.#coalescer.finish());
    this.#coalescer = new DeltaCoalescer(this.#job.laneId);
    this.#output = '';
    this.#reasoning = '';
    this.#toolCalls = [];
    this.#firstContentMs = undefined;
    const { laneId, attempt } = this.#job;
    const reason = 'The answer broke off and is written anew.';
    this.#stream.publish([{ type: 'output-reset', laneId, attempt, reason }]);
  }

  #note(event: ChainEvent): void {
    // What was written before must stand before the step in the order of events.
    this.#drain();
    this.#addStep(toTimelineEntry(event));
  }

  #addStep(entry: TimelineEntry): void {
    this.#timeline = addToTimeline(this.#timeline, entry);
    this.#stream.publish([{ type: 'lane-progressed', laneId: this.#job.laneId, entry }]);
  }

  #drain(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#publishDeltas(this.#coalescer.drain());
  }

  #publishDeltas(facts: ReturnType<DeltaCoalescer['drain']>): void {
    if (facts.length === 0) return;
    for (const fact of facts) {
      if (fact.type === 'output-delta') this.#output += fact.text;
      else this.#reasoning += fact.text;
    }
    this.#stream.publish(facts);
  }
}
