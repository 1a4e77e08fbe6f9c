import type { ExperimentProblem } from '@switchyard/core/experiments';
import { UserFailure } from '../../user-errors.ts';

/** The test cannot be started as it is; all problems at once, with their places. */
export class InvalidExperimentFailure extends UserFailure {
  readonly problems: readonly ExperimentProblem[];

  constructor(problems: readonly ExperimentProblem[]) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    super('EXPERIMENTS.INVALID', errors.map(({ message }) => message).join(' '), ['input', 'experimentId']);
    this.problems = problems;
  }
}
