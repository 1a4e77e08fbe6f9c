/** The bell curve of a belief over the scale from 0 to 1, as heights between 0 and 1 at equal steps; the tallest of `tallest` is 1. */
export function beliefHeights(mean: number, deviation: number, tallest: number, steps = 80): readonly number[] {
  const width = Math.max(deviation, 1e-3);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const distance = (step / steps - mean) / width;
    return (Math.exp(-0.5 * distance * distance) / width) * tallest;
  });
}

/** By what the heights of several beliefs are scaled so that the sharpest one reaches 1; very sharp ones are cut so that broad ones stay visible. */
export function tallestOf(beliefs: readonly { deviation: number }[]): number {
  return Math.max(0.03, Math.min(...beliefs.map(({ deviation }) => Math.max(deviation, 1e-3)), 1));
}

/** The part of the scale that the 95 % interval covers, within 0 and 1. */
export function intervalOf(mean: number, deviation: number): { low: number; high: number } {
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  return { low: clamp(mean - 1.96 * deviation), high: clamp(mean + 1.96 * deviation) };
}
