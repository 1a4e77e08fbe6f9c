import type { CallFacts, CallObserver, ChainEvent } from '@switchyard/core/dispatch';
import { formatUsd, type Log } from '@switchyard/core/kernel';
import type { CallRecord } from '@switchyard/core/metrics';
import { metrics, tokenBuckets } from '../../observability/metrics/metric-catalogue.ts';
import type { MetricFamily } from '../../observability/metrics/metric-family.ts';
import { SeriesStore } from '../../observability/metrics/series-store.ts';

/** The channel that log pipelines filter by. */
const channel = 'model_guardrails';

/** A model that was chosen. */
export interface ModelSelection {
  readonly teamId: string;
  /** Of its call record. */
  readonly callId?: string | undefined;
  readonly provider: string;
  readonly model: string;
  /** How it was chosen, for example `latency-first` or `fallback`. */
  readonly decisionType: string;
  readonly workflowId?: string | undefined;
  readonly stepId?: string | undefined;
  readonly estimatedCostNanoUsd?: bigint | undefined;
}

/** A call that was slower than its target. */
export interface LatencyWarning extends ModelSelection {
  readonly latencyMs: number;
  readonly latencyTargetMs: number;
  readonly actualCostNanoUsd?: bigint | undefined;
}

/**
 * What scrapers and log pipelines are told of models: counters by team, and structured log events. Methods neither
 * block nor throw. Can be given to dispatch as its observer, or be called by one.
 */
export class ModelTelemetry implements CallObserver {
  readonly #log: Log;
  readonly #selections = new SeriesStore(metrics.selections);
  readonly #breaches = new SeriesStore(metrics.breaches);
  readonly #latencies = new SeriesStore(metrics.latencies);
  readonly #warnings = new SeriesStore(metrics.latencyWarnings);
  readonly #calls = new SeriesStore(metrics.calls);
  readonly #seconds = new SeriesStore(metrics.callSeconds);
  readonly #firstTokens = new SeriesStore(metrics.firstTokenSeconds);
  readonly #tokens = new SeriesStore(metrics.tokens);
  readonly #costs = new SeriesStore(metrics.costs);
  readonly #unpriced = new SeriesStore(metrics.unpriced);
  readonly #retries = new SeriesStore(metrics.retries);
  readonly #failovers = new SeriesStore(metrics.failovers);
  readonly #skipped = new SeriesStore(metrics.skipped);
  readonly #running = new SeriesStore(metrics.callsRunning);
  readonly #hedges = new SeriesStore(metrics.hedges);
  readonly #circuitChanges = new SeriesStore(metrics.circuitChanges);
  /** Calls under way that are no chats. */
  readonly #embeddings = new Set<string>();
  /** Only for OpenTelemetry, whose conventions have a distribution where Prometheus has the sums. */
  readonly #tokensPerCall = new SeriesStore({
    ...metrics.tokens,
    ...{ kind: 'histogram', buckets: tokenBuckets, labels: [...metrics.tokens.labels, 'operation'] },
  });

  constructor(log: Log) {
    this.#log = log;
  }

  /** Of one team; of `undefined`, of all together. */
  families(teamId?: string): readonly MetricFamily[] {
    const stores = [
      ...[this.#selections, this.#breaches, this.#latencies, this.#warnings],
      ...[this.#calls, this.#seconds, this.#firstTokens, this.#tokens, this.#costs, this.#unpriced],
      ...[this.#retries, this.#failovers, this.#skipped, this.#hedges, this.#running],
      ...(teamId === undefined ? [this.#circuitChanges] : []),
    ];
    return stores.map((store) => store.read(teamId));
  }

  /** The distributions that OpenTelemetry's conventions for calls of models name, of all teams together. */
  distributions(): Readonly<Record<'duration' | 'firstToken' | 'tokens', MetricFamily>> {
    return {
      duration: this.#seconds.read(),
      firstToken: this.#firstTokens.read(),
      tokens: this.#tokensPerCall.read(),
    };
  }

  /** A model was chosen for a call. */
  selection(selection: ModelSelection): void {
    this.#selections.add(selection.teamId, [selection.provider]);
    this.#log.info({ event: 'model.selection', channel, ...fieldsOf(selection) }, 'a model was chosen');
  }

  /** A guardrail stood against a call; `type` is a short word such as `cost` or `step-latency`. */
  breach(teamId: string, type: string): void {
    this.#breaches.add(teamId, [type]);
  }

  /** A call has ended. */
  callFinished(record: CallRecord): void {
    const { teamId, providerId, modelId, origin, outcome, errorKind = '', latencyMs, timeToFirstTokenMs } = record;
    const model = [providerId, modelId, origin];
    this.#latencies.observe(teamId, [providerId, modelId, outcome], latencyMs);
    this.#calls.add(teamId, [...model, outcome, errorKind]);
    const operation = this.#embeddings.delete(record.id) ? 'embeddings' : 'chat';
    this.#seconds.observe(teamId, [...model, operation, outcome], latencyMs / 1_000);
    if (timeToFirstTokenMs !== undefined) this.#firstTokens.observe(teamId, model, timeToFirstTokenMs / 1_000);
    const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens } = record.usage;
    const kinds = {
      ...{ input: inputTokens, cached_input: cachedInputTokens, cache_write: cacheWriteTokens },
      ...{ output: outputTokens, reasoning: reasoningTokens },
    };
    for (const [kind, count] of Object.entries(kinds)) {
      if (count === undefined) continue;
      this.#tokens.add(teamId, [...model, kind], count);
      if (kind === 'input' || kind === 'output')
        this.#tokensPerCall.observe(teamId, [...model, kind, operation], count);
    }
    if (record.costNanoUsd === undefined) this.#unpriced.add(teamId, model);
    else this.#costs.add(teamId, model, Number(record.costNanoUsd) / 1e9);
  }

  /** Something happened on the way to an answer. */
  chainEvent(teamId: string, event: ChainEvent): void {
    if (event.type === 'retry-scheduled') this.#retries.add(teamId, [event.providerId, event.reason]);
    else if (event.type === 'candidate-skipped') this.#skipped.add(teamId, [event.providerId, event.reason]);
    else if (event.type === 'hedge-started') this.#hedges.add(teamId, [event.to.providerId]);
    else if (event.type === 'failover-happened')
      this.#failovers.add(teamId, [event.from.providerId, event.to.providerId, event.reason]);
  }

  /** A call has begun. */
  callBegan({ callId, operation, purpose, target }: CallFacts): void {
    this.#running.add(purpose.teamId, [target.providerId]);
    if (operation === 'embeddings') this.#embeddings.add(callId);
  }

  /** A call waits for its vendor no more; {@link onCallEnd} tells how it went. */
  callLeft({ purpose, target }: CallFacts): void {
    this.#running.add(purpose.teamId, [target.providerId], -1);
  }

  /** A circuit of any team went to another state. */
  circuitChanged(to: string): void {
    this.#circuitChanges.add('', [to.replace('-', '_')]);
  }

  /** A call took longer than its target. */
  latencyWarning(warning: LatencyWarning): void {
    this.#warnings.add(warning.teamId, [warning.provider]);
    const { latencyMs, latencyTargetMs } = warning;
    this.#log.warn(
      { event: 'model.latencyWarning', channel, ...fieldsOf(warning), latencyMs, latencyTargetMs },
      'a model was slower than its target',
    );
  }

  onBreach(breach: Parameters<CallObserver['onBreach']>[0]): void {
    this.breach(breach.attributes.teamId, `${breach.limitedBy}-${breach.refusal.unit}`);
  }

  onWarning(): void {}

  onCallEnd(record: CallRecord, facts: Parameters<CallObserver['onCallEnd']>[1]): void {
    this.callFinished(record);
    const { latencyTargetMs, expectedNanoUsd } = facts;
    if (latencyTargetMs === undefined || record.latencyMs <= latencyTargetMs || record.outcome === 'cancelled') return;
    this.latencyWarning({
      teamId: record.teamId,
      callId: record.id,
      provider: record.providerId,
      model: record.modelId,
      decisionType: 'latency-target',
      workflowId: record.workflowId,
      stepId: record.stepId,
      estimatedCostNanoUsd: expectedNanoUsd,
      actualCostNanoUsd: record.costNanoUsd,
      latencyMs: record.latencyMs,
      latencyTargetMs,
    });
  }
}

function fieldsOf(facts: ModelSelection & { readonly actualCostNanoUsd?: bigint | undefined }): object {
  const { callId, provider, model, decisionType, workflowId, stepId, estimatedCostNanoUsd, actualCostNanoUsd } = facts;
  return {
    ...{ provider, model, decisionType },
    ...(callId !== undefined && { callId }),
    ...(workflowId !== undefined && { workflowId }),
    ...(stepId !== undefined && { stepId }),
    ...(estimatedCostNanoUsd !== undefined && { estimatedCost: formatUsd(estimatedCostNanoUsd) }),
    ...(actualCostNanoUsd !== undefined && { actualCost: formatUsd(actualCostNanoUsd) }),
  };
}
