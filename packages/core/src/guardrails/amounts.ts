/** The smaller of two exact amounts (`Math.min` takes no bigint). */
export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The smaller of two limits of which either may be missing. */
export function tighter(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || b === undefined ? (a ?? b) : smaller(a, b);
}

/** The larger of two exact amounts. */
export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
