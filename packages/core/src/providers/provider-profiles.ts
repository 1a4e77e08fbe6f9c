import type { ProviderType } from '../catalog/index.ts';
import { anthropicProfile } from './profiles/anthropic-profile.ts';
import { cohereProfile } from './profiles/cohere-profile.ts';
import { customProfile } from './profiles/custom-profile.ts';
import { googleProfile } from './profiles/google-profile.ts';
import { huggingfaceProfile } from './profiles/huggingface-profile.ts';
import { ollamaProfile } from './profiles/ollama-profile.ts';
import { openaiProfile } from './profiles/openai-profile.ts';
import type { ProviderProfile } from './provider-profile.ts';

/** How to speak to each type of provider. */
export const providerProfiles: Readonly<Record<ProviderType, ProviderProfile>> = {
  openai: openaiProfile,
  anthropic: anthropicProfile,
  google: googleProfile,
  ollama: ollamaProfile,
  huggingface: huggingfaceProfile,
  cohere: cohereProfile,
  custom: customProfile,
};
