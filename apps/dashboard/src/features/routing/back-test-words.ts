import { formatDuration, formatUsd } from '../../format/number-format.ts';

export interface Interval {
  mean: number;
  low: number;
  high: number;
}

/** What an estimate says against what was: only when the intervals do not touch is a difference told. */
export function verdictOf(
  recorded: Interval | null,
  draft: Interval | null,
  isReliable: boolean,
  better: 'lower' | 'higher',
): { tone: 'good' | 'bad' | 'neutral'; words: string } {
  if (!recorded) return { tone: 'neutral', words: 'Cannot tell: nothing was recorded.' };
  if (!draft) return { tone: 'neutral', words: 'Cannot tell: what the draft would do was never tried.' };
  const change = recorded.mean === 0 ? 0 : (draft.mean - recorded.mean) / Math.abs(recorded.mean);
  const size = `${(Math.abs(change) * 100).toFixed(Math.abs(change) < 0.1 ? 1 : 0)} %`;
  const overlaps = draft.low <= recorded.high && recorded.low <= draft.high;
  if (overlaps) return { tone: 'neutral', words: 'Cannot tell them apart: the intervals overlap.' };
  if (!isReliable)
    return { tone: 'neutral', words: `Perhaps ${size} ${change < 0 ? 'lower' : 'higher'}: a hint at most.` };
  const isBetter = change < 0 === (better === 'lower');
  return { tone: isBetter ? 'good' : 'bad', words: `${size} ${change < 0 ? 'lower' : 'higher'}` };
}

/** Costs and latencies are never below 0, whatever the interval of a small sample says. */
export const fromZero = (value: Interval | null): Interval | null => value && { ...value, low: Math.max(0, value.low) };

export const intervalFormats = {
  cost: (value: number) => formatUsd(value),
  latency: (value: number) => formatDuration(value),
  quality: (value: number) => value.toFixed(3),
} as const;
