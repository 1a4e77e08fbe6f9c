/** One of the vendor's buckets as its headers told it with an answer. */
export interface RateLimitState {
  /** In the vendor's words: `requests`, `tokens`, `input-tokens`, `output-tokens`. */
  readonly bucket: string;
  readonly limit?: number;
  readonly remaining?: number;
  /** Milliseconds from the answer until the bucket is full again. */
  readonly resetsInMs?: number;
}
