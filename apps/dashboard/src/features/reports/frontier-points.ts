export interface FrontierPoint {
  readonly key: string;
  readonly label: string;
  /** USD per success. */
  readonly cost: number;
  /** 0 to 1. */
  readonly quality: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly judged: number;
}

/** Points that none beats: there is no other one that is as good and cheaper, or better and as cheap. By cost. */
export function frontierOf(points: readonly FrontierPoint[]): readonly FrontierPoint[] {
  const sorted = [...points].sort((a, b) => a.cost - b.cost || b.quality - a.quality);
  let best = Number.NEGATIVE_INFINITY;
  return sorted.filter(({ quality }) => {
    if (quality <= best) return false;
    best = quality;
    return true;
  });
}
