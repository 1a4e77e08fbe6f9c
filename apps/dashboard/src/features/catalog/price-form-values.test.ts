import { describe, expect, it } from 'vitest';
import {
  emptyTier,
  explainRate,
  priceFormOf,
  priceInputOf,
  priceIssuesByField,
  validatePrice,
} from './price-form-values.ts';

const form = (changes: object = {}) => ({
  ...priceFormOf(undefined, '2026-11-21'),
  inputPerMillionUsd: '1.25',
  outputPerMillionUsd: '10',
  ...changes,
});

describe('the form of a price', () => {
  it('sends what is empty as absent, never as 0', () => {
    expect(priceInputOf('openai/gpt-5', form({ note: ' ' }), 'k')).toEqual({
      model: 'openai/gpt-5',
      effectiveFrom: '2026-11-21',
      inputPerMillionUsd: '1.25',
      outputPerMillionUsd: '10',
      cachedInputPerMillionUsd: null,
      cacheWritePerMillionUsd: null,
      longCacheWritePerMillionUsd: null,
      tiers: [],
      note: null,
      idempotencyKey: 'k',
    });
  });

  it('wants input and output, in decimals from 0, and ascending tiers with a rate each', () => {
    expect(validatePrice(form())).toEqual({});
    expect(Object.keys(validatePrice(form({ outputPerMillionUsd: '', cachedInputPerMillionUsd: '-1' })))).toEqual([
      'outputPerMillionUsd',
      'cachedInputPerMillionUsd',
    ]);
    const tier = (aboveInputTokens: number, inputPerMillionUsd: string) => ({
      ...emptyTier('x'),
      aboveInputTokens,
      inputPerMillionUsd,
    });
    expect(Object.keys(validatePrice(form({ tiers: [tier(200, '1'), tier(100, '')] })))).toEqual([
      'tiers.1.aboveInputTokens',
      'tiers.1.inputPerMillionUsd',
    ]);
  });

  it.each([
    ['0', null],
    ['1.123456789', null],
    ['1,5', expect.any(String)],
    ['2000000', expect.any(String)],
  ])('takes %s for what it is', (text, problem) => expect(explainRate(text, true)).toEqual(problem));

  it('puts the server’s issues to their fields', () => {
    const issues = [
      { path: ['input', 'tiers', '0', 'inputPerMillionUsd'], message: 'tiers.0.inputPerMillionUsd: No.' },
      { path: ['input', 'model'], message: 'model: There is no model.' },
    ];
    expect(priceIssuesByField(issues)).toEqual({
      fields: { 'tiers.0.inputPerMillionUsd': 'No.' },
      rest: ['model: There is no model.'],
    });
  });
});
