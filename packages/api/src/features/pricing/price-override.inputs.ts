import { builder } from '../../graphql/builder.ts';

const PriceTierInput = builder.inputType('PriceTierInput', {
  description: 'Rates for all tokens of a request with a long input. What is absent stays as below the tier.',
  fields: (t) => ({
    aboveInputTokens: t.int({
      required: true,
      description: 'It prices requests with more input tokens than this. Tiers ascend.',
    }),
    inputPerMillionUsd: t.field({ type: 'Decimal', description: 'USD per million input tokens.' }),
    outputPerMillionUsd: t.field({ type: 'Decimal', description: 'USD per million output tokens.' }),
    cachedInputPerMillionUsd: t.field({ type: 'Decimal', description: 'Of input read from the cache.' }),
    cacheWritePerMillionUsd: t.field({ type: 'Decimal', description: 'Of input written to the cache.' }),
    longCacheWritePerMillionUsd: t.field({ type: 'Decimal', description: 'The same, kept for an hour.' }),
  }),
});

export const SetPriceOverrideInput = builder.inputType('SetPriceOverrideInput', {
  description: 'A price of your own. It replaces all rates of the model: what is absent is charged like input.',
  fields: (t) => ({
    model: t.string({
      required: true,
      description: '`provider/model`, or `type/model` for that model at every provider of the type.',
    }),
    effectiveFrom: t.string({
      description: 'First day on which it holds, in UTC: `2026-01-31`; today when absent. Later days wait.',
    }),
    inputPerMillionUsd: t.field({ type: 'Decimal', required: true, description: 'USD per million input tokens.' }),
    outputPerMillionUsd: t.field({
      type: 'Decimal',
      required: true,
      description: 'USD per million output tokens, reasoning included.',
    }),
    cachedInputPerMillionUsd: t.field({
      type: 'Decimal',
      description: "Of input read from the provider's cache; like input when absent.",
    }),
    cacheWritePerMillionUsd: t.field({
      type: 'Decimal',
      description: "Of input written to the provider's cache; like input when absent.",
    }),
    longCacheWritePerMillionUsd: t.field({
      type: 'Decimal',
      description: 'The same, kept for an hour; like any cache write when absent.',
    }),
    tiers: t.field({ type: [PriceTierInput], description: 'Other rates for long inputs, at most 20.' }),
    note: t.string({ description: 'Why, or where the figure comes from: at most 500 characters.' }),
    idempotencyKey: t.string({ description: 'Equal keys set one price.' }),
  }),
});

export const DeletePriceOverrideInput = builder.inputType('DeletePriceOverrideInput', {
  description: 'A price that your team set, to be taken back.',
  fields: (t) => ({ priceOverrideId: t.id({ required: true, description: 'The price.' }) }),
});
