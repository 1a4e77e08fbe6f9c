import type { HistogramSample, MetricDefinition, MetricFamily, NumberSample } from './metric-family.ts';

/** Label values that clients or teams choose: later ones than the bounds allow count as `other`. */
const openLabels: ReadonlySet<string> = new Set(['provider', 'model', 'to_provider', 'workflow', 'type']);
export const otherValue = 'other';

/** So many sets of label values are kept for one team, and for all teams together. */
const mostSeriesOfTeam = 500;
const mostSeries = 10_000;
/** What no team is behind, and teams that came when everything was full. */
const nobody = '';

type Series =
  | { values: readonly string[]; value: number }
  | { values: readonly string[]; counts: number[]; sum: number };

/**
 * One metric with its label values, counted by team so that a team's key can be shown its own part. Whatever clients send, it
 * holds at most {@link mostSeries} sets of label values and as many more as the closed labels have combinations.
 */
export class SeriesStore {
  readonly definition: MetricDefinition;
  readonly #openPlaces: readonly number[];
  readonly #teams = new Map<string, Map<string, Series>>();
  readonly #bounds: { readonly ofTeam: number; readonly all: number };
  #count = 0;

  constructor(definition: MetricDefinition, bounds = { ofTeam: mostSeriesOfTeam, all: mostSeries }) {
    this.definition = definition;
    this.#bounds = bounds;
    this.#openPlaces = definition.labels.flatMap((label, index) => (openLabels.has(label) ? [index] : []));
  }

  /** Adds `amount` to a counter; `values` in the order of the definition's labels. */
  add(teamId: string, values: readonly string[], amount = 1): void {
    const series = this.#find(teamId, values);
    if ('value' in series) series.value += amount;
  }

  /** Puts one measurement into a histogram. */
  observe(teamId: string, values: readonly string[], measured: number): void {
    const series = this.#find(teamId, values);
    if ('value' in series) return;
    const { buckets = [] } = this.definition;
    let place = 0;
    while (place < buckets.length && measured > (buckets[place] as number)) place += 1;
    series.counts[place] = (series.counts[place] ?? 0) + 1;
    series.sum += measured;
  }

  /** What one team has; of `undefined`, what all have together. */
  read(teamId?: string): MetricFamily {
    const { definition } = this;
    if (teamId !== undefined)
      return { definition, samples: [...(this.#teams.get(teamId)?.values() ?? [])].map(copyOf) };
    const sums = new Map<string, Series>();
    for (const team of this.#teams.values()) {
      for (const [key, series] of team) {
        const sum = sums.get(key);
        if (sum) addTo(sum, series);
        else sums.set(key, copyOf(series));
      }
    }
    return { definition, samples: [...sums.values()] };
  }

  #find(teamId: string, values: readonly string[]): Series {
    const key = values.join('\u0000');
    const team = this.#teams.get(teamId);
    const known = team?.get(key);
    if (known) return known;
    if (this.#count < this.#bounds.all && (team?.size ?? 0) < this.#bounds.ofTeam)
      return this.#make(teamId, key, values);
    // Teams that are known keep their own remainder, the rest share one.
    const others = values.map((value, index) => (this.#openPlaces.includes(index) ? otherValue : value));
    const owner = team ? teamId : nobody;
    const otherKey = others.join('\u0000');
    return this.#teams.get(owner)?.get(otherKey) ?? this.#make(owner, otherKey, others);
  }

  #make(teamId: string, key: string, values: readonly string[]): Series {
    const { kind, buckets = [] } = this.definition;
    const series: Series =
      kind === 'histogram'
        ? { values: [...values], counts: new Array<number>(buckets.length + 1).fill(0), sum: 0 }
        : { values: [...values], value: 0 };
    let team = this.#teams.get(teamId);
    if (!team) {
      team = new Map();
      this.#teams.set(teamId, team);
    }
    team.set(key, series);
    this.#count += 1;
    return series;
  }
}

function copyOf(series: Series): Series {
  return 'counts' in series ? { ...series, counts: [...series.counts] } : { ...series };
}

function addTo(sum: Series, series: Series): void {
  if ('value' in sum && 'value' in series) sum.value += series.value;
  if (!('counts' in sum) || !('counts' in series)) return;
  sum.sum += series.sum;
  for (const [place, count] of series.counts.entries()) sum.counts[place] = (sum.counts[place] ?? 0) + count;
}

/** A gauge's family from what was just read; samples with equal values are put together by `merge`, the sum by default. */
export function gaugeFamily(
  definition: MetricDefinition,
  samples: Iterable<NumberSample>,
  merge: (a: number, b: number) => number = (a, b) => a + b,
): MetricFamily {
  const byKey = new Map<string, NumberSample>();
  for (const sample of samples) {
    const key = sample.values.join('\u0000');
    const known = byKey.get(key);
    byKey.set(key, known ? { ...known, value: merge(known.value, sample.value) } : sample);
  }
  return { definition, samples: [...byKey.values()] };
}

export type { HistogramSample };
