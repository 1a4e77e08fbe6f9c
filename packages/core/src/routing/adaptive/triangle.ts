/** A symmetric or lower triangular matrix is kept as its lower triangle, row after row: entry (i, j ≤ i) at i(i+1)/2 + j. */

/** Number of entries of a triangle of `size` rows. */
export function triangleLength(size: number): number {
  return (size * (size + 1)) / 2;
}

/** Adds `weight · x xᵀ` to the symmetric matrix, in place. Zero entries cost nothing. */
export function addOuterProduct(matrix: Float64Array, x: ArrayLike<number>, weight: number): void {
  for (let row = 0; row < x.length; row++) {
    const factor = (x[row] ?? 0) * weight;
    if (factor === 0) continue;
    const offset = (row * (row + 1)) / 2;
    for (let column = 0; column <= row; column++) {
      matrix[offset + column] = (matrix[offset + column] as number) + factor * (x[column] as number);
    }
  }
}

/** `matrix · x` for a symmetric matrix. */
export function multiplySymmetric(matrix: Float64Array, x: ArrayLike<number>): Float64Array {
  const result = new Float64Array(x.length);
  for (let row = 0; row < x.length; row++) {
    const offset = (row * (row + 1)) / 2;
    const value = x[row] as number;
    let sum = (matrix[offset + row] as number) * value;
    for (let column = 0; column < row; column++) {
      const entry = matrix[offset + column] as number;
      sum += entry * (x[column] as number);
      result[column] = (result[column] as number) + entry * value;
    }
    result[row] = (result[row] as number) + sum;
  }
  return result;
}

/**
 * The lower triangular L with L Lᵀ = `matrix` (Cholesky), which must be positive definite: a ridge on the diagonal makes
 * every sum of outer products so. A pivot lost to rounding is replaced by a tiny positive one.
 */
export function factorCholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = Float64Array.from(matrix);
  for (let row = 0; row < size; row++) {
    const offset = (row * (row + 1)) / 2;
    for (let column = 0; column <= row; column++) {
      const other = (column * (column + 1)) / 2;
      let sum = factor[offset + column] as number;
      for (let index = 0; index < column; index++) {
        sum -= (factor[offset + index] as number) * (factor[other + index] as number);
      }
      factor[offset + column] =
        row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (factor[other + column] as number);
    }
  }
  return factor;
}

/** Solves L y = x by forward substitution. Four sums at a time: one alone would wait for itself. */
export function solveLower(factor: Float64Array, x: ArrayLike<number>): Float64Array {
  const solution = new Float64Array(x.length);
  let offset = 0;
  for (let row = 0; row < solution.length; row++) {
    let first = x[row] as number;
    let second = 0;
    let third = 0;
    let fourth = 0;
    let column = 0;
    for (; column + 3 < row; column += 4) {
      const place = offset + column;
      first -= (factor[place] as number) * (solution[column] as number);
      second -= (factor[place + 1] as number) * (solution[column + 1] as number);
      third -= (factor[place + 2] as number) * (solution[column + 2] as number);
      fourth -= (factor[place + 3] as number) * (solution[column + 3] as number);
    }
    for (; column < row; column++) first -= (factor[offset + column] as number) * (solution[column] as number);
    solution[row] = (first + second + third + fourth) / (factor[offset + row] as number);
    offset += row + 1;
  }
  return solution;
}

/** Solves L Lᵀ y = x. */
export function solveCholesky(factor: Float64Array, x: ArrayLike<number>): Float64Array {
  const solution = solveLower(factor, x);
  for (let row = x.length - 1; row >= 0; row--) {
    const offset = (row * (row + 1)) / 2;
    const value = (solution[row] as number) / (factor[offset + row] as number);
    solution[row] = value;
    for (let column = 0; column < row; column++) {
      solution[column] = (solution[column] as number) - (factor[offset + column] as number) * value;
    }
  }
  return solution;
}

export function dotProduct(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] as number) * (right[index] as number);
  return sum;
}

export function sumOfSquares(values: ArrayLike<number>): number {
  return dotProduct(values, values);
}
