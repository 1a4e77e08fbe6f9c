import { splitModelId } from '../../catalog/index.ts';
import type { Configuration, ConfiguredChain } from '../configuration.ts';

/** What a name means: the models to be asked in order, and the settings of the chain that it leads to. */
export interface ResolvedModelName {
  /** Model ids (`openai-eu/gpt-5`), each once, at least one. */
  readonly models: readonly string[];
  /** The outermost chain on the way; absent when the name leads to one model through no chain. */
  readonly chain?: ConfiguredChain;
}

/**
 * Follows aliases and chains to model ids; a chain inside a chain contributes its models and not its settings. A name
 * with a slash stands for itself, whether or not such a model exists. Answers undefined for a name that the
 * configuration does not know. Ends even when the configuration leads in a circle.
 */
export function resolveModelName(name: string, configuration: Configuration): ResolvedModelName | undefined {
  const models = new Set<string>();
  const visited = new Set<string>();
  let outermost: ConfiguredChain | undefined;
  const follow = (current: string): void => {
    if (visited.has(current)) return;
    visited.add(current);
    const alias = configuration.aliases.find((candidate) => candidate.name === current);
    if (alias) {
      follow(alias.target);
      return;
    }
    const chain = configuration.chains.find((candidate) => candidate.name === current);
    if (chain) {
      outermost ??= chain;
      for (const model of chain.models) follow(model);
    } else if (splitModelId(current)) models.add(current);
  };
  follow(name);
  if (models.size === 0) return undefined;
  return { models: [...models], ...(outermost && { chain: outermost }) };
}
