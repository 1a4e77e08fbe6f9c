import type { ProviderProfile } from '../provider-profile.ts';

export const googleProfile: ProviderProfile = {
  type: 'google',
  displayName: 'Google Gemini',
  protocol: 'google-generate',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com',
  keyVariable: 'GEMINI_API_KEY',
  baseUrlVariable: 'GEMINI_BASE_URL',
  keyPageUrl: 'https://aistudio.google.com/apikey',
  needsKey: true,
  keyHeader: { name: 'x-goog-api-key', prefix: '' },
  modelsPath: '/v1beta/models?pageSize=1000',
};
