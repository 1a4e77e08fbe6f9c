import type { PriceQuote, PriceRate } from '../catalog/index.ts';

/** Nano-dollars per token, as floats: for ranking and for limits; bills are computed in integers elsewhere. */
export interface TokenPrice {
  costNanoUsd(inputTokens: number, outputTokens: number): number;
}

/** Reads a price once, so that a decision only multiplies. Undefined when there is none: unknown is not zero. */
export function compilePrice(quote: PriceQuote | undefined): TokenPrice | undefined {
  if (!quote) return undefined;
  const input = compileRate(quote.price.input);
  const output = compileRate(quote.price.output);
  return {
    costNanoUsd: (inputTokens, outputTokens) =>
      inputTokens * rateFor(input, inputTokens) + outputTokens * rateFor(output, inputTokens),
  };
}

interface CompiledRate {
  readonly base: number;
  readonly tiers: readonly { readonly above: number; readonly rate: number }[];
}

function compileRate({ perMillionUsd, tiers = [] }: PriceRate): CompiledRate {
  // USD per 10^6 tokens is 10^3 nano-dollars per token.
  return {
    base: Number(perMillionUsd) * 1_000,
    tiers: tiers.map((tier) => ({ above: tier.aboveInputTokens, rate: Number(tier.perMillionUsd) * 1_000 })),
  };
}

function rateFor({ base, tiers }: CompiledRate, inputTokens: number): number {
  let rate = base;
  for (const tier of tiers) if (inputTokens > tier.above) rate = tier.rate;
  return rate;
}
