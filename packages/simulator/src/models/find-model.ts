import type { SimulatedVendor } from '../vendors.ts';
import { ANTHROPIC_MODELS } from './anthropic-models.ts';
import { COMPATIBLE_MODELS } from './compatible-models.ts';
import { GOOGLE_MODELS } from './google-models.ts';
import type { ModelProfile } from './model-profile.ts';
import { OPENAI_MODELS } from './openai-models.ts';

/** Every simulated model. */
export const MODELS: readonly ModelProfile[] = [
  ...OPENAI_MODELS,
  ...ANTHROPIC_MODELS,
  ...GOOGLE_MODELS,
  ...COMPATIBLE_MODELS,
];

const byName = new Map<string, ModelProfile>();
for (const model of MODELS) {
  byName.set(`${model.vendor} ${model.id}`, model);
  byName.set(`${model.vendor} ${model.servedId}`, model);
}

/** The model a client named (its short id, its dated id, or Ollama's `name:latest`); undefined when the vendor has none. */
export function findModel(vendor: SimulatedVendor, name: string): ModelProfile | undefined {
  return byName.get(`${vendor} ${name}`) ?? byName.get(`${vendor} ${name.replace(/:(latest|fastest|cheapest)$/, '')}`);
}

export function modelsOf(vendor: SimulatedVendor): ModelProfile[] {
  return MODELS.filter((model) => model.vendor === vendor);
}
