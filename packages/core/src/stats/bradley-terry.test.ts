import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { bootstrapBradleyTerry } from './bootstrap-bradley-terry.ts';
import { type BradleyTerryFit, fitBradleyTerry, toRatingPoints } from './bradley-terry.ts';
import type { CannotTell } from './cannot-tell.ts';
import { rankRanges } from './rank-ranges.ts';
import type { Vote } from './vote.ts';
import { findVoteConnectivity } from './vote-connectivity.ts';

const votes: readonly Vote[] = [
  'A B left v1, A B left v2, B A left v3, A C left v1, C A left v2, B C tie v3, B C left v4, C B left v4, A B tie v4',
  'A C left v5, B C left v5, A D left v1, D A tie v2, C D right v3, D B right v5, D C left v6, B D left v6',
]
  .join(', ')
  .split(', ')
  .map((line) => {
    const [left, right, outcome, voter] = line.split(' ') as [string, string, Vote['outcome'], string];
    return { left, right, outcome, voter };
  });

function fitted(result: BradleyTerryFit | CannotTell): BradleyTerryFit {
  if (result.kind === 'cannot-tell') throw new Error(result.message);
  return result;
}

/** Votes of `voters` people over competitors with the given strengths, a tenth of them ties. */
function simulate(strengths: Readonly<Record<string, number>>, voters: number, perVoter: number, seed: number): Vote[] {
  const random = createSeededRandom(seed);
  const names = Object.keys(strengths);
  const pick = () => names[Math.floor(random.next() * names.length)]!;
  return Array.from({ length: voters * perVoter }, (_, i) => {
    const left = pick();
    let right = pick();
    while (right === left) right = pick();
    const share = 1 / (1 + Math.exp(strengths[right]! - strengths[left]!));
    const tie = random.next() < 0.1;
    const won = random.next() < share;
    return { left, right, outcome: tie ? 'tie' : won ? 'left' : 'right', voter: `v${i % voters}` };
  });
}

describe('strengths', () => {
  test('agree with statsmodels 0.13.5 (binomial GLM, ties as 0.5, cluster sandwich)', () => {
    // GLM(won, left - right dummies, Binomial()).fit(cov_type='cluster', cov_kwds={'groups': voter, 'use_correction': False})
    // re-centred to sum 0; variance times G/(G-1) = 6/5
    const fit = fitted(fitBradleyTerry(votes));
    const golden = {
      A: [0.59745699, 0.59013865],
      B: [0.3495611, 0.40470569],
      D: [-0.26567205, 0.40333276],
      C: [-0.68134604, 0.50690956],
    };
    expect(fit.competitors.map((competitor) => competitor.name)).toEqual(['A', 'B', 'D', 'C']);
    for (const { name, strength, standardError } of fit.competitors) {
      expect(strength).toBeCloseTo(golden[name as keyof typeof golden][0]!, 7);
      expect(standardError).toBeCloseTo(golden[name as keyof typeof golden][1]!, 7);
    }
    expect(fit.covariance[0]![1]).toBeCloseTo(0.04478714599994078, 7);
    expect(fit).toMatchObject({ voters: 6, degreesOfFreedom: 5, cautions: ['few-clusters'] });
    expect(toRatingPoints(0)).toBe(1_000);
  });

  test('sum to zero, turn around with every vote turned around, and do not depend on the order of votes', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const some = simulate({ a: 0.5, b: 0, c: -0.5 }, 8, 12, seed);
        const fit = fitBradleyTerry(some);
        if (fit.kind === 'cannot-tell') return;
        expect(fit.competitors.reduce((sum, { strength }) => sum + strength, 0)).toBeCloseTo(0, 8);
        const swap = { left: 'right', right: 'left', tie: 'tie' } as const;
        const turned = fitted(fitBradleyTerry(some.map((vote) => ({ ...vote, outcome: swap[vote.outcome] }))));
        const shuffled = fitted(
          fitBradleyTerry(
            some
              .toReversed()
              .map((vote) => ({ ...vote, left: vote.right, right: vote.left, outcome: swap[vote.outcome] })),
          ),
        );
        for (const { name, strength } of fit.competitors) {
          expect(turned.competitors.find((other) => other.name === name)!.strength).toBeCloseTo(-strength, 7);
          expect(shuffled.competitors.find((other) => other.name === name)!.strength).toBeCloseTo(strength, 7);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('the sandwich and a bootstrap over voters agree within 10 % on 40 voters', () => {
    const some = simulate({ a: 1, b: 0.4, c: 0, d: -0.3, e: -1.1 }, 40, 25, 2);
    const fit = fitted(fitBradleyTerry(some));
    const resampled = bootstrapBradleyTerry(some, { random: createSeededRandom(3), resamples: 1_000 });
    if (resampled.kind === 'cannot-tell') throw new Error(resampled.message);
    for (const { name, standardError } of fit.competitors) {
      expect(Math.abs(resampled.intervals.get(name)!.standardError / standardError - 1)).toBeLessThan(0.1);
    }
  });

  test('intervals cover the true strengths in 93 to 97 of 100 cases (400 runs × 4 competitors, 30 voters)', () => {
    const truth = { a: 0.7, b: 0.1, c: -0.2, d: -0.6 };
    // A tenth of the votes is a tie regardless of strength, which pulls log-odds towards 0: the limit of the estimate differs.
    const limit = fitted(fitBradleyTerry(simulate(truth, 30, 6_000, 99)));
    let covered = 0;
    for (let run = 0; run < 400; run++) {
      for (const { name, interval } of fitted(fitBradleyTerry(simulate(truth, 30, 20, run))).competitors) {
        const { strength } = limit.competitors.find((competitor) => competitor.name === name)!;
        if (interval.low <= strength && strength <= interval.high) covered++;
      }
    }
    expect(covered / 1_600).toBeGreaterThan(0.93);
    expect(covered / 1_600).toBeLessThan(0.97);
  });
});

describe('what votes cannot tell', () => {
  const vote = (left: string, right: string, outcome: Vote['outcome'], voter = 'v1'): Vote => ({
    left,
    right,
    outcome,
    voter,
  });

  test('two groups that nobody compared, and a competitor that never lost', () => {
    const apart = [vote('a', 'b', 'left'), vote('b', 'a', 'left', 'v2'), vote('c', 'd', 'tie', 'v3')];
    expect(fitBradleyTerry(apart)).toMatchObject({
      reason: 'disconnected',
      message: expect.stringContaining('2 groups'),
    });
    const unbeaten = [...votes, vote('Z', 'A', 'left'), vote('Z', 'B', 'left', 'v2')];
    expect(fitBradleyTerry(unbeaten)).toMatchObject({
      reason: 'disconnected',
      message: expect.stringContaining('only won'),
    });
    expect(findVoteConnectivity(unbeaten)).toMatchObject({
      islands: [['A', 'B', 'C', 'D', 'Z']],
      comparable: [['A', 'B', 'C', 'D'], ['Z']],
    });
    const rest = fitted(fitBradleyTerry(unbeaten, { scope: 'largest-group' }));
    expect(rest.competitors).toEqual(fitted(fitBradleyTerry(votes)).competitors);
  });

  test('no votes, one voter, votes against oneself; ties only put all on one strength', () => {
    expect(fitBradleyTerry([])).toMatchObject({ reason: 'empty' });
    expect(fitBradleyTerry([vote('a', 'a', 'left')])).toMatchObject({ reason: 'empty' });
    expect(fitBradleyTerry([vote('a', 'b', 'left'), vote('a', 'b', 'right')])).toMatchObject({ reason: 'too-few' });
    const ties = fitted(fitBradleyTerry([vote('a', 'b', 'tie'), vote('a', 'b', 'tie', 'v2')]));
    expect(ties.competitors.map(({ strength }) => Math.abs(strength))).toEqual([0, 0]);
    expect(rankRanges(ties)).toEqual([
      { name: 'a', best: 1, worst: 2 },
      { name: 'b', best: 1, worst: 2 },
    ]);
  });

  test('a chain of ten thousand competitors does not overflow the stack', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => vote(`m${i}`, `m${i + 1}`, 'left'));
    expect(findVoteConnectivity(chain).comparable).toHaveLength(10_001);
  });
});

describe('rank ranges', () => {
  test('hold the true rank of all five at once in at least 95 % of 200 runs, and close in with votes', () => {
    const truth = { a: 0.9, b: 0.5, c: 0.1, d: -0.4, e: -1.1 };
    let held = 0;
    for (let run = 0; run < 200; run++) {
      const ranges = rankRanges(fitted(fitBradleyTerry(simulate(truth, 30, 20, 500 + run))));
      const rank = (name: string) => 'abcde'.indexOf(name) + 1;
      if (ranges.every(({ name, best, worst }) => best <= rank(name) && rank(name) <= worst)) held++;
    }
    expect(held / 200).toBeGreaterThanOrEqual(0.95);
    expect(rankRanges(fitted(fitBradleyTerry(simulate(truth, 60, 200, 1))))).toEqual(
      [...'abcde'].map((name, i) => ({ name, best: i + 1, worst: i + 1 })),
    );
  });

  test('rank equals above each other in at most 7 % of 300 runs (nominal 5 %), next to clear winners and losers', () => {
    let wrong = 0;
    for (let run = 0; run < 300; run++) {
      const some = simulate({ a: 1.5, b: 0, c: 0, d: 0, e: -1.5 }, 40, 15, 900 + run);
      const equals = rankRanges(fitted(fitBradleyTerry(some))).filter(({ name }) => 'bcd'.includes(name));
      if (equals.some(({ best, worst }) => best > 2 || worst < 4)) wrong++;
    }
    expect(wrong / 300).toBeLessThanOrEqual(0.07);
  });
});
