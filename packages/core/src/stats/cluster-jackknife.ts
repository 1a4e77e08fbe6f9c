import { addOuterProduct, invertSymmetric, type Matrix, multiply, zeroMatrix } from './symmetric-matrix.ts';

/**
 * CR3 covariance of least squares: (G−1)/G · Σ_g (β₋g − β)(β₋g − β)ᵀ, β₋g the fit without cluster g (jackknife; MacKinnon,
 * Nielsen & Webb 2023, "Fast and reliable jackknife and bootstrap methods for cluster-robust inference"). Undefined
 * when the fit without some cluster does not exist, e.g. when it alone holds a variant. `gram` is XᵀX, `cross` Xᵀy.
 */
export function jackknifeCovariance(
  data: {
    readonly design: readonly (readonly number[])[];
    readonly outcomes: readonly number[];
    readonly clusters: readonly string[];
  },
  fit: { readonly gram: Matrix; readonly cross: readonly number[]; readonly beta: readonly number[] },
): Matrix | undefined {
  const rowsOf = Map.groupBy(data.clusters.keys(), (i) => data.clusters[i]!);
  const covariance = zeroMatrix(fit.beta.length);
  for (const rows of rowsOf.values()) {
    const gram = fit.gram.map((row) => [...row]);
    const cross = [...fit.cross];
    for (const i of rows) {
      addOuterProduct(gram, data.design[i]!, -1);
      data.design[i]!.forEach((value, k) => {
        cross[k]! -= value * data.outcomes[i]!;
      });
    }
    const inverse = invertSymmetric(gram);
    if (!inverse) return undefined;
    const without = multiply(inverse, cross);
    addOuterProduct(
      covariance,
      without.map((value, k) => value - fit.beta[k]!),
      (rowsOf.size - 1) / rowsOf.size,
    );
  }
  return covariance;
}
