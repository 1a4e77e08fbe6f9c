import type { ProviderProfile } from '../provider-profile.ts';

export const anthropicProfile: ProviderProfile = {
  type: 'anthropic',
  displayName: 'Anthropic',
  protocol: 'anthropic-messages',
  defaultBaseUrl: 'https://api.anthropic.com',
  keyVariable: 'ANTHROPIC_API_KEY',
  baseUrlVariable: 'ANTHROPIC_BASE_URL',
  keyPageUrl: 'https://console.anthropic.com/settings/keys',
  needsKey: true,
  keyHeader: { name: 'x-api-key', prefix: '' },
  modelsPath: '/v1/models?limit=1000',
  fixedHeaders: { 'anthropic-version': '2023-06-01' },
};
