import { createRequire } from 'node:module';
import type beta from '@stdlib/stats-base-dists-beta';
import type binomial from '@stdlib/stats-base-dists-binomial';
import type chisquare from '@stdlib/stats-base-dists-chisquare';
import type normal from '@stdlib/stats-base-dists-normal';
import type t from '@stdlib/stats-base-dists-t';
import { logGamma } from './log-gamma.ts';

// The only door to `@stdlib`; every function is plain numbers in, plain number out. The packages are some hundred files and
// 40 MB once loaded, so each waits for its first use: a server without a test running, or with sketches only, never pays.

const load = createRequire(import.meta.url);

function once<Module>(name: string): () => Module {
  let module: Module | undefined;
  return () => {
    module ??= load(name) as Module;
    return module;
  };
}

const betaLibrary = once<typeof beta>('@stdlib/stats-base-dists-beta');
const binomialLibrary = once<typeof binomial>('@stdlib/stats-base-dists-binomial');
const chisquareLibrary = once<typeof chisquare>('@stdlib/stats-base-dists-chisquare');
const normalLibrary = once<typeof normal>('@stdlib/stats-base-dists-normal');
const studentLibrary = once<typeof t>('@stdlib/stats-base-dists-t');

/** P(Z ≤ z) of the standard normal; accurate in the lower tail, so ask for `normalCdf(-z)` instead of `1 - normalCdf(z)`. */
export function normalCdf(z: number): number {
  return normalLibrary().cdf(z, 0, 1);
}

/**
 * The z with P(Z ≤ z) = p, 0 < p < 1. Below 1e-5 the library loses digits (and is −∞ at 1e-17), so it is polished there
 * by Newton steps on log Φ, started at the asymptotic −√(−2 ln p − ln(−2 ln p) − ln 2π) (Abramowitz & Stegun 26.2.12).
 */
export function normalQuantile(p: number): number {
  if (p >= 1e-5) return normalLibrary().quantile(p, 0, 1);
  if (!(p > 0)) return Number.NEGATIVE_INFINITY;
  const logP = Math.log(p);
  let z = -Math.sqrt(-2 * logP - Math.log(-2 * logP) - Math.log(2 * Math.PI));
  for (let step = 0; step < 12; step++) {
    const cdf = normalLibrary().cdf(z, 0, 1);
    const change = ((Math.log(cdf) - logP) * cdf) / normalDensity(z);
    z -= change;
    if (Math.abs(change) < 1e-14 * Math.abs(z)) break;
  }
  return z;
}

export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** P(T ≤ x) of Student's t with `df` > 0 degrees of freedom (a fraction is allowed). */
export function studentCdf(x: number, df: number): number {
  return df === Number.POSITIVE_INFINITY ? normalCdf(x) : studentLibrary().cdf(x, df);
}

/** The x with P(T ≤ x) = p. */
export function studentQuantile(p: number, df: number): number {
  return df === Number.POSITIVE_INFINITY ? normalQuantile(p) : studentLibrary().quantile(p, df);
}

/** P(|T| ≥ |x|). */
export function studentTwoSided(x: number, df: number): number {
  return Math.min(1, 2 * studentCdf(-Math.abs(x), df));
}

export function betaQuantile(p: number, alpha: number, betaParameter: number): number {
  return betaLibrary().quantile(p, alpha, betaParameter);
}

/** P(B ≤ successes) for B ~ Binomial(trials, probability); 0 below zero successes. */
export function binomialCdf(successes: number, trials: number, probability: number): number {
  return successes < 0 ? 0 : binomialLibrary().cdf(successes, trials, probability);
}

export function binomialProbability(successes: number, trials: number, probability: number): number {
  return binomialLibrary().pmf(successes, trials, probability);
}

/**
 * P(X ≥ x) of chi-square with `df` degrees of freedom. The library has no upper tail; beyond the mean it is computed as
 * the regularised upper gamma Q(df/2, x/2) by its continued fraction (Abramowitz & Stegun 6.5.31, modified Lentz), which
 * keeps its digits at p = 1e-80 where 1 − cdf is 0.
 */
export function chiSquareUpperTail(x: number, df: number): number {
  if (x <= 0) return 1;
  const a = df / 2;
  const half = x / 2;
  if (half < a + 1) return 1 - chisquareLibrary().cdf(x, df);
  let b = half + 1 - a;
  let c = 1 / 1e-300;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 500; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b || 1e-300);
    c = b + numerator / c || 1e-300;
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return Math.exp(-half + a * Math.log(half) - logGamma(a)) * fraction;
}
