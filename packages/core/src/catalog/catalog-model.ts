import type { ProviderType } from './provider-type.ts';

/** What a model can take and give. `false` may also mean "nobody said so": the catalogue never promises on a guess. */
export interface ModelCapabilities {
  readonly text: boolean;
  /** Takes images. */
  readonly vision: boolean;
  readonly tools: boolean;
  /** Can be held to JSON (mode or schema). */
  readonly json: boolean;
  readonly reasoning: boolean;
  readonly streaming: boolean;
  /** Makes vectors of texts instead of answers. Absent means no. */
  readonly embeddings?: boolean;
}

/** One model of the catalogue. A fact that no source states is absent. */
export interface CatalogModel {
  /** Unified name: `<provider type>/<vendor's model id>`, for example `openai/gpt-5`. */
  readonly id: string;
  readonly providerType: ProviderType;
  readonly vendorModelId: string;
  readonly displayName: string;
  readonly description: string;
  readonly capabilities: ModelCapabilities;
  readonly contextWindowTokens?: number;
  readonly maxOutputTokens?: number;
  readonly useCases: readonly string[];
  /** Catalogue ids of models of other providers that do a comparable job, nearest first. */
  readonly equivalents: readonly string[];
  /** ISO date from which the vendor no longer serves the model. */
  readonly retiresOn?: string;
}

/** A row of the data files: a catalogue model without what follows from its place. */
export type CatalogModelRow = Omit<CatalogModel, 'id' | 'providerType'>;

/** Gives the rows of one provider type their unified names. */
export function catalogRows(providerType: ProviderType, rows: readonly CatalogModelRow[]): readonly CatalogModel[] {
  return rows.map((row) => ({ id: `${providerType}/${row.vendorModelId}`, providerType, ...row }));
}
