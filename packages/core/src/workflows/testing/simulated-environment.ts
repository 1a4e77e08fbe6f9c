import { builtInModels } from '../../catalog/index.ts';
import { withBuiltInRoles } from '../../roles/index.ts';
import type { WorkflowEnvironment } from '../validation/workflow-environment.ts';

/** What a team has that uses the simulator's OpenAI, Anthropic and Google, with a default role. */
export const simulatedEnvironment: WorkflowEnvironment = {
  models: builtInModels
    .filter(({ providerType }) => ['openai', 'anthropic', 'google'].includes(providerType))
    .map(({ id, capabilities, contextWindowTokens, maxOutputTokens }) => ({
      modelId: id,
      capabilities,
      ...(contextWindowTokens !== undefined && { contextWindowTokens }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    })),
  providers: [
    { id: 'openai', hasCredentials: true },
    { id: 'anthropic', hasCredentials: true },
    { id: 'google', hasCredentials: true },
    { id: 'cohere', hasCredentials: false, keyVariable: 'COHERE_API_KEY', servesUnlistedModels: true },
  ],
  aliases: { smart: ['openai/gpt-5'] },
  roles: {
    defaultRole: 'general',
    roles: withBuiltInRoles([{ name: 'general', models: [{ model: 'openai/gpt-5-mini' }] }]),
  },
};
