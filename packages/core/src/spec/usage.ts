/**
 * Tokens of one call, counted one way for every vendor. A missing field means the vendor did not say; it is never 0
 * by default.
 */
export interface Usage {
  /** All input, cached reads and cache writes included. */
  readonly inputTokens?: number;
  /** The part of `inputTokens` that was read from the vendor's cache. */
  readonly cachedInputTokens?: number;
  /** The part of `inputTokens` that was written to the vendor's cache. */
  readonly cacheWriteTokens?: number;
  /** The part of `cacheWriteTokens` that the vendor keeps for an hour and bills dearer (Anthropic). */
  readonly longCacheWriteTokens?: number;
  /** All billed output, reasoning included. */
  readonly outputTokens?: number;
  /** The part of `outputTokens` that was reasoning. */
  readonly reasoningTokens?: number;
}
