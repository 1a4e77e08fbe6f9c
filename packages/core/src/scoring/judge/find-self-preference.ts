import {
  type CannotTell,
  cannotTell,
  clusterRobustDifference,
  clusterRobustMean,
  type Estimate,
} from '../../stats/index.ts';
import type { PairFact, ScaleFact } from './judge-fact.ts';

/** Whether a judge likes what its own model or vendor wrote more than people do. */
export interface SelfPreference {
  /** Verdicts on answers of its own model or vendor, and on those of others; of pairs only those with one of each. */
  readonly ownVerdicts: number;
  readonly otherVerdicts: number;
  /** Mean score, or share of the pairs won; undefined without a verdict. */
  readonly ownMean: number | undefined;
  readonly otherMean: number | undefined;
  /** How much more the judge likes its own than people do, beyond how it differs from them on others. */
  readonly excess: Estimate | CannotTell;
  /** The interval of the excess lies above zero. */
  readonly isFlagged: boolean;
}

const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

const fewestOfEach = 10;

/** By scores: the judge's less the people's on the same answers, of its own kind beside others. Errors by item. */
export function preferenceByScores(scales: readonly ScaleFact[]): SelfPreference {
  const [own, others] = [scales.filter(isKin), scales.filter((fact) => !isKin(fact))];
  const beyondPeople = (facts: readonly ScaleFact[]) =>
    facts.flatMap(({ unit, judge, ratings }) => {
      const people = meanOf(ratings);
      return people === undefined ? [] : [{ value: judge - people, cluster: unit }];
    });
  const [ownRated, othersRated] = [beyondPeople(own), beyondPeople(others)];
  const excess =
    ownRated.length < fewestOfEach || othersRated.length < fewestOfEach
      ? tooFewRated(own.length, `${ownRated.length} answers of its own kind and ${othersRated.length} of others`)
      : clusterRobustDifference(othersRated, ownRated, { errors: 'cr3' });
  return {
    ownVerdicts: own.length,
    otherVerdicts: others.length,
    ownMean: meanOf(own.map(({ judge }) => judge)),
    otherMean: meanOf(others.map(({ judge }) => judge)),
    excess,
    isFlagged: excess.kind === 'estimate' && excess.interval.low > 0,
  };
}

const isKin = ({ kinship }: { readonly kinship: string }): boolean => kinship !== 'none';

/** By pairs with one answer of its own kind: the judge's share for it less that of the people on the same pairs. */
export function preferenceByPairs(pairs: readonly PairFact[]): SelfPreference {
  const mixed = pairs.flatMap(({ unit, judge, votes, firstKinship, secondKinship }) => {
    const [isFirst, isSecond] = [firstKinship !== 'none', secondKinship !== 'none'];
    if (isFirst === isSecond) return [];
    const own = (share: number) => (isSecond ? share : 1 - share);
    return [{ unit, judge: own(judge), people: meanOf(votes.map(own)) }];
  });
  const judged = mixed.flatMap(({ unit, judge, people }) =>
    people === undefined ? [] : [{ value: judge - people, cluster: unit }],
  );
  const excess =
    judged.length < fewestOfEach
      ? tooFewRated(mixed.length, `${judged.length} pairs with one answer of its own kind`)
      : clusterRobustMean(judged, { errors: 'cr3' });
  const ownMean = meanOf(mixed.map(({ judge }) => judge));
  return {
    ownVerdicts: mixed.length,
    otherVerdicts: mixed.length,
    ownMean,
    otherMean: ownMean === undefined ? undefined : 1 - ownMean,
    excess,
    isFlagged: excess.kind === 'estimate' && excess.interval.low > 0,
  };
}

function tooFewRated(ownVerdicts: number, what: string): CannotTell {
  if (ownVerdicts === 0) return cannotTell('empty', 'It has judged nothing of its own model or vendor.');
  return cannotTell('too-few', `Too few to tell: people have judged ${what}; it takes ${fewestOfEach}.`);
}
