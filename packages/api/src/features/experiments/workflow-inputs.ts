import { readInputs, type WorkflowDefinition, type WorkflowInput } from '@switchyard/core/workflows';
import type { PromptItem } from './fill-prompt.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** What an item is asked of a workflow, or why it does not fit. */
export type ItemInputs = { readonly inputs: Inputs } | { readonly problem: string };

/**
 * The inputs of a run from an item of a test. A declared input takes the column of its name (or, of items made from history,
 * the value of the earlier run), `input` the text of the item, and so does the one input that must be given and has no
 * column. Text becomes what the input is declared to be.
 */
export function inputsOfItem(definition: WorkflowDefinition, { input: text, fields }: PromptItem): ItemInputs {
  const declared = definition.inputs ?? {};
  const columns = { ...ofEarlierRun(declared, fields), ...fields };
  const given: Record<string, unknown> = {};
  let isTextUsed = false;
  for (const [name, input] of Object.entries(declared)) {
    if (Object.hasOwn(columns, name)) given[name] = toDeclared(input, columns[name]);
    else if (name === 'input') {
      given[name] = toDeclared(input, text);
      isTextUsed = true;
    }
  }
  const missing = Object.entries(declared).filter(([name]) => !Object.hasOwn(given, name));
  const required = missing.filter(([, input]) => !input.isOptional && input.default === undefined);
  const takers = required.length > 0 ? required : missing;
  if (!isTextUsed && takers.length === 1) {
    const [name, input] = takers[0]!;
    given[name] = toDeclared(input, text);
  }
  const read = readInputs(definition, given);
  if (read.isValid) return { inputs: given };
  const unserved = required.length > 1 || (required.length === 1 && isTextUsed);
  const hint = unserved
    ? ` Give the dataset a column for each of: ${required.map(([name]) => `"${name}"`).join(', ')}.`
    : '';
  return { problem: `${read.problems.map(({ message }) => message).join(' ')}${hint}` };
}

function ofEarlierRun(declared: Readonly<Record<string, WorkflowInput>>, fields: Inputs): Inputs {
  const { inputs } = fields;
  if (Object.hasOwn(declared, 'inputs') || typeof inputs !== 'object' || inputs === null) return {};
  return Array.isArray(inputs) ? {} : (inputs as Inputs);
}

/** Columns are text: a number, list or object is read from it; what cannot be read stays, and is refused by its type. */
function toDeclared({ type }: WorkflowInput, value: unknown): unknown {
  const wantsText = type === 'string' || type === 'file';
  if (wantsText) return typeof value === 'string' || value == null ? value : JSON.stringify(value);
  if (typeof value !== 'string') return value;
  if (value.trim() === '') return null;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
