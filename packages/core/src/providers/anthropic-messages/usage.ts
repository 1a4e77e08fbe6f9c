import type { Usage } from '../../spec/index.ts';
import { arrayAt, countAt, isRecord, type JsonRecord, recordAt } from '../json-shape.ts';

/** Anthropic's counters as they were last reported: later events repeat some and correct others. */
export type AnthropicCounters = JsonRecord;

/** Lays a later report over an earlier one; nulls do not erase. */
export function mergeCounters(before: AnthropicCounters, report: unknown): AnthropicCounters {
  if (!isRecord(report)) return before;
  return {
    ...before,
    ...Object.fromEntries(Object.entries(report).filter(([, value]) => value !== null && value !== undefined)),
  };
}

/**
 * Anthropic's `input_tokens` leaves cache reads and writes out: they are added. When the answer took several iterations
 * (compaction, server tools) the top-level counters cover only the last; the bill is their sum.
 */
export function toUsage(counters: AnthropicCounters): Usage {
  const iterations = arrayAt(counters, 'iterations').filter(isRecord);
  const sums = (iterations.length > 0 ? iterations : [counters]).map(countOne);
  const inputTokens = sum(sums.map((one) => one.input));
  const outputTokens = sum(sums.map((one) => one.output));
  const cachedInputTokens = sum(sums.map((one) => one.cached));
  const cacheWriteTokens = sum(sums.map((one) => one.written));
  const longCacheWriteTokens = sum(sums.map((one) => one.writtenLong));
  const reasoningTokens = countAt(recordAt(counters, 'output_tokens_details'), 'thinking_tokens');
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(longCacheWriteTokens && { longCacheWriteTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  };
}

function countOne(counters: JsonRecord) {
  const uncached = countAt(counters, 'input_tokens');
  const cached = countAt(counters, 'cache_read_input_tokens');
  const written = countAt(counters, 'cache_creation_input_tokens');
  return {
    input: uncached === undefined ? undefined : uncached + (cached ?? 0) + (written ?? 0),
    output: countAt(counters, 'output_tokens'),
    cached,
    written,
    writtenLong: countAt(recordAt(counters, 'cache_creation'), 'ephemeral_1h_input_tokens'),
  };
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}
