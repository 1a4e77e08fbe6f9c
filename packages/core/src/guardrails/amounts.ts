/** The smaller of two exact amounts (`Math.min` takes no bigint). */
export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger of two exact amounts. */
export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
