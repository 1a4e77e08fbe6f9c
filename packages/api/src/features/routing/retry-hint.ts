/** The longest that GraphQL's `Int` can say: 24.8 days. */
const longestMs = 2 ** 31 - 1;

/** A provider's wish to be left alone, in whole milliseconds that GraphQL's `Int` holds; vendors may name any number. */
export function toRetryHintMs(retryAfterMs: number | undefined): number | undefined {
  return retryAfterMs === undefined ? undefined : Math.min(longestMs, Math.ceil(retryAfterMs));
}
