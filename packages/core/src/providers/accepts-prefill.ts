import type { ProviderType } from '../catalog/index.ts';
import { claudeModelRules } from './anthropic-messages/claude-models.ts';
import { providerProfiles } from './provider-profiles.ts';

/** Whether a model writes on where a last message of the assistant ends, instead of answering it. */
export function acceptsPrefill(type: ProviderType, vendorModelId: string): boolean {
  const profile = providerProfiles[type];
  if (profile.protocol === 'anthropic-messages') return claudeModelRules(vendorModelId).continuesPrefill;
  return profile.openAiChat?.continuesPrefill ?? false;
}
