/** A round number at or above all values: 1, 2 or 5 times a power of ten, at least `atLeast`. */
export function ceilingOf(values: readonly (number | null)[], atLeast: number): number {
  const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), atLeast);
  if (highest <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 5, 10].find((each) => each * size >= highest * (1 - 1e-9)) ?? 10;
  return step * size;
}

/** An SVG path through the values that are known; a gap breaks it, and a value alone between gaps is a short dash. */
export function linePath(
  values: readonly (number | null)[],
  toX: (step: number) => number,
  toY: (value: number) => number,
): string {
  const parts: string[] = [];
  for (const [step, value] of values.entries()) {
    if (value === null) continue;
    const isJoined = step > 0 && values[step - 1] !== null;
    const isAlone = !isJoined && (values[step + 1] ?? null) === null;
    const y = toY(value).toFixed(1);
    if (isAlone) parts.push(`M${(toX(step) - 3).toFixed(1)} ${y}h6`);
    else parts.push(`${isJoined ? 'L' : 'M'}${toX(step).toFixed(1)} ${y}`);
  }
  return parts.join('');
}
