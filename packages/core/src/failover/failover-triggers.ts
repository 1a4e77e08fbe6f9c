/** When a candidate is passed over without being asked, judged over its calls of the last minutes. All absent: never. */
export interface FailoverTriggers {
  /** Share (0–1) of calls that failed by the provider's fault. */
  readonly errorRateAbove?: number;
  /** 95th percentile of the time to first token, in milliseconds. */
  readonly firstTokenP95AboveMs?: number;
  /** Failures in a row by the provider's fault. */
  readonly consecutiveFailures?: number;
  /** The status of its provider from which on it is passed over. Needs somebody who knows it. */
  readonly statusFrom?: 'degraded' | 'down';
  /** How far back is looked, in milliseconds; default 5 minutes, at most an hour. */
  readonly windowMs?: number;
  /** Fewer calls than this in the window decide nothing of error rate and latency; default 10. */
  readonly minCalls?: number;
  /**
   * A passed-over candidate is asked again when nobody has asked it for this time, in milliseconds, so that it can show
   * that it is back: with a good answer its past is forgotten. Default 30 s.
   */
  readonly returnAfterMs?: number;
}
