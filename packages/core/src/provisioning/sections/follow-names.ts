import type { Configuration } from '../configuration.ts';
import { resolveModelName } from '../names/resolve-model-name.ts';

/** Model ids for names of models, aliases and chains, each once; beginnings with a star (`openai/*`) stay as they are. */
export function followNames(names: readonly string[], configuration: Configuration): readonly string[] {
  const ids = names.flatMap((name) => {
    const trimmed = name.trim();
    if (trimmed.includes('/') || trimmed.includes('*')) return [trimmed];
    return resolveModelName(trimmed, configuration)?.models ?? [trimmed];
  });
  return [...new Set(ids)];
}
