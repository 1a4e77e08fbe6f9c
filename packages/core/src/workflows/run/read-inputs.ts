import { nearestName } from '../../kernel/index.ts';
import type { WorkflowDefinition, WorkflowInput } from '../definition/workflow-definition.ts';
import { shown } from '../validation/workflow-problem.ts';
import { toPlainValue, ValueTooLarge } from '../values/bounded-value.ts';

/** Something wrong with an input of a run. */
export interface InputProblem {
  readonly path: readonly [string];
  readonly message: string;
}

export type ReadInputs =
  | { readonly isValid: true; readonly inputs: Readonly<Record<string, unknown>> }
  | { readonly isValid: false; readonly problems: readonly InputProblem[] };

/** Characters of all inputs of a run together. */
const largestInputs = 5_000_000;

/** The inputs of a run: what was given, defaults for the rest, null for what is optional. Reports all problems at once. */
export function readInputs(definition: WorkflowDefinition, given: Readonly<Record<string, unknown>>): ReadInputs {
  const declared = definition.inputs ?? {};
  const problems: InputProblem[] = [];
  const inputs: [string, unknown][] = [];
  for (const [name, input] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) {
      if (input.default === undefined && !input.isOptional) {
        problems.push({ path: [name], message: `The input "${name}" is missing.` });
      } else inputs.push([name, input.default ?? null]);
      continue;
    }
    const complaint = checkInputValue(input, value);
    if (complaint !== undefined) problems.push({ path: [name], message: `The input "${name}" ${complaint}.` });
    else inputs.push([name, value]);
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(declared, name)) continue;
    const near = nearestName(name, Object.keys(declared));
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    problems.push({ path: [name], message: `The workflow has no input "${shown(name)}".${hint}` });
  }
  if (problems.length > 0) return { isValid: false, problems };
  try {
    const plain = toPlainValue(Object.fromEntries(inputs), largestInputs);
    return { isValid: true, inputs: plain as Readonly<Record<string, unknown>> };
  } catch (error) {
    if (!(error instanceof ValueTooLarge)) throw error;
    return { isValid: false, problems: [{ path: [''], message: `The inputs are too large. ${error.message}` }] };
  }
}

/** Why `value` cannot be this input, as the end of a sentence; undefined when it can. */
export function checkInputValue(input: WorkflowInput, value: unknown): string | undefined {
  const wanted = input.type === 'file' ? 'string' : input.type;
  if (kindOf(value) !== wanted) return `must be ${nouns[wanted] ?? wanted}, but it is ${kindOf(value)}`;
  if (Array.isArray(value) && input.items !== undefined) {
    const wrong = value.findIndex((entry) => kindOf(entry) !== input.items);
    if (wrong >= 0) return `must be a list of ${input.items}, but entry ${wrong + 1} is ${kindOf(value[wrong])}`;
  }
  if (input.type !== 'object') return undefined;
  for (const [name, type] of Object.entries(input.fields ?? {})) {
    const each = (value as Readonly<Record<string, unknown>>)[name];
    if (each === undefined) return `lacks the field "${name}"`;
    if (kindOf(each) !== type) return `has a field "${name}" that must be ${nouns[type] ?? type}, not ${kindOf(each)}`;
  }
  return undefined;
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  object: 'an object',
};

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'list' : typeof value;
}
