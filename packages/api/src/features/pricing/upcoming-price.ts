import type { PriceBook } from '@switchyard/core/catalog';
import type { Services } from '../../container.ts';
import type { OfferedModel } from '../providers/provider-registry.ts';

/** The next price of `model` with other rates than those of now, and when it begins; undefined when none is known. */
export function upcomingPriceOf(
  { clock, providers }: Services,
  teamId: string,
  { instance, catalog }: OfferedModel,
): ReturnType<PriceBook['lookUpNext']> {
  return providers.priceBook(teamId).lookUpNext(instance.type, instance.slug, catalog.vendorModelId, clock.nowMs());
}
