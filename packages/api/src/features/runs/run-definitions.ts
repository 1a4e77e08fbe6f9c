import { createHash } from 'node:crypto';
import { canonicalForm, readDefinition, type WorkflowDefinition } from '@switchyard/core/workflows';

export interface KeyedDefinition {
  /** The same for the same text only. */
  readonly key: string;
  readonly definition: WorkflowDefinition;
}

const mostKept = 300;

/** A definition as runs keep it: JSON in canonical order. */
export const toDefinitionText = (definition: WorkflowDefinition): string => JSON.stringify(canonicalForm(definition));

/** Definitions that runs carry out, each read once as long as it is used. */
export class RunDefinitions {
  readonly #kept = new Map<string, KeyedDefinition>();

  /** Throws when `text` is no definition, which can only be after a change of the format. */
  read(text: string): KeyedDefinition {
    const key = createHash('sha256').update(text).digest('base64url');
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known;
    }
    const { definition } = readDefinition(JSON.parse(text));
    if (!definition) throw new Error('The definition that this run carries out cannot be read any more.');
    const made = { key, definition };
    this.#kept.set(key, made);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
    return made;
  }
}
