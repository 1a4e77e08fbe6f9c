import type { PriceQuote } from '../catalog/index.ts';
import type { ModelTier } from './routing-snapshot.ts';

/** From which price of the answer (USD per million tokens) on vendors sell a model as one of this tier. */
const lowestOutputPrices: readonly (readonly [ModelTier, number])[] = [
  ['frontier', 12],
  ['strong', 4],
  ['fast', 1],
  ['small', 0],
];

/** From how many billion parameters on a model with open weights is taken for one of this tier. */
const lowestParameters: readonly (readonly [ModelTier, number])[] = [
  ['strong', 100],
  ['fast', 27],
  ['small', 0],
];

/**
 * How good a model is taken to be before anything is known of it: from its list price, because vendors price their
 * better models higher; without one from the parameters in its name (`llama3.3:70b`); what is free and does
 * not say is taken to be small. Undefined when nothing tells. A guess
 * that some observations outweigh.
 */
export function deriveTier(vendorModelId: string, price: PriceQuote | undefined): ModelTier | undefined {
  const perMillionUsd = price && Number(price.price.output.perMillionUsd);
  // What costs nothing runs on somebody's own machine: its size tells more.
  if (perMillionUsd !== undefined && perMillionUsd > 0)
    return lowestOutputPrices.find(([, lowest]) => perMillionUsd >= lowest)?.[0];
  const billions = /(?:^|[^\d.])(\d{1,4}(?:\.\d)?)b(?:$|[^a-z0-9])/i.exec(vendorModelId)?.[1];
  if (billions !== undefined) return lowestParameters.find(([, lowest]) => Number(billions) >= lowest)?.[0];
  return perMillionUsd === 0 ? 'small' : undefined;
}
