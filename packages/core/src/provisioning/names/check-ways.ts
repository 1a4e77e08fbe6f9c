import type { Configuration } from '../configuration.ts';
import type { SectionContext } from '../section.ts';
import { findCycles } from './find-cycles.ts';
import { resolveModelName } from './resolve-model-name.ts';

/** Judges aliases and chains together: that none leads to itself, and which lead to one model twice. */
export function checkWays(context: SectionContext, configuration: Configuration): void {
  if (reportCycles(context, configuration) === 0) warnOfHiddenDuplicates(context, configuration);
}

/** Aliases and chains that lead back to themselves, with the whole way. Answers how many there are. */
function reportCycles(context: SectionContext, { aliases, chains }: Configuration): number {
  const chainNames = new Set(chains.map(({ name }) => name));
  const graph = new Map<string, readonly string[]>(aliases.map(({ name, target }) => [name, [target]]));
  for (const { name, models } of chains) graph.set(name, models);
  const cycles = findCycles(graph);
  for (const cycle of cycles) {
    const throughChain = cycle.find((name) => chainNames.has(name));
    const name = throughChain ?? cycle[0] ?? '';
    const way = cycle.slice(0, 12).join(' → ') + (cycle.length > 12 ? ` → … → ${cycle.at(-1)}` : '');
    const path = [throughChain === undefined ? 'aliases' : 'chains', name];
    const kind = throughChain === undefined ? 'alias' : 'chain';
    context.report(
      kind === 'alias' ? 'CYCLIC_ALIAS' : 'CYCLIC_CHAIN',
      path,
      `The ${kind} "${name}" leads to itself: ${way}.`,
      {
        spot: 'key',
        suggestion: `Take "${cycle[1]}" out of "${cycle[0]}", or let it stand for a model.`,
      },
    );
  }
  return cycles.length;
}

/** Two names of one chain that mean the same model. */
function warnOfHiddenDuplicates(context: SectionContext, configuration: Configuration): void {
  for (const { name, models } of configuration.chains) {
    const seen = new Map<string, string>();
    models.forEach((model, index) => {
      if (models.indexOf(model) !== index) return;
      for (const id of resolveModelName(model, configuration)?.models ?? []) {
        const other = seen.get(id);
        if (other !== undefined && other !== model) {
          context.report(
            'DUPLICATE_ENTRY',
            ['chains', name],
            `"${other}" and "${model}" both lead to ${id}, which is asked once.`,
            {
              severity: 'warning',
              spot: 'key',
            },
          );
        } else seen.set(id, model);
      }
    });
  }
}
