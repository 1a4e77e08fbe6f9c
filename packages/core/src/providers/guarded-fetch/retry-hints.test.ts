import { describe, expect, it } from 'vitest';
import { readRateLimits } from './rate-limit-headers.ts';
import { findRetryAfterMs, parseDurationMs } from './retry-hints.ts';

const nowMs = Date.UTC(2026, 0, 1);

describe('parseDurationMs', () => {
  it.each([
    ['11ms', 11],
    ['30.375s', 30_375],
    ['6m0s', 360_000],
    ['1h2m3s', 3_723_000],
    ['1d', 86_400_000],
    ['20', 20_000],
    ['0.5', 500],
  ])('reads %s', (text, expected) => expect(parseDurationMs(text)).toBe(expected));
  it.each(['', 'soon', '-1', '5 apples', '1e3'])('does not read %j', (text) =>
    expect(parseDurationMs(text)).toBeUndefined(),
  );
});

describe('findRetryAfterMs', () => {
  const geminiBody = {
    error: { code: 429, details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '48s' }] },
  };

  it.each<[string, Record<string, string>, unknown, string, number | undefined]>([
    ['seconds', { 'retry-after': '7' }, undefined, '', 7_000],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:12 GMT' }, undefined, '', 12_000],
    ['a date that is over', { 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, undefined, '', 0],
    ['milliseconds', { 'retry-after-ms': '1500' }, undefined, '', 1_500],
    ['the longer of two headers that disagree', { 'retry-after': '1', 'retry-after-ms': '0' }, undefined, '', 1_000],
    ['RetryInfo', {}, geminiBody, '', 48_000],
    ['RetryInfo in an array', {}, [geminiBody], '', 48_000],
    ['prose that is more precise', {}, geminiBody, 'Please retry in 48.94s.', 48_940],
    ['OpenAI’s prose', {}, undefined, 'Rate limit reached. Please try again in 6m0s. Visit', 360_000],
    ['prose in milliseconds', {}, undefined, 'try again in 20ms.', 20],
    ['prose in words', {}, undefined, 'Please retry after 12 seconds', 12_000],
    ['nothing', {}, {}, 'Please try again later', undefined],
    ['nonsense', { 'retry-after': 'never', 'retry-after-ms': 'x' }, 'x', '', undefined],
  ])('reads %s', (_, headers, body, message, expected) =>
    expect(findRetryAfterMs(headers, body, message, nowMs)).toBe(expected),
  );
});

describe('readRateLimits', () => {
  it('reads OpenAI’s and Anthropic’s headers', () => {
    const headers = {
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '499',
      'x-ratelimit-reset-requests': '120ms',
      'anthropic-ratelimit-input-tokens-limit': '4000',
      'anthropic-ratelimit-input-tokens-reset': '2026-01-01T00:00:30Z',
      other: 'x',
    };
    expect(readRateLimits(headers, nowMs)).toEqual([
      { bucket: 'requests', limit: 500, remaining: 499, resetsInMs: 120 },
      { bucket: 'input-tokens', limit: 4_000, resetsInMs: 30_000 },
    ]);
  });

  it('ignores what it cannot read', () => {
    expect(
      readRateLimits({ 'x-ratelimit-limit-requests': 'many', 'x-ratelimit-reset-requests': 'later' }, nowMs),
    ).toEqual([{ bucket: 'requests' }]);
  });
});
