import { describe, expect, it } from 'vitest';
import { previewCost } from './preview-cost.ts';

const rates = (inputPerMillionUsd: string, outputPerMillionUsd: string) => ({
  inputPerMillionUsd,
  outputPerMillionUsd,
});

describe('previewCost', () => {
  it.each([
    ['1.25', '10', '0.00625'],
    ['0', '0', '0'],
    ['0.000000001', '0', '0.000000000001'],
    ['1000000', '1000000', '1500'],
    [' 0.1 ', '0.2', '0.0002'],
  ])('1,000 in at %s and 500 out at %s cost %s exactly', (input, output, cost) =>
    expect(previewCost(rates(input, output), 1_000, 500)).toBe(cost),
  );

  it.each(['', '-1', '1,5', 'abc', '1.'])('"%s" is no price', (text) =>
    expect(previewCost(rates(text, '1'), 1_000, 500)).toBeUndefined(),
  );
});
