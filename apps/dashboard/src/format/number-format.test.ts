import { afterEach, describe, expect, it } from 'vitest';
import { formatCompact, formatDuration, formatPricePerMillion, formatUsd, showCurrency } from './number-format.ts';

describe('formatUsd', () => {
  it.each([
    ['0', '$0'],
    ['0.00001234', '$0.00001234'],
    ['0.001234567', '$0.001235'],
    ['0.0099999', '$0.0100'],
    ['0.012345', '$0.0123'],
    ['1.5', '$1.50'],
    ['1234.567', '$1,234.57'],
  ])('%s → %s', (value, text) => expect(formatUsd(value)).toBe(text));
});

describe('amounts in the currency of the team', () => {
  afterEach(() => showCurrency(undefined));

  it.each([
    ['EUR', '0.92', '10', '€9.20'],
    ['EUR', '0.92', '0.001', '€0.0009200'],
    ['JPY', '151.5', '0.01', '¥1.52'],
    ['CHF', '0.88', '2', 'CHF\u00a01.76'],
  ])('%s at %s: %s dollars are %s', (code, perUsd, value, text) => {
    showCurrency({ code, perUsd });
    expect(formatUsd(value)).toBe(text);
  });

  it.each(['', '0', '-1', 'x'])('a rate of "%s" leaves dollars', (perUsd) => {
    showCurrency({ code: 'EUR', perUsd });
    expect(formatUsd('1')).toBe('$1.00');
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [412.4, '412 ms'],
    [999.6, '1.00 s'],
    [3214, '3.21 s'],
    [12_340, '12.3 s'],
    [63_000, '1 m 03 s'],
  ])('%s → %s', (value, text) => expect(formatDuration(value)).toBe(text));
});

describe('formatCompact', () => {
  it.each([
    [512, '512'],
    [8192, '8.2k'],
    [200_000, '200k'],
    [1_048_576, '1.05M'],
    [2_000_000, '2M'],
  ])('%s → %s', (value, text) => expect(formatCompact(value)).toBe(text));
});

describe('formatPricePerMillion', () => {
  it.each([
    ['2.5', '$2.50'],
    ['0.075', '$0.075'],
    ['0.125', '$0.125'],
    ['1250', '$1,250.00'],
    ['0', 'free'],
  ])('%s → %s', (value, text) => expect(formatPricePerMillion(value)).toBe(text));
});
