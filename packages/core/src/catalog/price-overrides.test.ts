import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPriceBook, type PriceOverride, readPriceTable } from './index.ts';

const day = (text: string) => Date.parse(text);

describe('a price table', () => {
  it('reads the same from JSON and from YAML, with tiers, dates and sources', () => {
    const yaml = `
prices:
  - model: openai/gpt-5
    input_per_million_usd: 1.1
    cached_input_per_million_usd: "0.11"
    output_per_million_usd: 8
    effective_from: "2026-03-01"
    source: contract 2026-17
    tiers:
      - { above_input_tokens: 200000, input_per_million_usd: 2.2, cache_write_per_million_usd: 3 }
`;
    const json = JSON.stringify([
      {
        model: 'openai/gpt-5',
        input_per_million_usd: '1.1',
        cached_input_per_million_usd: 0.11,
        output_per_million_usd: '8',
        effective_from: '2026-03-01',
        source: 'contract 2026-17',
        tiers: [{ above_input_tokens: 200_000, input_per_million_usd: 2.2, cache_write_per_million_usd: '3' }],
      },
    ]);
    const expected = {
      problems: [],
      overrides: [
        {
          model: 'openai/gpt-5',
          origin: 'file',
          quote: {
            source: 'contract 2026-17',
            effectiveFrom: '2026-03-01',
            price: {
              input: { perMillionUsd: '1.1', tiers: [{ aboveInputTokens: 200_000, perMillionUsd: '2.2' }] },
              cachedInput: { perMillionUsd: '0.11' },
              cacheWrite: { perMillionUsd: '1.1', tiers: [{ aboveInputTokens: 200_000, perMillionUsd: '3' }] },
              output: { perMillionUsd: '8' },
            },
          },
        },
      ],
    };
    expect(readPriceTable(yaml, 'prices.yaml')).toEqual(expected);
    expect(readPriceTable(json, 'prices.json')).toEqual(expected);
  });

  it('names every problem with its place, and takes nothing from a table that has one', () => {
    const { overrides, problems } = readPriceTable(
      `- model: openai/gpt-5
  input_per_million_usd: -1
  output_per_million_usd: 8
- model: gpt-5
  input_per_million_usd: 1
  output: 8
- model: a/b
  input_per_million_usd: 1e-7
  output_per_million_usd: 99999999
  effective_from: 2026-02-30
- model: c/d
  input_per_million_usd: 1
  output_per_million_usd: 1
- model: c/d
  input_per_million_usd: 2
  output_per_million_usd: 2
`,
      'prices.yaml',
    );
    expect(overrides).toEqual([]);
    expect(problems.map(({ path, line }) => [path, line])).toEqual([
      ['0.input_per_million_usd', 2],
      ['1.output', 6],
      ['1.model', 4],
      ['1.output_per_million_usd', 4],
      ['2.effective_from', 10],
      ['2.output_per_million_usd', 9],
      ['4.model', 14],
    ]);
  });

  it('never throws, whatever the file holds', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `{"prices":[${json}]}`),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const { overrides, problems } = readPriceTable(text, 'x');
        expect(overrides.length === 0 || problems.length === 0).toBe(true);
      }),
    );
    expect(readPriceTable('['.repeat(20_000), 'x').problems).not.toEqual([]);
    const bomb = `a: &a [1,1]\nb: &b [${'*a,'.repeat(60)}*a]\nprices: [${'*b,'.repeat(60)}*b]`;
    expect(readPriceTable(bomb, 'x').problems).not.toEqual([]);
  });
});

describe('a price book', () => {
  const override = (
    origin: PriceOverride['origin'],
    model: string,
    usd: string,
    effectiveFrom?: string,
  ): PriceOverride => ({
    model,
    origin,
    quote: {
      price: { input: { perMillionUsd: usd }, output: { perMillionUsd: usd } },
      source: `${origin} ${usd}`,
      ...(effectiveFrom !== undefined && { effectiveFrom }),
    },
  });
  const at = (book: ReturnType<typeof createPriceBook>, when: string, providerId = 'openai') =>
    book.lookUp('openai', providerId, 'gpt-5', day(when))?.source;

  it('asks the dashboard, then the file, then the price library, each by date', () => {
    const book = createPriceBook({
      overrides: [
        override('file', 'openai/gpt-5', '2', '2026-06-01'),
        override('file', 'openai/gpt-5', '1', '2026-02-01'),
        override('dashboard', 'openai/gpt-5', '9', '2026-09-01'),
      ],
    });
    expect(at(book, '2026-01-31T23:59:59.999Z')).toMatch(/genai-prices/);
    expect(at(book, '2026-02-01')).toBe('file 1');
    expect(at(book, '2026-08-31T23:59:59.999Z')).toBe('file 2');
    expect(at(book, '2026-09-01')).toBe('dashboard 9');
  });

  it('prefers the price of one provider over that of its type, and knows models that the library does not', () => {
    const book = createPriceBook({
      overrides: [
        override('file', 'openai/gpt-5', '1'),
        override('file', 'eu/gpt-5', '2'),
        override('file', 'own/x', '3'),
      ],
    });
    expect([at(book, '2026-01-01', 'eu'), at(book, '2026-01-01', 'us')]).toEqual(['file 2', 'file 1']);
    expect(book.lookUp('custom', 'own', 'x', 0)?.source).toBe('file 3');
    expect(book.lookUp('custom', 'own', 'y', 0)).toBeUndefined();
  });
});
