interface Look {
  readonly items: number;
  readonly effects: readonly {
    readonly variant: string;
    readonly metric: string;
    readonly estimate: number | null;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

export interface ShrinkPoint {
  readonly items: number;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** The effect of one variant over the items, from the first look that could tell. */
export function pointsOf(looks: readonly Look[], variant: string, metric: string): readonly ShrinkPoint[] {
  return looks.flatMap(({ items, effects }) => {
    const found = effects.find((effect) => effect.variant === variant && effect.metric === metric);
    if (found?.estimate == null || found.low === null || found.high === null) return [];
    return [{ items, estimate: found.estimate, low: found.low, high: found.high }];
  });
}

/** Half of the axis: wide enough for the interval as it is now three times, not for the first ones, which are huge. */
export function spanOf(series: readonly (readonly ShrinkPoint[])[], margin: number): number {
  const now = series.flatMap((points) => points.at(-1) ?? []);
  const ends = now.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]);
  const all = series.flat().flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]);
  const wanted = Math.max(1.6 * Math.max(0, ...ends), 1.3 * margin);
  return Math.max(1e-12, Math.min(wanted, Math.max(1.05 * margin, 1.05 * Math.max(0, ...all))));
}
