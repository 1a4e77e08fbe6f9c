import type { ModelPrice, PriceRate } from './price-quote.ts';

/** The rates of a price in the order in which people read them. */
export const rateKeys = ['input', 'output', 'cachedInput', 'cacheWrite', 'longCacheWrite'] as const;

export type RateKey = (typeof rateKeys)[number];

/** USD per million tokens as decimal texts; what is absent is not priced apart. */
export type RateValues = { readonly [Key in RateKey]?: string };

/** Rates for all tokens of a request with more than `aboveInputTokens` input tokens. */
export interface PriceTier extends RateValues {
  readonly aboveInputTokens: number;
}

/** A price as people write it down: base rates, and tiers that name what changes. */
export interface FlatPrice extends RateValues {
  readonly input: string;
  readonly output: string;
  /** Ascending. */
  readonly tiers: readonly PriceTier[];
}

/** The rate that an absent one is charged like. */
const generalRate = { cachedInput: 'input', cacheWrite: 'input', longCacheWrite: 'cacheWrite' } as const;

/**
 * The price that computes costs. A rate that a tier does not name stays as it was below the tier; a rate that only
 * tiers name is, below them, the one that it is a special case of.
 */
export function composePrice(flat: FlatPrice): ModelPrice {
  const input = composeRate(flat, 'input') ?? { perMillionUsd: flat.input };
  const output = composeRate(flat, 'output') ?? { perMillionUsd: flat.output };
  const cachedInput = composeRate(flat, 'cachedInput');
  const cacheWrite = composeRate(flat, 'cacheWrite');
  const longCacheWrite = composeRate(flat, 'longCacheWrite');
  return {
    input,
    output,
    ...(cachedInput && { cachedInput }),
    ...(cacheWrite && { cacheWrite }),
    ...(longCacheWrite && { longCacheWrite }),
  };
}

function composeRate(flat: FlatPrice, key: RateKey): PriceRate | undefined {
  if (flat[key] === undefined && flat.tiers.every((tier) => tier[key] === undefined)) return undefined;
  let current = rateBelow(flat, flat, key);
  const perMillionUsd = current ?? flat.input;
  const tiers: { aboveInputTokens: number; perMillionUsd: string }[] = [];
  for (const [index, { aboveInputTokens }] of flat.tiers.entries()) {
    const own = latest(flat, key, index);
    const rate = own ?? inherited(flat, key, index);
    if (rate !== current) tiers.push({ aboveInputTokens, perMillionUsd: rate });
    current = rate;
  }
  return { perMillionUsd, ...(tiers.length > 0 && { tiers }) };
}

function rateBelow(flat: FlatPrice, values: RateValues, key: RateKey): string {
  const own = values[key];
  if (own !== undefined) return own;
  return key === 'input' || key === 'output' ? flat[key] : rateBelow(flat, values, generalRate[key]);
}

/** What tier `index`, or a lower one, or the base says of `key` itself. */
function latest(flat: FlatPrice, key: RateKey, index: number): string | undefined {
  return flat.tiers.slice(0, index + 1).findLast((tier) => tier[key] !== undefined)?.[key] ?? flat[key];
}

function inherited(flat: FlatPrice, key: RateKey, index: number): string {
  if (key === 'input' || key === 'output') return latest(flat, key, index) ?? flat[key];
  const general = generalRate[key];
  return latest(flat, general, index) ?? inherited(flat, general, index);
}

/** For people: at each threshold all rates that are priced apart, as they apply above it. Ascending. */
export function listTiers(price: ModelPrice): readonly PriceTier[] {
  const thresholds = new Set(
    rateKeys.flatMap((key) => (price[key]?.tiers ?? []).map(({ aboveInputTokens }) => aboveInputTokens)),
  );
  return [...thresholds]
    .sort((a, b) => a - b)
    .map((aboveInputTokens) => {
      const rates = rateKeys.flatMap((key) => {
        const rate = price[key];
        if (!rate) return [];
        const tier = rate.tiers?.findLast((each) => each.aboveInputTokens <= aboveInputTokens);
        return [[key, (tier ?? rate).perMillionUsd] as const];
      });
      return { aboveInputTokens, ...Object.fromEntries(rates) };
    });
}

/** More than a million dollars per million tokens is a slip of the unit. */
const dearest = 1_000_000;

/** What is wrong with a rate in USD per million tokens, with the remedy; undefined when it can be used. */
export function explainBadRate(text: string): string | undefined {
  if (!/^\d{1,15}(?:\.\d{1,12})?$/.test(text)) {
    return 'Give US dollars per million tokens as a decimal from 0 with at most 12 decimals, for example 1.25.';
  }
  if (Number(text) > dearest) {
    return `This is more than ${dearest} US dollars per million tokens. Is it in another unit?`;
  }
  return undefined;
}
