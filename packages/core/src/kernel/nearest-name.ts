/**
 * The candidate that a person most likely meant, or undefined when none is near. Case, dashes and underscores are
 * looked through (`maxAttempts` is `max_attempts`); otherwise at most a third of the letters may differ.
 */
export function nearestName(typed: string, candidates: Iterable<string>): string | undefined {
  const plainTyped = plain(typed);
  if (plainTyped === '' || typed.length > longestName) return undefined;
  let nearest: string | undefined;
  let nearestDistance = Math.max(1, Math.floor(plainTyped.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(plainTyped, plain(candidate), nearestDistance);
    if (distance < nearestDistance) {
      nearest = candidate;
      nearestDistance = distance;
    }
  }
  return nearest;
}

const longestName = 200;

const plain = (name: string): string => name.toLowerCase().replace(/[-_\s]/g, '');

/**
 * Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b` (optimal string alignment).
 * Gives up with `limit` as soon as the distance cannot be below it.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    if (Math.min(...current) >= limit) return limit;
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? 0, limit);
}
