import { windowOf } from '@switchyard/core/guardrails';

/** How finely a report is cut: `total` is one piece. */
export type SpendStep = 'hour' | 'day' | 'total';

/** More pieces than a chart shows. */
export const mostPieces: Readonly<Record<SpendStep, number>> = { hour: 24 * 31 + 1, day: 400, total: 1 };

/**
 * Where the pieces of a stretch of time begin, and behind them where it ends (epoch ms): full hours, or days of the
 * time zone's calendar; the first and the last may be cut. Ends early with one more than {@link mostPieces}.
 */
export function spendBoundaries(fromMs: number, untilMs: number, per: SpendStep, timeZone: string): readonly number[] {
  const boundaries = [fromMs];
  let atMs = fromMs;
  while (per !== 'total' && boundaries.length <= mostPieces[per]) {
    const { endMs } = windowOf({ window: per, timeZone }, atMs);
    if (endMs === undefined || endMs >= untilMs) break;
    boundaries.push(endMs);
    atMs = endMs;
  }
  return [...boundaries, untilMs];
}
