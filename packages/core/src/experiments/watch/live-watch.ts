import {
  momentsOf,
  observeSampleRatio,
  type RunningMoments,
  type SampleRatioWatch,
  startSampleRatioWatch,
} from '../../stats/index.ts';
import type { ExperimentDefinition } from '../definition/experiment-definition.ts';
import type { AnsweredItem, MissingReason } from './answer-fact.ts';
import { metricValue } from './metric-value.ts';
import { metricsOf } from './paired-watch.ts';

interface UnitSums {
  readonly variant: string;
  /** By metric: the sum of its values, and how many. */
  readonly sums: Map<string, { sum: number; count: number }>;
}

/** A split under which this is rarer is broken: what it shows cannot be trusted. */
export const brokenSplitLevel = 0.01;

/**
 * What a live split has seen: executions of a step, each by one variant, many perhaps of one user or session. A unit counts
 * once, with the mean of its executions, because its executions are alike.
 */
export class LiveWatch {
  readonly definition: ExperimentDefinition;
  readonly #units = new Map<string, UnitSums>();
  /** Executions without a value, by variant and metric, by reason. */
  readonly #missing = new Map<string, Record<MissingReason, number>>();
  readonly #metrics: readonly string[];
  #executions = 0;
  #assigned: Readonly<Record<string, number>> | undefined;
  #ratio: SampleRatioWatch;

  /** `maxLogEvidence`: the strongest sign of a broken split that earlier looks have seen. */
  constructor(definition: ExperimentDefinition, maxLogEvidence = 0) {
    this.definition = definition;
    this.#metrics = metricsOf(definition);
    this.#ratio = { ...startSampleRatioWatch(definition.variants.length), maxLogEvidence };
  }

  get executions(): number {
    return this.#executions;
  }

  get units(): number {
    return this.#units.size;
  }

  get maxLogEvidence(): number {
    return this.#ratio.maxLogEvidence;
  }

  /** One execution: an item with the answer of the variant that its unit is in. */
  add({ itemId, cluster = itemId, answers }: AnsweredItem): void {
    const [answer] = answers;
    if (!answer) return;
    this.#executions += 1;
    const unit: UnitSums = this.#units.get(cluster) ?? { variant: answer.variant, sums: new Map() };
    this.#units.set(cluster, unit);
    for (const metric of this.#metrics) {
      const value = metricValue(metric, answer, this.definition);
      if (typeof value === 'number' && unit.variant === answer.variant) {
        const sums = unit.sums.get(metric) ?? { sum: 0, count: 0 };
        unit.sums.set(metric, { sum: sums.sum + value, count: sums.count + 1 });
      } else {
        const reason = typeof value === 'number' ? 'moved-unit' : value.missing;
        const key = `${answer.variant} ${metric}`;
        const missing = this.#missing.get(key) ?? {};
        missing[reason] = (missing[reason] ?? 0) + 1;
        this.#missing.set(key, missing);
      }
    }
  }

  /** Over the units of a variant, each with the mean of its executions. */
  arm(variant: string, metric: string): RunningMoments {
    const means: number[] = [];
    for (const unit of this.#units.values()) {
      const sums = unit.variant === variant ? unit.sums.get(metric) : undefined;
      if (sums) means.push(sums.sum / sums.count);
    }
    return momentsOf(means);
  }

  missing(variant: string, metric: string): Readonly<Record<MissingReason, number>> {
    return this.#missing.get(`${variant} ${metric}`) ?? {};
  }

  /**
   * Units that were put on each variant, those among them whose executions have not ended: a slow variant must not look like
   * a broken split.
   */
  noteAssigned(counts: Readonly<Record<string, number>>): void {
    this.#assigned = counts;
  }

  /** Units by variant, as they were put there. */
  counts(): Readonly<Record<string, number>> {
    const counts = Object.fromEntries(this.definition.variants.map(({ key }) => [key, 0]));
    if (this.#assigned) return { ...counts, ...this.#assigned };
    for (const { variant } of this.#units.values()) counts[variant] = (counts[variant] ?? 0) + 1;
    return counts;
  }

  /** Whether units come to the variants as planned; may be asked at every look, and an alarm stays. */
  lookAtSplit(): { readonly pValue: number; readonly isBroken: boolean } {
    const { variants } = this.definition;
    const counts = this.counts();
    const { watch, pValue } = observeSampleRatio(
      this.#ratio,
      variants.map(({ key }) => counts[key] ?? 0),
      variants.map(({ weight }) => weight),
    );
    this.#ratio = watch;
    return { pValue, isBroken: pValue < brokenSplitLevel };
  }
}
