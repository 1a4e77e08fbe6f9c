import {
  type BradleyTerryFit,
  type CannotTell,
  fitBradleyTerry,
  rankRanges,
  toRatingPoints,
  type Vote,
} from '../../stats/index.ts';

/** One choice of one person between two answers whose makers were hidden. */
export interface PairVote {
  readonly left: string;
  readonly right: string;
  /** 'both-bad' counts as a tie for the ranking and is shown apart. */
  readonly choice: 'left' | 'right' | 'tie' | 'both-bad';
  readonly voter: string;
}

export interface LeaderboardRow {
  readonly name: string;
  /** 1,000 is average, 400 points are odds of ten to one. */
  readonly points: number;
  readonly lowPoints: number;
  readonly highPoints: number;
  /** Chance to win against an average competitor, ties as half. */
  readonly winShare: number;
  readonly bestRank: number;
  readonly worstRank: number;
  readonly votes: number;
  readonly bothBad: number;
}

export interface Leaderboard {
  readonly rows: readonly LeaderboardRow[];
  readonly voters: number;
  readonly votes: number;
  readonly cautions: BradleyTerryFit['cautions'];
}

/** Who wins by votes: Bradley–Terry, ties as half, errors clustered by voter, ranks that hold for all together. */
export function buildLeaderboard(votes: readonly PairVote[]): Leaderboard | CannotTell {
  const fit = fitBradleyTerry(
    votes.map(
      ({ left, right, choice, voter }): Vote => ({
        left,
        right,
        voter,
        outcome: choice === 'both-bad' ? 'tie' : choice,
      }),
    ),
  );
  if (fit.kind === 'cannot-tell') return fit;
  const ranges = new Map(rankRanges(fit).map((range) => [range.name, range]));
  return {
    rows: fit.competitors.map(({ name, strength, interval, winShare, votes: count }) => ({
      name,
      points: toRatingPoints(strength),
      lowPoints: toRatingPoints(interval.low),
      highPoints: toRatingPoints(interval.high),
      winShare,
      bestRank: ranges.get(name)!.best,
      worstRank: ranges.get(name)!.worst,
      votes: count,
      bothBad: votes.filter((vote) => vote.choice === 'both-bad' && (vote.left === name || vote.right === name)).length,
    })),
    voters: fit.voters,
    votes: votes.length,
    cautions: fit.cautions,
  };
}
