import type { Random } from '../../kernel/index.ts';

/** A draw from the standard normal distribution (Box and Muller's method, two uniform draws each time). */
export function sampleNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/**
 * A draw from the gamma distribution with `shape` > 0 and scale 1 (Marsaglia and Tsang, 2000; shapes below 1 by their
 * boost `gamma(shape + 1) · uniform^(1/shape)`).
 */
export function sampleGamma(shape: number, random: Random): number {
  if (shape < 1) return sampleGamma(shape + 1, random) * (1 - random.next()) ** (1 / shape);
  const base = shape - 1 / 3;
  const scale = 1 / Math.sqrt(9 * base);
  for (;;) {
    const normal = sampleNormal(random);
    const cubed = (1 + scale * normal) ** 3;
    if (cubed <= 0) continue;
    const uniform = 1 - random.next();
    if (Math.log(uniform) < 0.5 * normal * normal + base - base * cubed + base * Math.log(cubed)) return base * cubed;
  }
}

/** A draw from the beta distribution with both shapes > 0. Always in [0, 1]. */
export function sampleBeta(alpha: number, beta: number, random: Random): number {
  const first = sampleGamma(alpha, random);
  const second = sampleGamma(beta, random);
  return first + second > 0 ? first / (first + second) : 0.5;
}

const tableStep = 1 / 256;
const tableReach = 8;
const distributionTable = Float64Array.from({ length: (2 * tableReach) / tableStep + 2 }, (_, index) =>
  exactDistribution(-tableReach + index * tableStep),
);

/** P(Z ≤ z) of the standard normal distribution from a table, within 5·10⁻⁷. */
export function normalDistribution(z: number): number {
  if (!(z > -tableReach)) return 0;
  if (z >= tableReach) return 1;
  const place = (z + tableReach) / tableStep;
  const index = Math.floor(place);
  const below = distributionTable[index] ?? 0;
  return below + (place - index) * ((distributionTable[index + 1] ?? 1) - below);
}

/** `erfc` by the rational approximation of Numerical Recipes (Press et al., 6.2.2), relative error 1.2·10⁻⁷. */
function exactDistribution(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const tail = t * Math.exp(-x * x + coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0));
  return z >= 0 ? 1 - tail / 2 : tail / 2;
}

/** The z with P(Z ≤ z) = `share` (0–1, exclusive): Acklam's rational approximation, relative error 1.2·10⁻⁹. */
export function normalQuantile(share: number): number {
  const low = 0.02425;
  if (share < low) return tailQuantile(Math.sqrt(-2 * Math.log(share)));
  if (share > 1 - low) return -tailQuantile(Math.sqrt(-2 * Math.log(1 - share)));
  const q = share - 0.5;
  const r = q * q;
  const numerator =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
    2.506628277459239;
  const denominator =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return (q * numerator) / denominator;
}

function tailQuantile(q: number): number {
  const numerator =
    ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783;
  const denominator =
    (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return numerator / denominator;
}
