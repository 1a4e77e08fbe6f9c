import type { Definition, Step } from './definition.ts';
import { parsePath } from './value-path.ts';

interface Placed {
  readonly path: string;
}

/** The step that a problem is about; undefined for the workflow itself. */
export function stepOfProblem(definition: Definition, { path }: Placed): Step | undefined {
  const [root, index] = parsePath(path);
  return root === 'steps' && typeof index === 'number' ? definition.steps[index] : undefined;
}

/** The problems of the field at `path` and of what is in it. */
export function problemsAt<Problem extends Placed>(problems: readonly Problem[], path: string): readonly Problem[] {
  return problems.filter((problem) => isWithin(problem.path, path));
}

function isWithin(inner: string, outer: string): boolean {
  if (!inner.startsWith(outer)) return false;
  const next = inner.charAt(outer.length);
  return next === '' || next === '.' || next === '[';
}

/** Which of the fields that are shown is nearest to the place of a problem: the longest that contains it. */
export function nearestField(fields: readonly string[], path: string): string | undefined {
  return fields.filter((field) => isWithin(path, field)).sort((a, b) => b.length - a.length)[0];
}

/** Where a line and column, both from 1, stand in a text. */
export function offsetAt(text: string, { line, column }: { line: number; column: number }): number {
  const before = text.split('\n').slice(0, line - 1);
  const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  return Math.max(0, Math.min(text.length, at));
}
