import { formatCount, formatDuration, formatUsd } from '../../format/number-format.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How long a test takes: `40 s`, `3.5 hours`, `2 days`. */
export function spanWords(ms: number): string {
  if (ms < 10 * 60_000) return formatDuration(ms);
  if (ms < 2 * hourMs) return `${Math.round(ms / 60_000)} minutes`;
  if (ms < 2 * dayMs) return `${(ms / hourMs).toFixed(1).replace(/\.0$/, '')} hours`;
  return `${(ms / dayMs).toFixed(1).replace(/\.0$/, '')} days`;
}

/** The most that a test can cost, in words. */
export function mostItCosts(capUsd: string | undefined, concurrency: number): string {
  if (capUsd === undefined || !Number.isFinite(Number(capUsd))) return 'There is no cap yet.';
  const calls = concurrency === 1 ? 'the call' : `the ${formatCount(concurrency)} calls`;
  return `At most ${formatUsd(capUsd)}, and what ${calls} in flight cost when it is reached.`;
}
