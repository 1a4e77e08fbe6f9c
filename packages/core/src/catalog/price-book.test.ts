import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPriceBook, createPriceBooks, type OverrideOrigin, type PriceOverride } from './index.ts';

const priceOf = (perMillionUsd: string) => ({ input: { perMillionUsd }, output: { perMillionUsd } });
const override = (origin: OverrideOrigin, model: string, input: string, effectiveFrom?: string): PriceOverride => ({
  model,
  origin,
  quote: { price: priceOf(input), source: origin, ...(effectiveFrom !== undefined && { effectiveFrom }) },
});
const atMs = Date.UTC(2026, 10, 21, 12);
const inputAt = (overrides: readonly PriceOverride[], ms = atMs, providerId = 'openai') =>
  createPriceBook({ overrides }).lookUp('openai', providerId, 'gpt-5', ms)?.price.input.perMillionUsd;

describe('the price that a call is charged at', () => {
  it('is the dashboard’s, then that of files, then the library’s', () => {
    const file = override('file', 'openai/gpt-5', '3');
    const configured = override('configuration', 'openai/gpt-5', '2');
    expect(inputAt([])).toBe('1.25');
    expect(inputAt([configured])).toBe('2');
    expect(inputAt([override('dashboard', 'openai/gpt-5', '4'), file, configured])).toBe('4');
    expect(inputAt([configured, file])).toBe('3');
    expect(inputAt([{ ...configured, quote: { ...configured.quote, effectiveFrom: '2026-11-01' } }, file])).toBe('2');
  });

  it('changes at the beginning of its day in UTC, not a moment earlier', () => {
    const overrides = [override('dashboard', 'openai/gpt-5', '9', '2026-11-22')];
    const beginMs = Date.UTC(2026, 10, 22);
    expect(inputAt(overrides, beginMs - 1)).toBe('1.25');
    expect(inputAt(overrides, beginMs)).toBe('9');
    const book = createPriceBook({ overrides });
    expect(book.lookUpNext('openai', 'openai', 'gpt-5', atMs)).toMatchObject({ fromMs: beginMs });
    expect(book.lookUpNext('openai', 'openai', 'gpt-5', beginMs)).toBeUndefined();
  });

  it('announces no change that another price hides, and none to the same rates', () => {
    const hidden = [override('dashboard', 'openai/gpt-5', '4'), override('file', 'openai/gpt-5', '5', '2026-12-01')];
    expect(createPriceBook({ overrides: hidden }).lookUpNext('openai', 'openai', 'gpt-5', atMs)).toBeUndefined();
    const same = [override('file', 'openai/gpt-5', '5'), override('file', 'openai/gpt-5', '5', '2026-12-01')];
    expect(createPriceBook({ overrides: same }).lookUpNext('openai', 'openai', 'gpt-5', atMs)).toBeUndefined();
  });

  it('announces the end of an introductory list price', () => {
    const next = createPriceBook({ overrides: [] }).lookUpNext('google', 'google', 'gemini-3.8-flash', atMs);
    expect(next).toMatchObject({ fromMs: Date.UTC(2027, 0, 1), quote: { effectiveFrom: '2027-01-01' } });
  });

  it('lists every price that names the model, the latest day first', () => {
    const book = createPriceBooks([
      override('configuration', 'openai/gpt-5', '1', '2026-01-01'),
      override('file', 'openai/gpt-6-sol', '1'),
      override('file', 'eu/gpt-5', '2'),
    ])([override('dashboard', 'openai/gpt-5', '3', '2026-01-01'), override('dashboard', 'us/gpt-5', '3')]);
    expect(book.list('openai', 'eu', 'gpt-5').map(({ origin, matched }) => `${origin} ${matched}`)).toEqual([
      'dashboard openai/gpt-5',
      'configuration openai/gpt-5',
      'file eu/gpt-5',
    ]);
  });

  it('agrees with a search through all overrides, whatever their order', () => {
    const day = fc.option(fc.constantFrom('2026-10-01', '2026-11-21', '2026-11-22'), { nil: undefined });
    const any = fc
      .tuple(
        fc.constantFrom<OverrideOrigin>('dashboard', 'file'),
        fc.constantFrom('eu/gpt-5', 'openai/gpt-5'),
        fc.nat(99).map(String),
        day,
      )
      .map((parts) => override(...parts));
    const unique = fc.uniqueArray(any, {
      selector: ({ origin, model, quote }) => `${origin} ${model} ${quote.effectiveFrom}`,
    });
    fc.assert(
      fc.property(unique, (overrides) => {
        const begun = overrides.filter(({ quote }) => Date.parse(quote.effectiveFrom ?? '2000-01-01') <= atMs);
        const [best] = begun.toSorted(
          (a, b) =>
            Number(b.origin === 'dashboard') - Number(a.origin === 'dashboard') ||
            Number(b.model === 'eu/gpt-5') - Number(a.model === 'eu/gpt-5') ||
            (b.quote.effectiveFrom ?? '').localeCompare(a.quote.effectiveFrom ?? ''),
        );
        expect(inputAt(overrides, atMs, 'eu')).toBe(best?.quote.price.input.perMillionUsd ?? '1.25');
      }),
    );
  });
});
