import type { Random } from '../../kernel/index.ts';
import { normalDistribution, normalQuantile, sampleNormal } from './sample-distributions.ts';

/** A model that may be chosen, with the belief of its reward: quality less weighted cost and latency. */
export interface Arm {
  readonly mean: number;
  /** 0 takes the mean as certain. */
  readonly deviation: number;
}

export interface ArmChoice {
  /** Place in the list of arms. */
  readonly index: number;
  /** The probability with which this choice was made, exploration included; never 0. */
  readonly propensity: number;
  /** Whether the draw differs from what is expected to be best. */
  readonly isExploration: boolean;
}

/** ε-greedy: with probability `explorationShare` any arm, else the one with the highest mean. The propensity is exact. */
export function chooseGreedily(means: readonly number[], explorationShare: number, random: Random): ArmChoice {
  const best = indexOfLargest(means);
  const index = random.next() < explorationShare ? Math.floor(random.next() * means.length) : best;
  const propensity = explorationShare / means.length + (index === best ? 1 - explorationShare : 0);
  return { index, propensity, isExploration: index !== best };
}

/**
 * Thompson sampling over independent normal beliefs with an exploration floor: with probability `explorationShare` any
 * arm, else the one whose draw is highest. `contenders` (places in `arms`, at least one) take part in the draw, the others
 * can be reached by the floor only. The propensity is exact but for the integral of {@link probabilityOfBest}.
 */
export function chooseByThompson(
  arms: readonly Arm[],
  contenders: readonly number[],
  explorationShare: number,
  random: Random,
): ArmChoice {
  const index = random.next() < explorationShare ? Math.floor(random.next() * arms.length) : draw();
  const place = contenders.indexOf(index);
  const wins =
    place < 0
      ? 0
      : probabilityOfBest(
          contenders.map((contender) => arms[contender] as Arm),
          place,
        );
  const best = indexOfLargest(arms.map(({ mean }) => mean));
  return {
    index,
    propensity: Math.max(explorationShare / arms.length + (1 - explorationShare) * wins, smallestPropensity),
    isExploration: index !== best,
  };

  function draw(): number {
    let chosen = contenders[0] ?? 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (const contender of contenders) {
      const arm = arms[contender] as Arm;
      const drawn = arm.mean + arm.deviation * sampleNormal(random);
      if (drawn > highest) {
        highest = drawn;
        chosen = contender;
      }
    }
    return chosen;
  }
}

/** Below the accuracy of the integral: a choice that happened was possible. */
const smallestPropensity = 1e-6;
const integrationPoints = 128;
const midpoints = Float64Array.from({ length: integrationPoints }, (_, index) =>
  normalQuantile((index + 0.5) / integrationPoints),
);

/**
 * The probability that the draw of arm `place` is the highest: E over that arm's own draw t of ∏ P(other ≤ t), by the
 * midpoint rule over 128 equally likely values of t. Within 0.002 of the integral (0.004 when another arm is certain).
 */
export function probabilityOfBest(arms: readonly Arm[], place: number): number {
  const own = arms[place] as Arm;
  let sum = 0;
  for (let point = 0; point < integrationPoints; point++) {
    const value = own.mean + own.deviation * (midpoints[point] as number);
    let product = 1;
    for (let index = 0; index < arms.length && product > 1e-4; index++) {
      if (index !== place) product *= probabilityBelow(arms[index] as Arm, value, index > place);
    }
    sum += product;
  }
  return sum / integrationPoints;
}

/** Between arms that are certain and equal, the earlier one wins, as in the draw. */
function probabilityBelow({ mean, deviation }: Arm, value: number, losesTies: boolean): number {
  if (deviation > 0) return normalDistribution((value - mean) / deviation);
  return value > mean || (losesTies && value === mean) ? 1 : 0;
}

export function indexOfLargest(values: readonly number[]): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  }
  return best;
}
