/** One rate: USD per million tokens as an exact decimal, and what replaces it for long requests. */
export interface PriceRate {
  readonly perMillionUsd: string;
  /** Ascending. The last tier whose threshold the request's *input* exceeds prices all its tokens, not only the rest. */
  readonly tiers?: readonly { readonly aboveInputTokens: number; readonly perMillionUsd: string }[];
}

/** The rates of a model. A missing one is charged like the rate it is a special case of: all input like `input`. */
export interface ModelPrice {
  readonly input: PriceRate;
  readonly cachedInput?: PriceRate;
  readonly cacheWrite?: PriceRate;
  /** For cache entries kept for an hour. */
  readonly longCacheWrite?: PriceRate;
  /** All output, reasoning included. */
  readonly output: PriceRate;
}

/** Who set a price that stands before the price library's. */
export type OverrideOrigin = 'dashboard' | 'configuration' | 'file';

/** A price with where it comes from: plain JSON, kept with the call that was charged at it. */
export interface PriceQuote {
  readonly price: ModelPrice;
  /** For people: `@pydantic/genai-prices 0.1.8`, `runs on your machine`, or the name of an override file. */
  readonly source: string;
  /** The vendor's own price page. */
  readonly sourceUrl?: string;
  /** The source's ids of what was matched, for example `openai/gpt-5`. */
  readonly matched?: string;
  /** ISO date (UTC) from which the price holds; absent when the source does not date it. */
  readonly effectiveFrom?: string;
  /** Absent: the price library. */
  readonly origin?: OverrideOrigin;
}
