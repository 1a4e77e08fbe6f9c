import { resolveModelName } from '@switchyard/core/provisioning';
import type { WorkflowEnvironment } from '@switchyard/core/workflows';
import type { Services } from '../../container.ts';

/** What a team's workflows are checked against: its models, providers, aliases, chains and roles of this moment. */
export function readWorkflowEnvironment(
  { providers, roles }: Pick<Services, 'providers' | 'roles'>,
  teamId: string,
): WorkflowEnvironment {
  const { configuration } = providers.snapshot;
  const names = [...configuration.aliases, ...configuration.chains].map(({ name }) => name);
  return {
    models: providers.models(teamId).map(({ modelId, catalog }) => ({
      modelId,
      capabilities: catalog.capabilities,
      ...(catalog.contextWindowTokens !== undefined && { contextWindowTokens: catalog.contextWindowTokens }),
      ...(catalog.maxOutputTokens !== undefined && { maxOutputTokens: catalog.maxOutputTokens }),
    })),
    providers: providers.instancesOf(teamId).map((instance) => ({
      id: instance.slug,
      hasCredentials: instance.adapter !== undefined && providers.status(instance).state !== 'KEY_REJECTED',
      ...(instance.keyVariable !== undefined && { keyVariable: instance.keyVariable }),
      // Ollama and custom endpoints serve what they list, which may not have been read yet.
      servesUnlistedModels: instance.origin === 'live' && (instance.type === 'ollama' || instance.type === 'custom'),
    })),
    aliases: Object.fromEntries(names.map((name) => [name, resolveModelName(name, configuration)?.models ?? []])),
    roles: roles.of(teamId).effectiveBook,
  };
}
