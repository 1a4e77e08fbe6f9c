/** One metric as it is documented and exported. The catalogue holds all of them. */
export interface MetricDefinition {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, rising, without infinity. */
  readonly buckets?: readonly number[];
  /** `team`: a team's key sees the team's own part of it. `installation`: whole, for the operator alone. */
  readonly scope: 'installation' | 'team';
}

/** What one set of label values has; in the order of the definition's labels. */
export interface NumberSample {
  readonly values: readonly string[];
  readonly value: number;
}

/** `counts` has one entry for each bucket and one for what is above all of them; nothing is added up. */
export interface HistogramSample {
  readonly values: readonly string[];
  readonly counts: readonly number[];
  readonly sum: number;
}

/** A metric with everything that is known of it at one moment. */
export interface MetricFamily {
  readonly definition: MetricDefinition;
  readonly samples: readonly (NumberSample | HistogramSample)[];
}

/** The label values of a sample by their names. */
export function labelsOf(
  { labels }: Pick<MetricDefinition, 'labels'>,
  { values }: Pick<NumberSample, 'values'>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']));
}
