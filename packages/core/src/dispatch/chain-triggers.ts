/** When a candidate is passed over without being asked, judged over its calls of the last minutes. All absent: never. */
export interface ChainTriggers {
  /** Share (0–1) of calls that failed by the provider's fault. */
  readonly errorRateAbove?: number;
  /** 95th percentile of the time to first token, in milliseconds. */
  readonly firstTokenP95AboveMs?: number;
  /** Failures in a row by the provider's fault. */
  readonly consecutiveFailures?: number;
  /** How far back is looked. */
  readonly windowMs?: number;
  /** Fewer calls than this in the window decide nothing. */
  readonly minCalls?: number;
  /** A passed-over candidate is asked again after this time, so that it can show that it is back. */
  readonly returnAfterMs?: number;
}
