import type { TextPosition } from '../validation/workflow-problem.ts';

/** A way into the context that a template or expression takes: `steps.plan.output.title`. */
export interface Reference {
  /** Names and indexes from the root; `undefined` where only the run can tell (`inputs[inputs.key]`). */
  readonly path: readonly (string | number | undefined)[];
  /** Where it stands in the text. */
  readonly position: TextPosition;
  /** Looked at only to see whether it is there. */
  readonly isTest?: true;
}

/** Line and column, from 1, of the character at `offset` of `text`. */
export function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length)));
  const line = before.split('\n').length;
  return { line, column: before.length - before.lastIndexOf('\n') };
}

/** `steps.plan.output`, as people write it. */
export function formatReference(path: Reference['path']): string {
  let text = '';
  for (const step of path) {
    if (step === undefined) text += '[…]';
    else if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
