import type { PriceQuote } from '@switchyard/core/catalog';
import { parseUsd } from '@switchyard/core/kernel';
import type { ProviderRegistry } from '../providers/provider-registry.ts';

/** The cheapest model that can do the same and can be called now, if it costs less; prices compared as input plus output. */
export function cheaperEquivalent(
  providers: Pick<ProviderRegistry, 'findModel' | 'price' | 'equivalentsOf'>,
  teamId: string,
  modelId: string,
): { readonly modelId: string; readonly priceShare: number } | undefined {
  const model = providers.findModel(teamId, modelId);
  const own = model && rateOf(providers.price(teamId, model));
  if (!own) return undefined;
  const priced = providers.equivalentsOf(teamId, { modelId }).flatMap((target) => {
    const rate = rateOf(target.price);
    return rate !== undefined && rate < own ? [{ modelId: target.modelId, rate }] : [];
  });
  const [cheapest] = priced.sort((a, b) => (a.rate < b.rate ? -1 : a.rate > b.rate ? 1 : 0));
  return cheapest && { modelId: cheapest.modelId, priceShare: Number(cheapest.rate) / Number(own) };
}

/** Nano-USD for a million tokens in and a million out; undefined without a price that can be read. */
function rateOf(quote: PriceQuote | undefined): bigint | undefined {
  if (!quote) return undefined;
  try {
    return parseUsd(quote.price.input.perMillionUsd) + parseUsd(quote.price.output.perMillionUsd);
  } catch {
    return undefined;
  }
}
