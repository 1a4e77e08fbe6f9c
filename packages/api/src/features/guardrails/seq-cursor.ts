/** Numbers of a table become visible out of order: as many of the last ones are read again each time. */
const overlap = 200n;

/** Where a reader stands in a table whose rows are numbered as they are written: each number is given once. */
export class SeqCursor {
  #seen: Set<bigint>;
  #last: bigint;

  /** Begins behind everything that `latest`, the last numbers in use, tells of. */
  constructor(latest: readonly bigint[]) {
    this.#seen = new Set(latest);
    this.#last = 0n;
    for (const seq of latest) if (seq > this.#last) this.#last = seq;
  }

  /** How many of the last numbers to begin with. */
  static readonly overlap = Number(overlap);

  /** The condition for what may be new. */
  get where() {
    return { seq: { gt: this.#last - overlap, notIn: [...this.#seen] } };
  }

  /** The rows that were not given before. */
  take<Row extends { readonly seq: bigint }>(rows: readonly Row[]): readonly Row[] {
    const fresh = rows.filter(({ seq }) => !this.#seen.has(seq));
    for (const { seq } of fresh) {
      this.#seen.add(seq);
      if (seq > this.#last) this.#last = seq;
    }
    for (const seq of this.#seen) if (seq <= this.#last - overlap) this.#seen.delete(seq);
    return fresh;
  }
}
