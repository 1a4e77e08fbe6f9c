import { type CountedFailure, countedFailures, rollupSums } from '@switchyard/core/metrics';

/** The column that counts failures of a kind: `rate-limit` → `failedRateLimit`. */
export function failureColumn(kind: CountedFailure | 'other'): string {
  return `failed${kind
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;
}

export const failureKinds = [...countedFailures, 'other'] as const;

/** Columns that are added up, the failures apart: those are NULL for none. */
export const sumColumns = [...rollupSums, 'costNanoUsd'] as const;

const wide = new Set<string>([
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
  'costNanoUsd',
  'latencySumMs',
  'tokenRateSumMilli',
]);

export function typeOfSum(column: string): 'int8' | 'int4' {
  return wide.has(column) ? 'int8' : 'int4';
}
