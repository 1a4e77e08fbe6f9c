/** Lets so many calls run at a time; who waits is served team by team, so that none waits for the tests of another one. */
export class TurnPermits {
  #free: number;
  /** By team, in the order in which teams have their turn. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(count: number) {
    this.#free = count;
  }

  async use<Result>(teamId: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue(teamId, resolve));
    try {
      return await work();
    } finally {
      const next = this.#takeNext();
      if (next) next();
      else this.#free += 1;
    }
  }

  #queue(teamId: string, resolve: () => void): void {
    const own = this.#waiting.get(teamId);
    if (own) own.push(resolve);
    else this.#waiting.set(teamId, [resolve]);
  }

  /** The first of the team whose turn it is; the team goes to the end of the row. */
  #takeNext(): (() => void) | undefined {
    for (const [teamId, own] of this.#waiting) {
      this.#waiting.delete(teamId);
      const next = own.shift();
      if (own.length > 0) this.#waiting.set(teamId, own);
      return next;
    }
    return undefined;
  }
}
