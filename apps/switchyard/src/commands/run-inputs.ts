import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readWorkflowText } from '@switchyard/core/workflows';
import type { RunArguments } from './run-arguments.ts';

/** The type that a workflow declares for each of its inputs, by name. */
export type DeclaredTypes = Readonly<Record<string, string>>;

export type RunInputs = { readonly inputs: Readonly<Record<string, unknown>> } | { readonly problem: string };

/**
 * The inputs of a run: those of the file (YAML or JSON, a map of names), and over them those that were set one by one.
 * `--set` takes text for texts and JSON for everything else; `NAME=@FILE` takes what stands in a file. Without known
 * types a value that is JSON is taken as such. `readStandardInput` gives the text of `-`.
 */
export function readRunInputs(
  { inputFile, sets }: Pick<RunArguments, 'inputFile' | 'sets'>,
  declared: DeclaredTypes | undefined,
  workingDirectory: string,
  readStandardInput: () => string,
): RunInputs {
  try {
    const ofFile = inputFile === undefined ? {} : readMap(inputFile, workingDirectory, readStandardInput);
    const ofSets = sets.map(({ name, text }) => [name, readValue(name, text, declared, workingDirectory)] as const);
    return { inputs: { ...ofFile, ...Object.fromEntries(ofSets) } };
  } catch (error) {
    if (error instanceof InputProblem) return { problem: error.message };
    throw error;
  }
}

class InputProblem extends Error {}

function readMap(file: string, workingDirectory: string, readStandardInput: () => string) {
  const text = file === '-' ? readStandardInput() : readText(file, workingDirectory);
  const where = file === '-' ? 'The standard input' : file;
  const { value, problems } = readWorkflowText(text);
  const [problem] = problems;
  if (problem) {
    const { line, column } = problem.filePosition ?? { line: 1, column: 1 };
    throw new InputProblem(`${where}:${line}:${column} ${problem.message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputProblem(`${where} must be a map of inputs by name, as YAML or JSON.`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function readValue(name: string, text: string, declared: DeclaredTypes | undefined, workingDirectory: string): unknown {
  const type = declared?.[name];
  const given = text.startsWith('@') ? readText(text.slice(1), workingDirectory) : text;
  if (type === 'string' || type === 'file') return given;
  try {
    return JSON.parse(given) as unknown;
  } catch {
    if (type === undefined) return given;
    throw new InputProblem(
      `The input "${name}" is a ${type}: give JSON, such as --set ${name}=${examples[type] ?? '1'}`,
    );
  }
}

const examples: Readonly<Record<string, string>> = {
  number: '3',
  boolean: 'true',
  list: `'["a", "b"]'`,
  object: `'{"a": 1}'`,
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file',
  EACCES: 'Your user may not read it',
  EISDIR: 'It is a folder',
};

function readText(file: string, workingDirectory: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(resolve(workingDirectory, file)));
  } catch (error) {
    if (error instanceof TypeError) throw new InputProblem(`${file} is not UTF-8 text.`);
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new InputProblem(`${reasons[code] ?? message}: ${file}`);
  }
}
