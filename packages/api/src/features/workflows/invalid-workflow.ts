import type { WorkflowProblem } from '@switchyard/core/workflows';
import { UserFailure } from '../../user-errors.ts';

/** The definition cannot be used; all problems at once, with their places. */
export class InvalidWorkflowFailure extends UserFailure {
  readonly problems: readonly WorkflowProblem[];

  constructor(problems: readonly WorkflowProblem[], path: readonly string[]) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    super('WORKFLOWS.INVALID', errors.map(({ message }) => message).join(' '), path);
    this.problems = problems;
  }
}
