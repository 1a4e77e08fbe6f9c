import { describe, expect, test } from 'vitest';
import { chiSquareUpperTail, normalCdf, normalQuantile, studentQuantile } from './distributions.ts';
import { logGamma } from './log-gamma.ts';
import { noncentralStudentCdf } from './noncentral-t.ts';

function expectClose(actual: readonly number[], golden: readonly number[], relative: number): void {
  actual.forEach((value, i) => {
    expect(Math.abs(value / golden[i]! - 1), `${value} against ${golden[i]}`).toBeLessThan(relative);
  });
}

describe('distribution functions agree with scipy 1.10.1', () => {
  test('the normal quantile keeps its digits far out, where a naive one is minus infinity', () => {
    // scipy.stats.norm.ppf([1e-6, 1e-17, 1e-30, 1e-200, .2])
    const golden = [
      -4.753424308822899, -8.493793224109597, -11.464024688443613, -30.20559417958919, -0.8416212335729142,
    ];
    expectClose([1e-6, 1e-17, 1e-30, 1e-200, 0.2].map(normalQuantile), golden, 1e-8);
    for (const z of [-30, -12, -5, -1, 0.5, 3]) expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 9);
  });

  test('the upper tail of chi-square does not become zero', () => {
    // scipy.stats.chi2.sf([1, 3.84, 60, 400], [1, 1, 3, 3])
    const golden = [0.31731050786, 0.05004352125, 5.87823072691e-13, 2.2138865931e-86];
    const tails = [
      chiSquareUpperTail(1, 1),
      chiSquareUpperTail(3.84, 1),
      chiSquareUpperTail(60, 3),
      chiSquareUpperTail(400, 3),
    ];
    expectClose(tails, golden, 1e-8);
  });

  test('Student quantiles, log gamma and the noncentral t', () => {
    // scipy.stats.t.ppf(.975, 3.7); scipy.stats.t.ppf(1e-30, 30)
    expectClose(
      [studentQuantile(0.975, 3.7), studentQuantile(1e-30, 30)],
      [2.8675207071912086, -49.88819553304911],
      1e-9,
    );
    // scipy.special.gammaln([.1, 1.5, 10, 1000.5])
    expectClose(
      [0.1, 1.5, 10, 1000.5].map(logGamma),
      [2.25271265173, -0.12078223764, 12.8018274801, 5908.674175],
      1e-8,
    );
    // scipy.stats.nct.cdf([2, -1, .5], [5, 3, 40], [1.5, .5, 2])
    const noncentral = [
      noncentralStudentCdf(2, 5, 1.5),
      noncentralStudentCdf(-1, 3, 0.5),
      noncentralStudentCdf(0.5, 40, 2),
    ];
    expectClose(noncentral, [0.63144925, 0.09212121, 0.06670591], 1e-6);
  });
});
