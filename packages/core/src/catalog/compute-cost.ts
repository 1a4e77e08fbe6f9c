import type { NanoUsd } from '../kernel/index.ts';
import type { Usage } from '../spec/index.ts';
import type { ModelPrice, PriceQuote, PriceRate } from './price-quote.ts';

/** What a call cost, or why nobody can say. `inputNanoUsd + outputNanoUsd` is always `costNanoUsd`. */
export type CallCost =
  | {
      readonly kind: 'known';
      readonly costNanoUsd: NanoUsd;
      readonly inputNanoUsd: NanoUsd;
      readonly outputNanoUsd: NanoUsd;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Decimals that a price per million tokens may have. */
const priceDecimals = 12;
/** (USD × 10^12 per 10^6 tokens) × tokens, over 10^9, is nano-USD. */
const scale = 10n ** 9n;

/**
 * The cost of `usage` at `quote` in exact integers, rounded once, half away from zero, to a nano-dollar. Unknown, with
 * a reason, when price or usage is missing or contradicts itself; never 0 for want of knowledge.
 */
export function computeCost(usage: Usage, quote: PriceQuote | undefined): CallCost {
  if (!quote) return { kind: 'unknown', reason: 'No price is known for this model.' };
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined || outputTokens === undefined) {
    return { kind: 'unknown', reason: 'The provider did not report the tokens used.' };
  }
  const cached = usage.cachedInputTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const writtenLong = usage.longCacheWriteTokens ?? 0;
  const counts = [inputTokens, outputTokens, cached, written, writtenLong];
  if (
    !counts.every((count) => Number.isSafeInteger(count) && count >= 0) ||
    cached + written > inputTokens ||
    writtenLong > written
  ) {
    return { kind: 'unknown', reason: 'The provider reported token counts that contradict each other.' };
  }
  const rates = ratesFor(quote.price, inputTokens);
  const input =
    BigInt(inputTokens - cached - written) * rates.input +
    BigInt(cached) * rates.cachedInput +
    BigInt(written - writtenLong) * rates.cacheWrite +
    BigInt(writtenLong) * rates.longCacheWrite;
  const output = BigInt(outputTokens) * rates.output;
  const costNanoUsd = divideHalfUp(input + output);
  const inputNanoUsd = divideHalfUp(input);
  return { kind: 'known', costNanoUsd, inputNanoUsd, outputNanoUsd: costNanoUsd - inputNanoUsd };
}

function ratesFor(price: ModelPrice, inputTokens: number) {
  const input = rateAt(price.input, inputTokens);
  const cacheWrite = price.cacheWrite ? rateAt(price.cacheWrite, inputTokens) : input;
  return {
    input,
    cachedInput: price.cachedInput ? rateAt(price.cachedInput, inputTokens) : input,
    cacheWrite,
    longCacheWrite: price.longCacheWrite ? rateAt(price.longCacheWrite, inputTokens) : cacheWrite,
    output: rateAt(price.output, inputTokens),
  };
}

function rateAt(rate: PriceRate, inputTokens: number): bigint {
  const tier = rate.tiers?.findLast(({ aboveInputTokens }) => inputTokens > aboveInputTokens);
  return parsePrice((tier ?? rate).perMillionUsd);
}

const parsedPrices = new Map<string, bigint>();

/** Reads a non-negative decimal with at most 12 decimals into an integer of 10^-12 USD. Throws `RangeError` otherwise. */
function parsePrice(text: string): bigint {
  const known = parsedPrices.get(text);
  if (known !== undefined) return known;
  const match = /^(\d+)(?:\.(\d{1,12}))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a price in USD with at most ${priceDecimals} decimals.`);
  const [, whole = '0', fraction = ''] = match;
  const price = BigInt(whole + fraction.padEnd(priceDecimals, '0'));
  // Price lists hold few different figures; the bound is for callers that make them up.
  if (parsedPrices.size < 10_000) parsedPrices.set(text, price);
  return price;
}

function divideHalfUp(numerator: bigint): bigint {
  return (numerator + scale / 2n) / scale;
}
