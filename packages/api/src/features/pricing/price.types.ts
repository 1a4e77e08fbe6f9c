import { listTiers, type ModelPrice, type PriceQuote, type PriceTier, type RateKey } from '@switchyard/core/catalog';
import { builder, listCost } from '../../graphql/builder.ts';

const PriceOriginEnum = builder.enumType('PriceOrigin', {
  description: 'Who set a price. An earlier value stands before a later one; CONFIGURATION and FILE are equals.',
  values: {
    DASHBOARD: { value: 'dashboard', description: 'Your team, in the dashboard or by `setPriceOverride`.' },
    CONFIGURATION: { value: 'configuration', description: '`prices` of the configuration file.' },
    FILE: { value: 'file', description: 'The price table that MODEL_PRICING_TABLE_PATH names.' },
    LIBRARY: { value: 'library', description: "The price library, which follows the vendors' price pages." },
  } as const,
});

const rateDescriptions: readonly (readonly [string, RateKey, string])[] = [
  ['inputPerMillionUsd', 'input', 'Input that was not cached.'],
  ['outputPerMillionUsd', 'output', 'Output, reasoning included.'],
  ['cachedInputPerMillionUsd', 'cachedInput', "Input read from the provider's cache; null: like input."],
  ['cacheWritePerMillionUsd', 'cacheWrite', "Input written to the provider's cache; null: like input."],
  ['longCacheWritePerMillionUsd', 'longCacheWrite', 'The same, kept for an hour; null: like any cache write.'],
];

const PriceTierType = builder.objectRef<PriceTier>('PriceTier').implement({
  description: 'Rates in USD per million tokens for all tokens of a request with a long input.',
  fields: (t) => ({
    aboveInputTokens: t.exposeInt('aboveInputTokens', {
      description: 'It prices requests with more input tokens than this.',
    }),
    ...Object.fromEntries(
      rateDescriptions.map(([name, key, description]) => [
        name,
        t.field({ type: 'Decimal', nullable: true, description, resolve: (tier) => tier[key] ?? null }),
      ]),
    ),
  }),
});

const rate = (price: ModelPrice, key: RateKey) => price[key]?.perMillionUsd ?? null;

export const ModelPriceType = builder.objectRef<PriceQuote>('ModelPrice').implement({
  description: 'A price in USD per million tokens, with its date and source. Null: not priced apart.',
  fields: (t) => ({
    ...Object.fromEntries(
      rateDescriptions.map(([name, key, description]) => [
        name,
        t.field({ type: 'Decimal', nullable: true, description, resolve: ({ price }) => rate(price, key) }),
      ]),
    ),
    isTiered: t.boolean({
      description: 'Whether long prompts cost more per token.',
      resolve: ({ price }) => listTiers(price).length > 0,
    }),
    tiers: t.field({
      type: [PriceTierType],
      description: 'What replaces the rates for long inputs, ascending; the last tier that is exceeded holds.',
      complexity: listCost(2),
      resolve: ({ price }) => [...listTiers(price)],
    }),
    origin: t.field({
      type: PriceOriginEnum,
      description: 'Who set it.',
      resolve: ({ origin }) => origin ?? 'library',
    }),
    source: t.exposeString('source', { description: 'Where the price comes from, for people.' }),
    effectiveFrom: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when it holds: the beginning of a day in UTC; null when the source does not say.',
      resolve: ({ effectiveFrom }) => (effectiveFrom === undefined ? null : new Date(effectiveFrom)),
    }),
    sourceUrl: t.string({
      nullable: true,
      description: "Where to check it: the provider's own price page, or what the file names.",
      resolve: ({ sourceUrl }) => sourceUrl ?? null,
    }),
    model: t.string({
      nullable: true,
      description: 'For which name it was set: `provider/model`, or `type/model` for all providers of the type.',
      resolve: ({ origin, matched }) => (origin === undefined ? null : (matched ?? null)),
    }),
  }),
});
