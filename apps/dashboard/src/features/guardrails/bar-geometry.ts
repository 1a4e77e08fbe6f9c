/** Figures of one window as numbers; the unit does not matter. */
export interface BarFigures {
  spent: number;
  reserved: number;
  limit: number;
  /** What will be used at the end of the window; undefined when nobody can tell. */
  forecast?: number | undefined;
  /** Shares of the limit at which people are told. */
  thresholds: readonly number[];
}

/** Shares of the width of a bar, from 0 to 1. */
export interface BarGeometry {
  spent: number;
  reserved: number;
  /** Where the limit lies: 1 unless something goes over it. */
  limit: number;
  forecast: number | undefined;
  /** The forecast lies beyond the right edge. */
  isForecastBeyond: boolean;
  ticks: readonly { share: number; at: number; isReached: boolean }[];
  tone: 'good' | 'warn' | 'bad';
}

/** The bar shows the limit and what is beyond it, up to half as much again. */
const furthest = 1.5;

/** Lays out a bar of spent, reserved and free with a forecast marker. A limit of nothing is full as soon as anything is used. */
export function layOutBar({ spent, reserved, limit, forecast, thresholds }: BarFigures): BarGeometry {
  const used = spent + reserved;
  if (limit <= 0) {
    const isUsed = used > 0;
    return {
      spent: isUsed ? spent / used : 0,
      reserved: isUsed ? reserved / used : 0,
      limit: 1,
      forecast: undefined,
      isForecastBeyond: false,
      ticks: [],
      tone: 'bad',
    };
  }
  const scale = Math.max(limit, Math.min(limit * furthest, Math.max(used, forecast ?? 0)));
  const at = (amount: number) => Math.min(1, Math.max(0, amount / scale));
  const share = used / limit;
  const firstThreshold = thresholds.length > 0 ? Math.min(...thresholds) : 0.8;
  return {
    spent: at(spent),
    reserved: at(used) - at(spent),
    limit: at(limit),
    forecast: forecast === undefined ? undefined : at(forecast),
    isForecastBeyond: forecast !== undefined && forecast > scale,
    ticks: thresholds
      .filter((threshold) => threshold < 1)
      .map((threshold) => ({ share: threshold, at: at(threshold * limit), isReached: share >= threshold })),
    tone: share >= 1 ? 'bad' : share >= firstThreshold || (forecast ?? 0) > limit ? 'warn' : 'good',
  };
}
