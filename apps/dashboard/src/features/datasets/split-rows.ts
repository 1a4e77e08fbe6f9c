/** A split as it is typed. */
export interface SplitRow {
  readonly id: number;
  readonly name: string;
  /** In percent. */
  readonly percent: number | '';
}

/** What is wrong with the rows, in words; undefined when nothing is. */
export function findRowProblem(rows: readonly SplitRow[]): string | undefined {
  if (rows.some(({ name }) => !/^[a-zA-Z][\w-]{0,39}$/.test(name)))
    return 'A name begins with a letter and is of letters, digits, dashes and underscores, at most 40.';
  if (new Set(rows.map(({ name }) => name)).size < rows.length) return 'Two splits have the same name.';
  if (rows.some(({ percent }) => percent === '' || !(percent > 0) || percent > 100))
    return 'A share is above 0 and at most 100 %.';
  const sum = rows.reduce((total, { percent }) => total + Number(percent), 0);
  return sum > 100 + 1e-6 ? `The shares add up to ${Number(sum.toFixed(2))} %; 100 % are the most.` : undefined;
}

/** As the API takes them. */
export const splitsOf = (rows: readonly SplitRow[]) =>
  rows.map(({ name, percent }) => ({ name, share: Number(percent) / 100 }));
