import { type DispatchDependencies, type DispatchTarget, runCall } from '@switchyard/core/dispatch';
import { DeltaCoalescer } from '@switchyard/core/events';
import type { Timer } from '@switchyard/core/kernel';
import type { CallPurpose } from '@switchyard/core/metrics';
import type { ModelCall, StreamPart } from '@switchyard/core/spec';
import type { ComparisonStream } from './comparison-hub.ts';
import { endedLane, interruptedLane, startedLane } from './lane-changes.ts';

/** Deltas of a lane are gathered this long before they become one event. */
const coalesceMs = 40;

/** One lane to run now. */
export interface LaneJob {
  readonly laneId: string;
  readonly attempt: number;
  readonly target: DispatchTarget;
  readonly call: ModelCall;
  readonly purpose: CallPurpose;
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
  dependencies: DispatchDependencies,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  const { clock } = dependencies;
  const { laneId, attempt, target } = job;
  const coalescer = new DeltaCoalescer(laneId);
  const toolCalls: { id: string; toolName: string; input: string }[] = [];
  let output = '';
  let reasoning = '';
  let timer: Timer | undefined;

  const publishDeltas = (facts: ReturnType<DeltaCoalescer['drain']>) => {
    for (const fact of facts) {
      if (fact.type === 'output-delta') output += fact.text;
      else reasoning += fact.text;
    }
    stream.publish(facts);
  };
  const drain = () => {
    timer?.cancel();
    timer = undefined;
    publishDeltas(coalescer.drain());
  };
  const addDelta = (type: 'output-delta' | 'reasoning-delta', text: string) => {
    const isFirst = coalescer.isEmpty && output === '' && reasoning === '';
    coalescer.add(type, text);
    // The first delta goes out at once: it is what the reader waits for.
    if (isFirst) drain();
    else timer ??= clock.startTimer(coalesceMs, drain);
  };
  const onPart = (part: StreamPart) => {
    switch (part.type) {
      case 'text-delta':
        addDelta('output-delta', part.delta);
        break;
      case 'reasoning-delta':
        addDelta('reasoning-delta', part.delta);
        break;
      case 'tool-call': {
        const { id, toolName, input } = part;
        toolCalls.push({ id, toolName, input });
        drain();
        stream.publish([{ type: 'tool-call', laneId, id, toolName, input }]);
        break;
      }
    }
  };

  stream.publish(
    [{ type: 'lane-started', laneId, attempt, providerId: target.providerId, modelId: target.modelId }],
    [{ kind: 'lane', laneId, data: startedLane(attempt, clock.nowMs()) }],
  );
  const outcome = await runCall(target, job.call, job.purpose, dependencies, onPart, signal);
  drain();
  publishDeltas(coalescer.finish());
  const content = { output, reasoning, toolCalls, warnings: outcome.warnings };
  const isInterrupted = outcome.error?.kind === 'cancelled' && signal.reason instanceof ServerStopping;
  const { fact, row } = isInterrupted ? interruptedLane(laneId, outcome, content) : endedLane(laneId, outcome, content);
  stream.publish([fact], [{ kind: 'lane', laneId, data: row }]);
  return outcome.record.costNanoUsd;
}
