import type { FailoverTriggers } from '../../failover/index.ts';
import { defined } from '../schema/defined.ts';
import { duration, share, wholeNumber } from '../schema/fields.ts';

const hour = 3_600_000;

/** When a model is passed over, as chains and plans say it. */
export const triggerFields = {
  error_rate_above: share().optional().describe("Share of calls that failed by the provider's fault."),
  first_token_p95_above_ms: duration(1, hour).optional().describe('95th percentile of the time to the first token.'),
  consecutive_failures: wholeNumber(1, 1_000).optional().describe("Failures in a row by the provider's fault."),
  window_ms: duration(1_000, hour).optional().describe('How far back is looked.'),
  min_calls: wholeNumber(1, 100_000).optional().describe('Fewer calls than this in the window decide nothing.'),
  return_after_ms: duration(100, hour)
    .optional()
    .describe('A model that was passed over is asked again after this time.'),
};

interface GivenTriggers {
  readonly error_rate_above?: number | undefined;
  readonly first_token_p95_above_ms?: number | undefined;
  readonly consecutive_failures?: number | undefined;
  readonly window_ms?: number | undefined;
  readonly min_calls?: number | undefined;
  readonly return_after_ms?: number | undefined;
}

export function readTriggers(given: GivenTriggers | undefined): FailoverTriggers {
  return defined({
    errorRateAbove: given?.error_rate_above,
    firstTokenP95AboveMs: given?.first_token_p95_above_ms,
    consecutiveFailures: given?.consecutive_failures,
    windowMs: given?.window_ms,
    minCalls: given?.min_calls,
    returnAfterMs: given?.return_after_ms,
  });
}
