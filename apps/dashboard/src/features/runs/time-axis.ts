export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** A time axis on which long idle spans are drawn short. */
export interface TimeAxis {
  /** Place of a moment, 0 to 1. */
  shareOf(ms: number): number;
  /** Moments with a label, on parts that are drawn to scale. */
  readonly ticks: readonly number[];
  /** Idle spans that are drawn short. */
  readonly breaks: readonly Span[];
}

const breakShare = 0.05;
const shortestBreakMs = 2_000;
const niceSteps = [1, 2, 5];

/** Evenly spaced round numbers in a span, about `wanted` of them. */
function roundTicks({ startMs, endMs }: Span, wanted: number): number[] {
  const rough = (endMs - startMs) / Math.max(1, wanted);
  if (rough <= 0) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, (niceSteps.find((each) => each * power >= rough) ?? 10) * power);
  const first = Math.ceil(startMs / step) * step;
  return Array.from({ length: Math.floor((endMs - first) / step) + 1 }, (_, index) => first + index * step);
}

/**
 * An axis from 0 to `totalMs`. Where nobody works for longer than all work together takes a quarter of, the axis is broken:
 * a run that waited two days for a person still shows its seconds. `work` may overlap and come in any order.
 */
export function timeAxis(totalMs: number, work: readonly Span[]): TimeAxis {
  const busy: { startMs: number; endMs: number }[] = [];
  for (const span of [...work].sort((a, b) => a.startMs - b.startMs)) {
    const startMs = Math.min(totalMs, Math.max(0, span.startMs));
    const endMs = Math.min(totalMs, Math.max(startMs, span.endMs));
    const last = busy.at(-1);
    if (last && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else busy.push({ startMs, endMs });
  }
  const workMs = busy.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const isLong = (ms: number) => ms > Math.max(shortestBreakMs, workMs / 4);
  const edges = [{ startMs: 0, endMs: 0 }, ...busy, { startMs: totalMs, endMs: totalMs }];
  const breaks = edges.slice(1).flatMap(({ startMs }, index) => {
    const from = edges[index]?.endMs ?? 0;
    return busy.length > 0 && isLong(startMs - from) ? [{ startMs: from, endMs: startMs }] : [];
  });
  const brokenMs = breaks.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const isAllIdle = totalMs - brokenMs <= 0 && breaks.length > 0;
  const scaledMs = Math.max(1, totalMs - brokenMs);
  const perBreak = isAllIdle ? 1 / breaks.length : Math.min(breakShare, 0.4 / Math.max(1, breaks.length));
  const scaledShare = 1 - breaks.length * perBreak;
  const shareOf = (ms: number): number => {
    let share = 0;
    let plainMs = Math.min(Math.max(0, ms), totalMs);
    for (const { startMs, endMs } of breaks) {
      if (ms <= startMs) break;
      const inside = Math.min(ms, endMs) - startMs;
      plainMs -= inside;
      share += (inside / (endMs - startMs)) * perBreak;
    }
    return Math.min(1, Math.max(0, share + (plainMs / scaledMs) * scaledShare));
  };
  const parts: Span[] = [];
  let from = 0;
  for (const { startMs, endMs } of breaks) {
    parts.push({ startMs: from, endMs: startMs });
    from = endMs;
  }
  parts.push({ startMs: from, endMs: totalMs });
  const ticks = parts.flatMap((part) => {
    const wanted = Math.round(((part.endMs - part.startMs) / scaledMs) * 5);
    return wanted === 0 ? [] : roundTicks(part, wanted);
  });
  return { shareOf, ticks: [...new Set([0, ...ticks])], breaks };
}
