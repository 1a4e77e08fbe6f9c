import type { CatalogModel } from './catalog-model.ts';
import { anthropicModels } from './models/anthropic-models.ts';
import { cohereModels, customModels, huggingfaceModels, ollamaModels } from './models/compatible-models.ts';
import { embeddingModels } from './models/embedding-models.ts';
import { googleModels } from './models/google-models.ts';
import { openaiModels } from './models/openai-models.ts';

/** The models Switchyard knows from the start that can be talked to, in the order in which a person would look for them. */
export const builtInModels: readonly CatalogModel[] = [
  ...openaiModels,
  ...anthropicModels,
  ...googleModels,
  ...ollamaModels,
  ...huggingfaceModels,
  ...cohereModels,
  ...customModels,
];

const byId: ReadonlyMap<string, CatalogModel> = new Map(
  [...builtInModels, ...embeddingModels].map((model) => [model.id, model]),
);

/** The built-in model of a vendor's own model id (`claude-haiku-4-5`, `text-embedding-3-small`), or undefined. */
export function findBuiltInModel(
  providerType: CatalogModel['providerType'],
  vendorModelId: string,
): CatalogModel | undefined {
  return byId.get(`${providerType}/${vendorModelId}`);
}
