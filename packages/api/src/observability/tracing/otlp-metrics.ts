import type { HrTime } from '@opentelemetry/api';
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import type { Resource } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { Clock, Log } from '@switchyard/core/kernel';
import { labelsOf, type MetricFamily } from '../metrics/metric-family.ts';
import { CollectorWatch } from './span-queue.ts';

/** How a metric is called at a collector, where its conventions have a name. */
export interface NamedFamily {
  readonly family: MetricFamily;
  readonly name?: string;
  readonly unit?: string;
  /** Attributes in place of the labels; a sample with none is left out. */
  readonly attributesOf?: (labels: Readonly<Record<string, string>>) => Readonly<Record<string, string>> | undefined;
}

export interface OtlpMetricsParts {
  readonly exporter: Pick<OTLPMetricExporter, 'export' | 'shutdown'>;
  readonly resource: Resource;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

/** Sends all metrics to a collector once in a while. A collector that is away costs one export each time. */
export class OtlpMetrics {
  readonly #parts: OtlpMetricsParts;
  readonly #watch: CollectorWatch;
  readonly #startedAt: HrTime;
  #sending: Promise<void> | undefined;
  #lost = 0;

  constructor(parts: OtlpMetricsParts) {
    this.#parts = parts;
    this.#watch = new CollectorWatch(parts.log, 'metrics');
    this.#startedAt = toHrTime(parts.clock.nowMs());
  }

  /** Whether the collector did not take the last export. */
  get isCollectorAway(): boolean {
    return this.#watch.isAway;
  }

  /** Exports that the collector never got. */
  get lostCount(): number {
    return this.#lost;
  }

  /** Sends what `families` say; while an export is under way, a further one is left out. */
  push(families: readonly NamedFamily[]): Promise<void> {
    this.#sending ??= this.#push(families).finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async shutdown(): Promise<void> {
    await this.#sending;
    await this.#parts.exporter.shutdown();
  }

  async #push(families: readonly NamedFamily[]): Promise<void> {
    const { exporter, resource, clock, version } = this.#parts;
    const now = toHrTime(clock.nowMs());
    const metrics = families.flatMap((named) => toMetricData(named, this.#startedAt, now) ?? []);
    const data = { resource, scopeMetrics: [{ scope: { name: 'switchyard', version }, metrics }] };
    const { promise, resolve } = Promise.withResolvers<{ code: number; error?: Error | undefined }>();
    try {
      exporter.export(data, resolve as never);
    } catch (error) {
      resolve({ code: 1, error: error instanceof Error ? error : new Error(String(error)) });
    }
    if (!this.#watch.note((await promise) as never)) this.#lost += 1;
  }
}

function toMetricData({ family, name, unit = '', attributesOf }: NamedFamily, startTime: HrTime, endTime: HrTime) {
  const { definition, samples } = family;
  const { kind, buckets = [] } = definition;
  const descriptor = { name: name ?? definition.name, description: definition.help, unit, valueType: 1 };
  const base = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  const points = samples.flatMap((sample) => {
    const labels = labelsOf(definition, sample);
    const attributes = attributesOf ? attributesOf(labels) : labels;
    return attributes ? [{ sample, attributes, startTime, endTime }] : [];
  });
  if (points.length === 0) return undefined;
  if (kind === 'histogram') {
    const dataPoints = points.flatMap(({ sample, ...point }) => {
      if (!('counts' in sample)) return [];
      const count = sample.counts.reduce((all, each) => all + each, 0);
      const value = { buckets: { boundaries: [...buckets], counts: [...sample.counts] }, sum: sample.sum, count };
      return [{ ...point, value }];
    });
    return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints } as MetricData;
  }
  const dataPoints = points.flatMap(({ sample, ...point }) =>
    'value' in sample ? [{ ...point, value: sample.value }] : [],
  );
  return kind === 'counter'
    ? ({ ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints } as MetricData)
    : ({ ...base, dataPointType: DataPointType.GAUGE, dataPoints } as MetricData);
}

function toHrTime(epochMs: number): HrTime {
  return [Math.floor(epochMs / 1_000), Math.round((epochMs % 1_000) * 1e6)];
}
