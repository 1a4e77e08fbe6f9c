import type { ProblemPath, TextPosition, WorkflowProblem, WorkflowProblemCode } from './workflow-problem.ts';

/** More than a person would read. */
const mostProblems = 500;

export interface ProblemDetails {
  readonly severity?: WorkflowProblem['severity'];
  readonly position?: TextPosition | undefined;
}

/** Collects the problems of one definition. */
export class ProblemCollector {
  readonly #problems: WorkflowProblem[] = [];
  readonly #seen = new Set<string>();
  readonly #base: ProblemPath;
  readonly #parent: ProblemCollector | undefined;

  constructor(base: ProblemPath = [], parent?: ProblemCollector) {
    this.#base = base;
    this.#parent = parent;
  }

  /** A collector whose paths begin at `base`. */
  below(...base: ProblemPath): ProblemCollector {
    return new ProblemCollector(base, this);
  }

  add(code: WorkflowProblemCode, path: ProblemPath, message: string, suggestion: string, details: ProblemDetails = {}) {
    const { severity = 'error', position } = details;
    this.addAll([{ severity, code, path, message, suggestion, ...(position && { position }) }]);
  }

  addAll(problems: readonly WorkflowProblem[]): void {
    const moved = problems.map((problem) => ({ ...problem, path: [...this.#base, ...problem.path] }));
    if (this.#parent) {
      this.#parent.addAll(moved);
      return;
    }
    for (const problem of moved) {
      const key = JSON.stringify([problem.code, problem.path, problem.message, problem.position]);
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#problems.push(problem);
    }
  }

  /** All of them, in the order in which they were found, at most 500 and a word about the rest. */
  finish(): readonly WorkflowProblem[] {
    const more = this.#problems.length - mostProblems;
    if (more <= 0) return this.#problems;
    const severity = this.#problems.some((problem) => problem.severity === 'error') ? 'error' : 'warning';
    const message = `${more} more problems are not shown.`;
    const rest: WorkflowProblem = {
      severity,
      code: 'TOO_MANY_PROBLEMS',
      path: [],
      message,
      suggestion: 'Mend these first.',
    };
    return [...this.#problems.slice(0, mostProblems), rest];
  }
}
