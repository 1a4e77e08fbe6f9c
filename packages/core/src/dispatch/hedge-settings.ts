/** When a second candidate is started while the first is still silent; opt-in, because both are paid for. */
export interface HedgeSettings {
  /**
   * How long the first may be silent, in milliseconds; `p95` takes the model's own measured 95th percentile of the time
   * to first token, and does not hedge before there are enough measurements.
   */
  readonly afterMs: number | 'p95';
  /** Hedged calls may be at most this share (0–1) of all chains that could hedge. */
  readonly maxShare: number;
}
