import type { CallObserver } from '@switchyard/core/dispatch';
import { formatUsd, type Log } from '@switchyard/core/kernel';
import type { CallRecord } from '@switchyard/core/metrics';
import { Counter, Histogram, Registry } from 'prom-client';

/** So many values of one label are kept apart; later ones are counted as `other`. */
const maxLabelValues = 200;

/** The channel that log pipelines filter by. */
const channel = 'model_guardrails';

/** A model that was chosen. */
export interface ModelSelection {
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
 * What scrapers and log pipelines are told of models: Prometheus counters and structured log events. Methods neither
 * block nor throw. Can be given to dispatch as its observer, or be called by one.
 */
export class ModelTelemetry implements CallObserver {
  readonly registry = new Registry();
  readonly #log: Log;
  readonly #labels = new Map<string, Set<string>>();
  readonly #selections: Counter<'provider'>;
  readonly #breaches: Counter<'type'>;
  readonly #latencies: Histogram<'provider' | 'model' | 'outcome'>;
  readonly #warnings: Counter<'provider'>;

  constructor(log: Log) {
    this.#log = log;
    const registers = [this.registry];
    this.#selections = new Counter({
      ...{ name: 'model_selection_count', help: 'Calls by the provider that was chosen.', registers },
      labelNames: ['provider'],
    });
    this.#breaches = new Counter({
      ...{ name: 'model_guardrail_breach_total', help: 'Calls that a guardrail stood against.', registers },
      labelNames: ['type'],
    });
    this.#latencies = new Histogram({
      ...{ name: 'model_latency_ms', help: 'How long calls took, in milliseconds.', registers },
      labelNames: ['provider', 'model', 'outcome'],
      buckets: [100, 250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 120_000],
    });
    this.#warnings = new Counter({
      ...{ name: 'model_latency_warning_total', help: 'Calls that took longer than their target.', registers },
      labelNames: ['provider'],
    });
  }

  /** A model was chosen for a call. */
  selection(selection: ModelSelection): void {
    this.#selections.inc({ provider: this.#bounded('provider', selection.provider) });
    this.#log.info({ event: 'model.selection', channel, ...fieldsOf(selection) }, 'a model was chosen');
  }

  /** A guardrail stood against a call; `type` is a short word such as `cost` or `step-latency`. */
  breach(type: string): void {
    this.#breaches.inc({ type: this.#bounded('type', type) });
  }

  /** A call has ended. */
  callFinished(record: Pick<CallRecord, 'providerId' | 'modelId' | 'outcome' | 'latencyMs'>): void {
    this.#latencies.observe(
      {
        provider: this.#bounded('provider', record.providerId),
        model: this.#bounded('model', record.modelId),
        outcome: record.outcome,
      },
      record.latencyMs,
    );
  }

  /** A call took longer than its target. */
  latencyWarning(warning: LatencyWarning): void {
    this.#warnings.inc({ provider: this.#bounded('provider', warning.provider) });
    const { latencyMs, latencyTargetMs } = warning;
    this.#log.warn(
      { event: 'model.latencyWarning', channel, ...fieldsOf(warning), latencyMs, latencyTargetMs },
      'a model was slower than its target',
    );
  }

  onBreach(breach: Parameters<CallObserver['onBreach']>[0]): void {
    this.breach(`${breach.limitedBy}-${breach.refusal.unit}`);
  }

  onWarning(): void {}

  onCallEnd(record: CallRecord, facts: Parameters<CallObserver['onCallEnd']>[1]): void {
    this.callFinished(record);
    const { latencyTargetMs, expectedNanoUsd } = facts;
    if (latencyTargetMs === undefined || record.latencyMs <= latencyTargetMs || record.outcome === 'cancelled') return;
    this.latencyWarning({
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

  /** A client may name models as it likes: a scraper must not pay for each name. */
  #bounded(label: string, value: string): string {
    let known = this.#labels.get(label);
    if (!known) {
      known = new Set();
      this.#labels.set(label, known);
    }
    if (known.has(value)) return value;
    if (known.size >= maxLabelValues) return 'other';
    known.add(value);
    return value;
  }
}

function fieldsOf(facts: ModelSelection & { readonly actualCostNanoUsd?: bigint | undefined }): object {
  const { provider, model, decisionType, workflowId, stepId, estimatedCostNanoUsd, actualCostNanoUsd } = facts;
  return {
    ...{ provider, model, decisionType },
    ...(workflowId !== undefined && { workflowId }),
    ...(stepId !== undefined && { stepId }),
    ...(estimatedCostNanoUsd !== undefined && { estimatedCost: formatUsd(estimatedCostNanoUsd) }),
    ...(actualCostNanoUsd !== undefined && { actualCost: formatUsd(actualCostNanoUsd) }),
  };
}
