/** Shares of a limit are exact to this part of it. */
const partsPerUnit = 1_000_000n;

/**
 * The amount at which `share` of `limit` is reached: share × limit, the share taken to six decimals, rounded down. In
 * the unit of `limit`. `share` is finite and not negative.
 */
export function thresholdAmount(limit: bigint, share: number): bigint {
  return (limit * BigInt(Math.round(share * Number(partsPerUnit)))) / partsPerUnit;
}

/**
 * The thresholds that are reached by going from `before` to `after`, in ascending order, each once: those with
 * before < threshold ≤ after. All amounts in one unit. Going there in several steps crosses each exactly once; going
 * down crosses none.
 */
export function crossedThresholds(before: bigint, after: bigint, thresholds: readonly bigint[]): readonly bigint[] {
  const crossed = thresholds.filter((threshold) => before < threshold && threshold <= after);
  return [...new Set(crossed)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
