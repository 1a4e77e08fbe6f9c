/** From the root of the definition to a value: names of fields and indexes of list entries. */
export type ProblemPath = readonly (string | number)[];

export const workflowProblemCodes = [
  'SYNTAX',
  'UNKNOWN_FIELD',
  'MISSING_FIELD',
  'INVALID_VALUE',
  'CONTRADICTION',
  'DUPLICATE_STEP',
  'DUPLICATE_MODEL',
  'UNKNOWN_STEP',
  'UNKNOWN_MODEL',
  'UNKNOWN_ROLE',
  'EMPTY_ROLE',
  'MISSING_CREDENTIALS',
  'MISSING_CAPABILITY',
  'CONTEXT_TOO_SMALL',
  'CYCLE',
  'UNREACHABLE',
  'BRANCH_WITHOUT_DEFAULT',
  'NOT_A_LIST',
  'TEMPLATE_SYNTAX',
  'EXPRESSION_SYNTAX',
  'EXPRESSION_TYPE',
  'UNKNOWN_VARIABLE',
  'UNUSED_INPUT',
  'SCHEMA_UNSUPPORTED',
  'TOO_MANY_PROBLEMS',
] as const;

export type WorkflowProblemCode = (typeof workflowProblemCodes)[number];

/** Where in a template or expression, or in the text of a file: line and column count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a definition. An `error` keeps it from being published and run. */
export interface WorkflowProblem {
  readonly severity: 'error' | 'warning';
  readonly code: WorkflowProblemCode;
  readonly path: ProblemPath;
  readonly message: string;
  /** What to do about it. */
  readonly suggestion: string;
  /** Within the template or expression at `path`. */
  readonly position?: TextPosition;
  /** Within the YAML or JSON text, when the definition was read from one. */
  readonly filePosition?: TextPosition;
}

/** `steps[2].models[0].model`; names that are no plain words are quoted. */
export function formatProblemPath(path: ProblemPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(shown(step))}]`;
  }
  return text;
}

/** Text of the author's, short enough for a message. */
export const shown = (name: string, longest = 80): string =>
  name.length > longest ? `${name.slice(0, longest)}…` : name;
