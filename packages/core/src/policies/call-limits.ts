/** How many calls a provider takes; absent means any number. */
export interface CallLimits {
  /** Calls at a time, per server process. */
  readonly maxConcurrent?: number | undefined;
  /** Calls that may wait, for a slot or for their turn within the minute; one more is refused at once. */
  readonly maxQueued?: number | undefined;
  /** Longest wait in milliseconds, if shorter than what the caller allows. */
  readonly queueMs?: number | undefined;
  /** Calls started in any 60 s, per server process. */
  readonly requestsPerMinute?: number | undefined;
  /** Tokens, input and output, of calls started in any 60 s: by estimate, corrected when the call has ended. */
  readonly tokensPerMinute?: number | undefined;
}

/** The slot, or the turn, did not come in time. */
export class QueueDeadlineExceeded extends Error {
  override readonly name = 'QueueDeadlineExceeded';

  constructor(queueMs: number) {
    super(`No free slot within ${queueMs / 1000} s.`);
  }
}

/** As many calls wait already as may. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';

  constructor(maxQueued: number) {
    super(`As many calls as may wait (maxQueued: ${maxQueued}) are waiting already.`);
  }
}
