import type { Architecture, Violation } from '../architecture.ts';
import type { ParsedSource } from '../source-graph.ts';

/** No file reaches itself through imports (type-only imports do not count: they are gone at run time). */
export function checkCycles(_architecture: Architecture, sources: readonly ParsedSource[]): readonly Violation[] {
  const edges = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.flatMap(({ target, isTypeOnly }) => (target === undefined || isTypeOnly ? [] : [target])),
    ]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const stack: string[] = [];
  const violations: Violation[] = [];
  const visit = (path: string) => {
    state.set(path, 'open');
    stack.push(path);
    for (const next of edges.get(path) ?? []) {
      if (state.get(next) === 'open') {
        const cycle = [...stack.slice(stack.indexOf(next)), next];
        violations.push({ path: next, line: 1, rule: 'cycles', message: `imports itself: ${cycle.join(' → ')}.` });
      } else if (!state.has(next)) visit(next);
    }
    stack.pop();
    state.set(path, 'done');
  };
  for (const path of edges.keys()) if (!state.has(path)) visit(path);
  return violations;
}
