import type { ExperimentProblem } from '@switchyard/core/experiments';
import { UserFailure } from '../../user-errors.ts';

/** The scorer cannot be used as it is; all problems at once. */
export class InvalidScorerFailure extends UserFailure {
  readonly problems: readonly ExperimentProblem[];

  constructor(problems: readonly ExperimentProblem[]) {
    super('QUALITY.INVALID_SCORER', problems.map(({ message }) => message).join(' '), ['input', 'content']);
    this.problems = problems;
  }
}
