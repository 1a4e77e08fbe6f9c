/** A square matrix as rows; small (tens of rows). */
export type Matrix = readonly (readonly number[])[];

/**
 * Inverse of a symmetric positive definite matrix by Cholesky; undefined when it is not (columns depend on each other).
 * The pivot test is relative to the diagonal, so the unit of the data does not matter.
 */
export function invertSymmetric(matrix: Matrix): Matrix | undefined {
  const size = matrix.length;
  const lower: number[][] = matrix.map(() => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      if (i === j) {
        if (!(sum > 1e-12 * Math.abs(matrix[i]![i]!))) return undefined;
        lower[i]![i] = Math.sqrt(sum);
      } else {
        lower[i]![j] = sum / lower[j]![j]!;
      }
    }
  }
  const inverse: number[][] = matrix.map(() => new Array<number>(size).fill(0));
  for (let column = 0; column < size; column++) {
    const solution = new Array<number>(size).fill(0);
    for (let i = 0; i < size; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= lower[i]![k]! * solution[k]!;
      solution[i] = sum / lower[i]![i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = solution[i]!;
      for (let k = i + 1; k < size; k++) sum -= lower[k]![i]! * solution[k]!;
      solution[i] = sum / lower[i]![i]!;
    }
    for (let i = 0; i < size; i++) inverse[i]![column] = solution[i]!;
  }
  return inverse;
}

/** matrix × vector. */
export function multiply(matrix: Matrix, vector: readonly number[]): readonly number[] {
  return matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0));
}

/** bread × meat × bread for symmetric matrices of one size: the middle step of every sandwich variance. */
export function sandwich(bread: Matrix, meat: Matrix): Matrix {
  const half = product(bread, meat);
  return product(half, bread);
}

function product(left: Matrix, right: Matrix): Matrix {
  return left.map((row) => right[0]!.map((_, column) => row.reduce((sum, v, k) => sum + v * right[k]![column]!, 0)));
}

/** target += scale × v vᵀ. */
export function addOuterProduct(target: number[][], vector: readonly number[], scale = 1): void {
  for (let i = 0; i < vector.length; i++) {
    if (vector[i] === 0) continue;
    for (let j = 0; j < vector.length; j++) target[i]![j]! += scale * vector[i]! * vector[j]!;
  }
}

export function zeroMatrix(size: number): number[][] {
  return Array.from({ length: size }, () => new Array<number>(size).fill(0));
}
