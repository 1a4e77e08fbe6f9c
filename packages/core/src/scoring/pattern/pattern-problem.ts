/** What in a pattern cannot be read. `position` counts code points from 0. */
export class PatternProblem extends Error {
  override readonly name = 'PatternProblem';
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}
