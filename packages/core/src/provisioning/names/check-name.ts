import { nearestName } from '../../kernel/index.ts';
import type { Configuration } from '../configuration.ts';
import type { SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';
import { checkModelReference } from './check-model-reference.ts';

/** Checks what an alias or chain may lead to: a model id, an alias or a chain. */
export function checkName(name: string, path: SourcePath, context: SectionContext, configuration: Configuration): void {
  if (name.includes('/')) {
    checkModelReference(name, path, context, configuration);
    return;
  }
  const known = [...configuration.aliases, ...configuration.chains].map((entry) => entry.name);
  if (known.includes(name) || context.isDeclared(name)) return;
  const near = nearestName(name, known);
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  context.report('UNKNOWN_NAME', path, `"${shown}" is neither a model id, nor an alias, nor a chain.`, {
    suggestion:
      near === undefined ? 'A model is named "provider/model", for example openai/gpt-5.' : `Did you mean "${near}"?`,
  });
}

/** Names that mean something of their own where a model is asked for. */
const reservedNames: ReadonlySet<string> = new Set(['auto']);

/** Reports a name that cannot be given to an alias or chain. */
export function checkNameIsFree(name: string, path: SourcePath, context: SectionContext): void {
  if (!reservedNames.has(name.toLowerCase())) return;
  context.report('RESERVED_NAME', path, `"${name}" lets Switchyard choose the model and cannot be given away.`, {
    spot: 'key',
    suggestion: 'Choose another name.',
  });
}
