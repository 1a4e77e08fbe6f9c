/**
 * Adjusted p-values in the order given. 'holm' (1979) bounds the chance of any false claim; 'benjamini-hochberg' (1995)
 * bounds the expected share of false claims. A claim holds when its adjusted p is at most α. Throws RangeError on a
 * p-value outside [0, 1].
 */
export function adjustPValues(pValues: readonly number[], method: 'holm' | 'benjamini-hochberg'): readonly number[] {
  const bad = pValues.findIndex((p) => !(p >= 0 && p <= 1));
  if (bad >= 0) throw new RangeError(`p-value ${bad + 1} must lie in [0, 1], got ${pValues[bad]}`);
  const count = pValues.length;
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(count).fill(1);
  let bound = method === 'holm' ? 0 : 1;
  for (let step = 0; step < count; step++) {
    const place = method === 'holm' ? step : count - 1 - step;
    const index = order[place]!;
    bound =
      method === 'holm'
        ? Math.max(bound, Math.min(1, (count - place) * pValues[index]!))
        : Math.min(bound, (count / (place + 1)) * pValues[index]!);
    adjusted[index] = bound;
  }
  return adjusted;
}
