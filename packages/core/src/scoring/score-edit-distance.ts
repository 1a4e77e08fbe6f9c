import { cannotScore, type Score, scored } from './score.ts';

/** Cells of the table; a tenth of a second. */
const largestTable = 30_000_000;

/** 1 − (insertions, deletions and replacements) / length of the longer text; both empty is 1 (Levenshtein 1966). */
export function scoreEditDistance(text: string, expected: string): Score {
  if (text === expected) return scored(1, 'It is what was expected.');
  const [left, right] = [toPoints(text), toPoints(expected)];
  let from = 0;
  let [leftEnd, rightEnd] = [left.length, right.length];
  while (from < leftEnd && from < rightEnd && left[from] === right[from]) from += 1;
  while (leftEnd > from && rightEnd > from && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd -= 1;
    rightEnd -= 1;
  }
  if ((leftEnd - from) * (rightEnd - from) > largestTable) {
    return cannotScore('too-long', 'The two texts are too long to be compared letter by letter; use another scorer.');
  }
  const edits = countEdits(left.subarray(from, leftEnd), right.subarray(from, rightEnd));
  return scored(1 - edits / Math.max(left.length, right.length), `${edits} characters differ.`);
}

const toPoints = (text: string): Uint32Array => Uint32Array.from(Array.from(text, (point) => point.codePointAt(0)!));

function countEdits(left: Uint32Array, right: Uint32Array): number {
  const row = Uint32Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 0; i < left.length; i += 1) {
    let diagonal = row[0]!;
    row[0] = i + 1;
    for (let j = 0; j < right.length; j += 1) {
      const above = row[j + 1]!;
      const replaced = diagonal + (left[i] === right[j] ? 0 : 1);
      const beside = Math.min(row[j]!, above) + 1;
      row[j + 1] = Math.min(replaced, beside);
      diagonal = above;
    }
  }
  return row[right.length]!;
}
