import type { CatalogModel } from '@switchyard/core/catalog';
import type { OfferedModel } from '../providers/provider-registry.ts';

export interface ModelFilter {
  readonly search?: string | null;
  readonly providerSlugs?: readonly string[] | null;
  readonly capabilities?: readonly (keyof CatalogModel['capabilities'])[] | null;
  readonly isAvailable?: boolean | null;
}

/** The models for which every condition given holds, in their order. */
export function selectModels(models: readonly OfferedModel[], filter: ModelFilter): readonly OfferedModel[] {
  const words = (filter.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter(({ modelId, instance, catalog, unavailableReason }) => {
    const text = `${modelId} ${catalog.displayName} ${catalog.description} ${instance.displayName}`.toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (filter.providerSlugs == null || filter.providerSlugs.includes(instance.slug)) &&
      (filter.capabilities ?? []).every((capability) => catalog.capabilities[capability]) &&
      (filter.isAvailable == null || filter.isAvailable === (unavailableReason === undefined))
    );
  });
}
