export { builtInModels, findBuiltInModel } from './built-in-models.ts';
export type { CatalogModel, ModelCapabilities } from './catalog-model.ts';
export { type CallCost, computeCost } from './compute-cost.ts';
export { countOpenAiTokens, estimateTokens } from './estimate-tokens.ts';
export {
  composePrice,
  explainBadRate,
  type FlatPrice,
  listTiers,
  type PriceTier,
  type RateKey,
  type RateValues,
  rateKeys,
} from './flat-price.ts';
export { lookUpPrice, priceLibraryVersion } from './list-price.ts';
export { joinModelId, type ModelIdParts, splitModelId } from './model-id.ts';
export { embeddingModels } from './models/embedding-models.ts';
export { createPriceBook, createPriceBooks, type PriceBook, type PriceOverride } from './price-book.ts';
export { type PriceTable, type PriceTableProblem, readPriceTable } from './price-overrides.ts';
export type { ModelPrice, OverrideOrigin, PriceQuote, PriceRate } from './price-quote.ts';
export { type ProviderType, providerTypes } from './provider-type.ts';
