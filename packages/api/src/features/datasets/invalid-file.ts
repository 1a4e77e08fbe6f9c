import { UserFailure } from '../../user-errors.ts';
import type { LineProblem } from './read/read-items.ts';

/** The file cannot be used as it is; nothing was stored. */
export class InvalidFileFailure extends UserFailure {
  /** The first hundred. */
  readonly problems: readonly LineProblem[];
  readonly problemCount: number;

  constructor(problems: readonly LineProblem[], problemCount: number, message?: string) {
    const [first] = problems;
    const lines = `${problemCount} ${problemCount === 1 ? 'line' : 'lines'} cannot be used`;
    const said = first ? `${lines}, the first one is line ${first.line}: ${first.message}` : 'The file cannot be used.';
    super('DATASETS.INVALID_FILE', message ?? said, ['input', 'content']);
    this.problems = problems;
    this.problemCount = problemCount;
  }
}
