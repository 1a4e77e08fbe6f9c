import { type Document, LineCounter, parseDocument } from 'yaml';
import type { SourcePosition } from '../configuration.ts';
import type { ConfigurationProblemCode } from '../problem-code.ts';
import type { SourceDocument, SourceProblem } from './source-document.ts';
import { pathKey } from './source-path.ts';
import { explainSyntax } from './syntax-problems.ts';
import { type EntryPlace, toPlainValue } from './to-plain-value.ts';

/** Largest file that is read, in characters: a hundred times what a large installation needs. */
export const maxSourceCharacters = 262_144;

const start: SourcePosition = { line: 1, column: 1 };

/** Parses YAML into plain values. Never throws; whatever is wrong is in `problems`, with its place. */
export function readSource(text: string): SourceDocument {
  if (text.length > maxSourceCharacters) {
    return failed('FILE_TOO_LARGE', `The file has ${text.length} characters; at most ${maxSourceCharacters} are read.`);
  }
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      merge: true,
      version: '1.2',
      logLevel: 'error',
    });
  } catch {
    // The parser recurses: a file made to exhaust the stack ends here.
    return failed('YAML_SYNTAX', 'The file is nested too deeply to be read.');
  }
  const toPosition = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
    return line < 1 ? start : { line, column: Math.max(1, col) };
  };
  const sourceLines = text.split('\n');
  const syntax = [...document.errors, ...document.warnings].map((error): SourceProblem => {
    const position = toPosition(error.pos[0]);
    const isError = error.name === 'YAMLParseError';
    return {
      severity: isError ? 'error' : 'warning',
      code: 'YAML_SYNTAX',
      path: [],
      position,
      ...explainSyntax(error, sourceLines[position.line - 1] ?? ''),
    };
  });
  if (document.errors.length > 0) return { value: undefined, problems: syntax, locate: () => start };

  const plain = toPlainValue(document, (offset) => toPosition(offset).line);
  const problems = plain.problems.map(({ offset, ...problem }) => ({ ...problem, position: toPosition(offset) }));
  return {
    value: plain.value,
    problems: [...syntax, ...problems],
    locate: (path, spot = 'value') => {
      for (let length = path.length; length >= 0; length -= 1) {
        const place: EntryPlace | undefined = plain.places.get(pathKey(path.slice(0, length)));
        // Above the asked place the key says more than the value that follows it.
        if (place) return toPosition(spot === 'value' && length === path.length ? place.value : place.key);
      }
      return start;
    },
  };
}

function failed(code: ConfigurationProblemCode, message: string): SourceDocument {
  const problem: SourceProblem = { severity: 'error', code, message, path: [], position: start };
  return { value: undefined, problems: [problem], locate: () => start };
}
