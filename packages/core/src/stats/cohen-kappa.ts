import { type CannotTell, cannotTell } from './cannot-tell.ts';
import { type ConfidenceOption, type Estimate, studentEstimate } from './estimate.ts';

/** Two raters' labels for one item, e.g. an LLM judge's and a person's. */
export interface RatedPair {
  readonly left: string;
  readonly right: string;
}

/**
 * Agreement of two raters beyond chance: 1 perfect, 0 as by chance, below 0 worse. Cohen (1960), weighted Cohen (1968),
 * with the standard error of Fleiss, Cohen & Everitt (1969). `categories` in their order; for 'linear' and 'quadratic'
 * weights near misses count less. A label outside `categories` is "cannot tell", as are raters that use one and the same
 * category throughout (agreement by chance is then certain). The p-value is against 0.
 */
export function cohenKappa(
  pairs: readonly RatedPair[],
  categories: readonly string[],
  options: ConfidenceOption & { readonly weights?: 'none' | 'linear' | 'quadratic' } = {},
): Estimate | CannotTell {
  if (pairs.length === 0) return cannotTell('empty', 'No item has been rated by both yet.');
  const size = categories.length;
  const place = new Map(categories.map((category, i) => [category, i]));
  const table = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const pair of pairs) {
    const row = place.get(pair.left);
    const column = place.get(pair.right);
    if (row === undefined || column === undefined) {
      return cannotTell('out-of-range', 'A rating uses a category that the scale does not have.');
    }
    table[row]![column]! += 1 / pairs.length;
  }
  if (pairs.length < 5)
    return cannotTell('too-few', `Agreement takes 5 items rated by both, there are ${pairs.length}.`);
  const weight = agreementWeight(options.weights ?? 'none', size);
  const rows = table.map((row) => row.reduce((sum, share) => sum + share, 0));
  const columns = categories.map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      observed += weight(i, j) * table[i]![j]!;
      expected += weight(i, j) * rows[i]! * columns[j]!;
    }
  }
  if (1 - expected < 1e-12)
    return cannotTell('zero-variance', 'Both raters used one category only; agreement beyond chance is undefined.');
  const kappa = (observed - expected) / (1 - expected);
  const rowMean = rows.map((_, i) => columns.reduce((sum, share, j) => sum + share * weight(i, j), 0));
  const columnMean = columns.map((_, j) => rows.reduce((sum, share, i) => sum + share * weight(i, j), 0));
  let spread = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      spread += table[i]![j]! * (weight(i, j) - (rowMean[i]! + columnMean[j]!) * (1 - kappa)) ** 2;
    }
  }
  const variance = (spread - (kappa - expected * (1 - kappa)) ** 2) / (pairs.length * (1 - expected) ** 2);
  return studentEstimate(
    {
      estimate: kappa,
      standardError: variance > 1e-15 ? Math.sqrt(variance) : 0,
      degreesOfFreedom: Number.POSITIVE_INFINITY,
    },
    { ...options, cautions: pairs.length < 30 ? ['few-values'] : [] },
  );
}

function agreementWeight(kind: 'none' | 'linear' | 'quadratic', size: number): (i: number, j: number) => number {
  if (kind === 'none') return (i, j) => (i === j ? 1 : 0);
  const power = kind === 'linear' ? 1 : 2;
  return (i, j) => 1 - (Math.abs(i - j) / Math.max(1, size - 1)) ** power;
}
