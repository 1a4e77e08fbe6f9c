import { isStorableText } from '@switchyard/core/kernel';
import type { DatasetLimits } from './dataset-limits.ts';
import { brokenMark } from './decode-text.ts';

/** Which column is what. Columns that are nothing here are kept as fields. */
export interface ColumnMapping {
  readonly input: string;
  readonly expected?: string | undefined;
  readonly cluster?: string | undefined;
  readonly key?: string | undefined;
  readonly split?: string | undefined;
}

export interface DatasetRow {
  /** Undefined: the item has no name of its own. */
  readonly key: string | undefined;
  readonly input: string;
  readonly expected: string | undefined;
  readonly cluster: string | undefined;
  readonly split: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly line: number;
}

const guesses: Readonly<Record<keyof ColumnMapping, readonly string[]>> = {
  input: ['input', 'prompt', 'question', 'text', 'message', 'query'],
  expected: ['expected', 'expected_output', 'output', 'answer', 'reference', 'target', 'label', 'completion'],
  cluster: ['cluster', 'group', 'document', 'user'],
  key: ['key', 'id'],
  split: ['split'],
};

/** What the names of the columns suggest; no `input` when none does and there are several. */
export function guessMapping(names: readonly string[]): Partial<ColumnMapping> {
  const find = (wanted: readonly string[]) =>
    wanted.flatMap((each) => names.find((name) => name.toLowerCase() === each) ?? [])[0];
  const entries = Object.entries(guesses).map(([part, wanted]) => [part, find(wanted)]);
  const found = Object.fromEntries(entries.filter(([, name]) => name !== undefined)) as Partial<ColumnMapping>;
  return found.input === undefined && names.length === 1 ? { ...found, input: names[0]! } : found;
}

/** The item of a record, or what keeps it from being one. */
export function mapRecord(
  values: ReadonlyMap<string, unknown>,
  mapping: ColumnMapping,
  line: number,
  limits: DatasetLimits,
): DatasetRow | string {
  const input = textOf(values.get(mapping.input));
  if (input === undefined || input.trim() === '') return `The column "${mapping.input}" is empty.`;
  const part = (name: string | undefined): string | undefined => {
    const text = name === undefined ? undefined : textOf(values.get(name));
    return text === '' ? undefined : text;
  };
  const used = new Set(Object.values(mapping));
  const fields = Object.fromEntries([...values].filter(([name]) => !used.has(name)));
  const row = {
    key: part(mapping.key)?.trim(),
    input,
    expected: part(mapping.expected),
    cluster: part(mapping.cluster)?.trim(),
    split: part(mapping.split)?.trim(),
    fields,
    line,
  };
  return findProblem(row, limits) ?? row;
}

function findProblem(row: DatasetRow, { longestText }: DatasetLimits): string | undefined {
  const all = [row.input, row.expected ?? '', row.key ?? '', row.cluster ?? '', row.split ?? ''];
  const fields = JSON.stringify(row.fields);
  if ([...all, fields].some((text) => text.includes(brokenMark)))
    return 'It holds bytes that are no UTF-8; save the file as UTF-8.';
  if (![...all, ...stringsIn(row.fields)].every(isStorableText))
    return 'It holds a NUL or half a character; take it out.';
  if (row.input.length > longestText || (row.expected?.length ?? 0) > longestText || fields.length > longestText) {
    return `A text may have ${longestText} characters at the most.`;
  }
  if ((row.key?.length ?? 0) > 200 || (row.cluster?.length ?? 0) > 200)
    return 'A key or cluster may have 200 characters at the most.';
  if (row.split !== undefined && !/^[a-zA-Z][\w-]{0,39}$/.test(row.split)) {
    return 'The name of a split is of letters, digits, dashes and underscores, at most 40.';
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function stringsIn(value: unknown): readonly string[] {
  const found: string[] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') found.push(next);
    else if (typeof next === 'object' && next !== null) open.push(...Object.keys(next), ...Object.values(next));
  }
  return found;
}
