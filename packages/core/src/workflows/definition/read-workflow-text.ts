import { type Document, isAlias, LineCounter, parseDocument, visit } from 'yaml';
import type { ProblemPath, TextPosition, WorkflowProblem } from '../validation/workflow-problem.ts';

/** More text than any workflow has. */
const longestText = 2_000_000;

/** Plain data of a file, and where in the text things stand. */
export interface WorkflowText {
  /** Undefined when the text cannot be read at all. */
  readonly value: unknown;
  readonly problems: readonly WorkflowProblem[];
  /** Of the value at `path`, or of the nearest thing around it that is there. */
  locate(path: ProblemPath): TextPosition;
}

/**
 * Reads YAML (1.2) or JSON, which is YAML too. Aliases and own tags are refused: a definition is plain data, and what a
 * reader sees is what is there. Never throws.
 */
export function readWorkflowText(text: string): WorkflowText {
  try {
    return readText(text);
  } catch (error) {
    // The parser goes down one call for every level.
    if (!(error instanceof RangeError)) throw error;
    const atStart = { line: 1, column: 1 };
    const problems = [syntax('The text is nested too deep.', atStart, 'A workflow has at most 100 levels.')];
    return { value: undefined, problems, locate: () => atStart };
  }
}

function readText(text: string): WorkflowText {
  const atStart = { line: 1, column: 1 };
  if (text.length > longestText) {
    return {
      value: undefined,
      problems: [syntax(`The text has more than ${longestText} characters.`, atStart, 'Split the workflow.')],
      locate: () => atStart,
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter: lines,
    strict: true,
  });
  const positionAt = (offset: number): TextPosition => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = [...document.errors, ...document.warnings].map(({ message, pos }) =>
    syntax(`The text is not YAML: ${message}`, positionAt(pos[0]), 'Mend the text at this place.'),
  );
  visit(document, (_key, node) => {
    if (!isAlias(node)) return;
    problems.push(
      syntax('Aliases are not allowed.', positionAt(node.range?.[0] ?? 0), 'Write the value out where it is needed.'),
    );
  });
  const value = problems.length === 0 ? document.toJS({ maxAliasCount: 0 }) : undefined;
  return { value, problems, locate: (path) => positionAt(offsetOf(document, path)) };
}

function offsetOf(document: Document, path: ProblemPath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] | null } | undefined | null)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return 0;
}

function syntax(message: string, filePosition: TextPosition, suggestion: string): WorkflowProblem {
  return { severity: 'error', code: 'SYNTAX', path: [], message, suggestion, filePosition };
}
