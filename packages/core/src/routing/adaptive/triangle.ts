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

/**
 * The lower triangular L with L Lᵀ = `matrix` (Cholesky), which must be positive definite: a ridge on the diagonal makes
 * every sum of outer products so. A pivot lost to rounding is replaced by a tiny positive one.
 */
export function factorCholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(matrix);
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

/** Solves L y = x by forward substitution. */
export function solveLower(factor: Float64Array, x: ArrayLike<number>): Float64Array {
  const solution = new Float64Array(x.length);
  for (let row = 0; row < x.length; row++) {
    const offset = (row * (row + 1)) / 2;
    let sum = x[row] as number;
    for (let column = 0; column < row; column++) {
      sum -= (factor[offset + column] as number) * (solution[column] as number);
    }
    solution[row] = sum / (factor[offset + row] as number);
  }
  return solution;
}

/**
 * xᵀ (L Lᵀ)⁻¹ x over the first `size` rows, for the request path: single precision halves what is read, and four sums at
 * a time need not wait for each other. The first rows of a Cholesky factor are the factor of the first rows.
 */
export function inverseQuadratic(factor: Float32Array, x: Float64Array, size: number): number {
  const solution = new Float64Array(size);
  let offset = 0;
  let squares = 0;
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
    const value = (first + second + third + fourth) / (factor[offset + row] as number);
    solution[row] = value;
    squares += value * value;
    offset += row + 1;
  }
  return squares;
}

/** The symmetric (L Lᵀ)⁻¹ as a triangle. */
export function invertCholesky(factor: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(factor.length);
  for (let row = 0; row < size; row++) {
    const offset = (row * (row + 1)) / 2;
    const pivot = factor[offset + row] as number;
    for (let column = 0; column < row; column++) {
      let sum = 0;
      for (let index = column; index < row; index++) {
        sum -= (factor[offset + index] as number) * (lower[(index * (index + 1)) / 2 + column] as number);
      }
      lower[offset + column] = sum / pivot;
    }
    lower[offset + row] = 1 / pivot;
  }
  const inverse = new Float64Array(factor.length);
  for (let index = 0; index < size; index++) {
    const offset = (index * (index + 1)) / 2;
    for (let row = 0; row <= index; row++) {
      const value = lower[offset + row] as number;
      const target = (row * (row + 1)) / 2;
      for (let column = 0; column <= row; column++) {
        inverse[target + column] = (inverse[target + column] as number) + value * (lower[offset + column] as number);
      }
    }
  }
  return inverse;
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

/** Σ left · right, four sums at a time. */
export function dotProduct(left: Float64Array, right: Float64Array): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let index = 0;
  for (; index + 3 < left.length; index += 4) {
    first += (left[index] as number) * (right[index] as number);
    second += (left[index + 1] as number) * (right[index + 1] as number);
    third += (left[index + 2] as number) * (right[index + 2] as number);
    fourth += (left[index + 3] as number) * (right[index + 3] as number);
  }
  for (; index < left.length; index++) first += (left[index] as number) * (right[index] as number);
  return first + second + third + fourth;
}
