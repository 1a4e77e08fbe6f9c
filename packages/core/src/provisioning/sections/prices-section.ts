import type { z } from 'zod';
import { composePrice, type ModelPrice, type RateValues } from '../../catalog/index.ts';
import { checkModelReference } from '../names/check-model-reference.ts';
import { defined } from '../schema/defined.ts';
import { day, decimalUsd, fields, list, text, wholeNumber } from '../schema/fields.ts';
import { defineSection } from '../section.ts';

const optionalRates = {
  cached_input_per_million_usd: decimalUsd()
    .optional()
    .describe('USD per million input tokens read from a cache; like input when absent.'),
  cache_write_per_million_usd: decimalUsd()
    .optional()
    .describe('USD per million input tokens written to a cache; like input when absent.'),
  long_cache_write_per_million_usd: decimalUsd()
    .optional()
    .describe('The same for cache entries kept for an hour; like cache_write when absent.'),
} as const;

const tierSchema = fields({
  above_input_tokens: wholeNumber(1, 100_000_000).describe(
    'The tier prices all tokens of a request with more input tokens than this.',
  ),
  input_per_million_usd: decimalUsd().optional().describe('USD per million input tokens in this tier.'),
  output_per_million_usd: decimalUsd().optional().describe('USD per million output tokens in this tier.'),
  ...optionalRates,
});

const priceSchema = fields({
  model: text('the name of a model', { max: 300 }).describe(
    'A model of a provider (openai-eu/gpt-5), or of a vendor (openai/gpt-5).',
  ),
  input_per_million_usd: decimalUsd().describe('USD per million input tokens.'),
  output_per_million_usd: decimalUsd().describe('USD per million output tokens, reasoning included.'),
  ...optionalRates,
  effective_from: day().optional().describe('First day on which the price holds; always when absent.'),
  tiers: list(tierSchema, 'tiers', { max: 20 })
    .optional()
    .describe('Other rates for long requests, in ascending order.'),
}).describe('A price that replaces the one of the price library.');

type GivenPrice = z.output<typeof priceSchema>;

export const pricesSection = defineSection({
  key: 'prices',
  schema: list(priceSchema, 'prices', { max: 5_000 }).describe(
    'Prices of your own: a contract, or models that the price library does not list.',
  ),
  read(given, context) {
    const first = new Map<string, number>();
    const prices = given.map((price, index) => {
      const path = ['prices', index];
      const model = price.model.trim();
      const key = JSON.stringify([model, price.effective_from]);
      const other = first.get(key);
      if (other !== undefined) {
        const { line } = context.positionOf(['prices', other]);
        context.report(
          'DUPLICATE_PRICE',
          [...path, 'model'],
          `"${model}" already has a price from the same day, in line ${line}.`,
          {
            suggestion: 'Keep one of the two, or give effective_from.',
          },
        );
      } else first.set(key, index);
      (price.tiers ?? []).forEach((tier, tierIndex) => {
        const before = price.tiers?.[tierIndex - 1];
        if (before && tier.above_input_tokens <= before.above_input_tokens) {
          context.report(
            'CONTRADICTION',
            [...path, 'tiers', tierIndex, 'above_input_tokens'],
            'The tiers are not in ascending order.',
            {
              suggestion: `Give more than the ${before.above_input_tokens} tokens of the tier before.`,
            },
          );
        }
      });
      return {
        model,
        price: readPrice(price),
        ...defined({ effectiveFrom: price.effective_from }),
        position: context.positionOf(path),
      };
    });
    return { prices };
  },
  check(given, context, configuration) {
    given.forEach(({ model }, index) => {
      checkModelReference(model.trim(), ['prices', index, 'model'], context, configuration, 'warning');
    });
  },
});

type GivenRates = Omit<z.output<typeof tierSchema>, 'above_input_tokens'>;

function readPrice(given: GivenPrice): ModelPrice {
  return composePrice({
    ...readRates(given),
    input: given.input_per_million_usd,
    output: given.output_per_million_usd,
    tiers: (given.tiers ?? []).map((tier) => ({ ...readRates(tier), aboveInputTokens: tier.above_input_tokens })),
  });
}

function readRates(given: GivenRates): RateValues {
  return defined({
    input: given.input_per_million_usd,
    output: given.output_per_million_usd,
    cachedInput: given.cached_input_per_million_usd,
    cacheWrite: given.cache_write_per_million_usd,
    longCacheWrite: given.long_cache_write_per_million_usd,
  });
}
