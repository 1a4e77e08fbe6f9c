/** How a process deals with its slices of budgets. All in milliseconds. */
export interface LedgerSettings {
  /** How soon spending is reported to the store. */
  readonly reportAfterMs: number;
  /** How often a process with slices asks whether others want them. */
  readonly pollMs: number;
  /** How often one without slices shows that it lives. */
  readonly heartbeatMs: number;
  /**
   * For how long after its last contact with the store a process reserves inside its slices. Must be well below
   * `deadAfterMs`, so that nobody takes back what is still being used.
   */
  readonly trustLeasesMs: number;
  /** After which a silent process counts as dead and loses its slices. */
  readonly deadAfterMs: number;
  /** When a slice that nobody used goes back. */
  readonly keepUnusedMs: number;
  /** How long a reservation holds without settle, release or extend: longer than the longest call. */
  readonly reservationMs: number;
  /** How long ended reservations are remembered. */
  readonly rememberEndedMs: number;
  /** How long to wait for what other processes hold unused, in steps of `waitStepMs`: `waitSteps` times. */
  readonly waitStepMs: number;
  readonly waitSteps: number;
}

/**
 * With these, the rest of a budget that others hold unused is there after at most 1.5 s (they poll every second), a
 * killed process's slices are back after 10 min, and a database outage is bridged for up to 5 min by what is held.
 */
export const defaultLedgerSettings: LedgerSettings = {
  reportAfterMs: 200,
  pollMs: 1_000,
  heartbeatMs: 60_000,
  trustLeasesMs: 300_000,
  deadAfterMs: 600_000,
  keepUnusedMs: 60_000,
  reservationMs: 3_600_000,
  rememberEndedMs: 21_600_000,
  waitStepMs: 100,
  waitSteps: 15,
};
