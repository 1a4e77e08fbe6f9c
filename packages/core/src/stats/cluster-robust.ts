import { type CannotTell, cannotTell, findSampleProblem, requireSameLength } from './cannot-tell.ts';
import { jackknifeCovariance } from './cluster-jackknife.ts';
import { type ConfidenceOption, type Estimate, studentEstimate } from './estimate.ts';
import { addOuterProduct, invertSymmetric, type Matrix, multiply, sandwich, zeroMatrix } from './symmetric-matrix.ts';

/** One measured value and what it depends on: values of one cluster (user, session, document) are not independent. */
export interface ClusteredValue {
  readonly value: number;
  readonly cluster: string;
}

export interface ClusterOptions extends ConfidenceOption {
  /**
   * 'cr1' unless given. 'cr3' (jackknife) is wider and right more often when clusters are few or uneven and each holds one
   * variant only; see docs/statistics.md for both coverages.
   */
  readonly errors?: 'cr1' | 'cr3';
}

export interface RegressionResult {
  readonly kind: 'regression';
  /** One per column of the design, in its order; the unit is that of the outcome per unit of the column. */
  readonly coefficients: readonly Estimate[];
  readonly clusters: number;
}

/**
 * Ordinary least squares with cluster-robust errors: CR1 (Liang & Zeger 1986; factor G/(G−1) · (N−1)/(N−K)) and t with
 * G − 1 degrees of freedom (Cameron & Miller 2015, sec. VI.A). `design` holds one row of K numbers per outcome, an
 * intercept only if you add a column of ones. "Cannot tell" with fewer than 2 clusters, no more rows than columns, or
 * columns that depend on each other; under 10 clusters the caution 'few-clusters' (intervals tend to be too narrow).
 */
export function clusterRobustRegression(
  design: readonly (readonly number[])[],
  outcomes: readonly number[],
  clusters: readonly string[],
  options: ClusterOptions = {},
): RegressionResult | CannotTell {
  requireSameLength(design, outcomes, 'design and outcomes');
  requireSameLength(clusters, outcomes, 'clusters and outcomes');
  const problem = findSampleProblem(outcomes, 2, 'the outcome') ?? findSampleProblem(design.flat(), 1, 'the design');
  if (problem) return problem;
  const rows = outcomes.length;
  const columns = design[0]!.length;
  if (rows <= columns) return cannotTell('too-few', `It takes more than ${columns} rows, there are ${rows}.`);
  const gram = zeroMatrix(columns);
  const cross = new Array<number>(columns).fill(0);
  design.forEach((row, i) => {
    addOuterProduct(gram, row);
    row.forEach((value, k) => {
      cross[k]! += value * outcomes[i]!;
    });
  });
  const bread = invertSymmetric(gram);
  if (!bread) return cannotTell('not-identified', 'Two columns carry the same information; drop one of them.');
  const beta = multiply(bread, cross);
  const count = new Set(clusters).size;
  if (count < 2) return cannotTell('too-few', 'All values belong to one cluster; it takes two at least, better ten.');
  const data = { design, outcomes, clusters };
  const covariance =
    options.errors === 'cr3' ? jackknifeCovariance(data, { gram, cross, beta }) : cr1Covariance(data, bread, beta);
  if (!covariance) {
    return cannotTell(
      'not-identified',
      'One cluster alone holds a variant; it takes two clusters per variant at least.',
    );
  }
  const scale = outcomes.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const coefficients: Estimate[] = [];
  for (let k = 0; k < columns; k++) {
    const variance = covariance[k]![k]!;
    const dust = scale * scale * bread[k]![k]! * 1e-26;
    const estimate = studentEstimate(
      {
        estimate: beta[k]!,
        standardError: variance > dust ? Math.sqrt(variance) : 0,
        degreesOfFreedom: count - 1,
      },
      { ...options, cautions: count < 10 ? ['few-clusters'] : [] },
    );
    if (estimate.kind === 'cannot-tell') return estimate;
    coefficients.push(estimate);
  }
  return { kind: 'regression', coefficients, clusters: count };
}

function cr1Covariance(
  data: {
    readonly design: readonly (readonly number[])[];
    readonly outcomes: readonly number[];
    readonly clusters: readonly string[];
  },
  bread: Matrix,
  beta: readonly number[],
): Matrix {
  const rows = data.outcomes.length;
  const columns = beta.length;
  const scores = new Map<string, number[]>();
  data.design.forEach((row, i) => {
    const residual = data.outcomes[i]! - row.reduce((sum, value, k) => sum + value * beta[k]!, 0);
    const score = scores.get(data.clusters[i]!) ?? new Array<number>(columns).fill(0);
    row.forEach((value, k) => {
      score[k]! += value * residual;
    });
    scores.set(data.clusters[i]!, score);
  });
  const factor = (scores.size / (scores.size - 1)) * ((rows - 1) / (rows - columns));
  const meat = zeroMatrix(columns);
  for (const score of scores.values()) addOuterProduct(meat, score, factor);
  return sandwich(bread, meat);
}

/** Mean of clustered values with CR1 error and t(G − 1): the regression on a constant. Unit of the data. */
export function clusterRobustMean(
  values: readonly ClusteredValue[],
  options: ClusterOptions = {},
): Estimate | CannotTell {
  const fit = clusterRobustRegression(
    values.map(() => [1]),
    values.map((entry) => entry.value),
    values.map((entry) => entry.cluster),
    options,
  );
  return fit.kind === 'cannot-tell' ? fit : fit.coefficients[0]!;
}

/**
 * Difference of two means, variant minus baseline, when values come in clusters; a cluster may hold values of both sides
 * (the same user or document) or of one. The regression on a constant and the arm.
 */
export function clusterRobustDifference(
  baseline: readonly ClusteredValue[],
  variant: readonly ClusteredValue[],
  options: ClusterOptions = {},
): Estimate | CannotTell {
  if (baseline.length === 0) return cannotTell('empty', 'There are no values for baseline yet.');
  if (variant.length === 0) return cannotTell('empty', 'There are no values for variant yet.');
  const all = [...baseline, ...variant];
  const fit = clusterRobustRegression(
    all.map((_, i) => [1, i < baseline.length ? 0 : 1]),
    all.map((entry) => entry.value),
    all.map((entry) => entry.cluster),
    options,
  );
  return fit.kind === 'cannot-tell' ? fit : fit.coefficients[1]!;
}
