import type { Json, WorkflowInput } from './definition.ts';

/** What stands in the form of a run before it is sent, by the name of the input. */
export type TypedInputs = Readonly<Record<string, string>>;

/** An input as text for its field: texts as they are, lists of texts line by line, the rest as JSON. */
export function textOfInput(input: WorkflowInput, value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (isLines(input) && Array.isArray(value)) return value.join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** Lists of texts are written line by line. */
export const isLines = ({ type, items }: WorkflowInput): boolean => type === 'list' && items === 'string';

export type ReadInput = { readonly value: Json | undefined } | { readonly problem: string };

/** What a field means; undefined leaves the input out, so that its default holds. */
export function readInput(input: WorkflowInput, text: string | undefined): ReadInput {
  const isNeeded = input.default === undefined && input.isOptional !== true;
  const isText = input.type === 'string' || input.type === 'file';
  if (text === undefined || (text.trim() === '' && input.type !== 'list')) {
    return isNeeded ? { problem: 'This is needed.' } : { value: undefined };
  }
  if (isText) return { value: text };
  if (isLines(input)) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.length === 0 && input.default !== undefined ? { value: undefined } : { value: lines };
  }
  if (input.type === 'number') {
    const value = Number(text);
    return Number.isFinite(value) ? { value } : { problem: 'This is no number.' };
  }
  if (input.type === 'boolean') return { value: text === 'true' };
  return readJson(text === '' ? '[]' : text);
}

/** A text as JSON, with the reason when it is none. */
export function readJson(text: string): ReadInput {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { problem: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** An output that is tried: JSON when it is, else the text. */
export function readSample(text: string): Json {
  const read = readJson(text);
  return 'value' in read && read.value !== undefined && typeof read.value !== 'number' ? read.value : text;
}

/** All inputs of a run, or what is wrong with them by name. */
export function readInputs(
  inputs: Readonly<Record<string, WorkflowInput>>,
  typed: TypedInputs,
): { readonly values: Readonly<Record<string, Json>>; readonly problems: Readonly<Record<string, string>> } {
  const values: Record<string, Json> = {};
  const problems: Record<string, string> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const read = readInput(input, typed[name]);
    if ('problem' in read) problems[name] = read.problem;
    else if (read.value !== undefined) values[name] = read.value;
  }
  return { values, problems };
}
