import type { ModelCapabilities } from '../../catalog/index.ts';
import type { RoleBook } from '../../roles/index.ts';

/** A model that can be named in a step. */
export interface EnvironmentModel {
  /** `provider/model`. */
  readonly modelId: string;
  readonly capabilities: ModelCapabilities;
  readonly contextWindowTokens?: number;
  readonly maxOutputTokens?: number;
}

/** A provider as it is set up. */
export interface EnvironmentProvider {
  readonly id: string;
  /** Whether calls can be made: a key is there, or none is needed. */
  readonly hasCredentials: boolean;
  /** The environment variable that would hold the key, for the message. */
  readonly keyVariable?: string;
  /** Whether it serves models that the catalogue does not list (custom endpoints, Ollama). */
  readonly servesUnlistedModels?: boolean;
}

/** What a definition is checked against: what the team has at this moment. Plain data. */
export interface WorkflowEnvironment {
  readonly models: readonly EnvironmentModel[];
  readonly providers: readonly EnvironmentProvider[];
  /** Aliases and chains, and what they lead to: model ids in order. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly roles: RoleBook;
}
