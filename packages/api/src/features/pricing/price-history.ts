import { lookUpPrice, type PriceQuote } from '@switchyard/core/catalog';
import type { Services } from '../../container.ts';
import type { PriceOverrideModel } from '../../generated/prisma/models.ts';
import type { OfferedModel } from '../providers/provider-registry.ts';

export type PriceStanding = 'CURRENT' | 'COMING' | 'REPLACED';

/** One price that somebody set or listed for a model, and what it is worth. */
export interface PriceEntry {
  readonly quote: PriceQuote;
  readonly standing: PriceStanding;
  /** The row behind it, when the team set it in the dashboard. */
  readonly override: PriceOverrideModel | undefined;
}

const mostEntries = 200;

/** The names under which a price may be set for `model`. */
export function priceNamesOf({ instance, catalog }: OfferedModel): readonly string[] {
  const { slug, type } = instance;
  return [...new Set([`${slug}/${catalog.vendorModelId}`, `${type}/${catalog.vendorModelId}`])];
}

/** All prices that name `model`, latest first, with the price library's of now at the end; at most 200. */
export async function listPriceHistory(
  services: Services,
  teamId: string,
  model: OfferedModel,
): Promise<readonly PriceEntry[]> {
  const { instance, catalog } = model;
  const nowMs = services.clock.nowMs();
  const rows = await services.priceRows.listOf(teamId, priceNamesOf(model));
  const book = services.providers.priceBook(teamId);
  const at = (ms: number) => book.lookUp(instance.type, instance.slug, catalog.vendorModelId, ms);
  const current = at(nowMs);
  const entries = book.list(instance.type, instance.slug, catalog.vendorModelId).map((quote): PriceEntry => {
    const fromMs = quote.effectiveFrom === undefined ? Number.NEGATIVE_INFINITY : Date.parse(quote.effectiveFrom);
    const isComing = fromMs > nowMs && at(fromMs) === quote;
    const override =
      quote.origin === 'dashboard'
        ? rows.find((row) => row.model === quote.matched && row.effectiveFrom === quote.effectiveFrom)
        : undefined;
    return { quote, override, standing: quote === current ? 'CURRENT' : isComing ? 'COMING' : 'REPLACED' };
  });
  const listed = lookUpPrice(instance.type, catalog.vendorModelId, nowMs);
  const ofLibrary: readonly PriceEntry[] = listed
    ? [{ quote: listed, override: undefined, standing: current?.origin === undefined ? 'CURRENT' : 'REPLACED' }]
    : [];
  return [...entries.slice(0, mostEntries), ...ofLibrary];
}
