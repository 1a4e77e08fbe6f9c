import type { Random } from '../../kernel/index.ts';
import { type Agreement, agreementOf } from './agreement.ts';
import { findPositionBias, type PositionBias } from './find-position-bias.ts';
import { preferenceByPairs, preferenceByScores, type SelfPreference } from './find-self-preference.ts';
import type { JudgeFacts } from './judge-fact.ts';

export interface JudgeReport {
  readonly type: JudgeFacts['type'];
  /** Verdicts in all. */
  readonly verdicts: number;
  /** By ratings and by votes of people. */
  readonly agreements: readonly Agreement[];
  /** Undefined for a rubric. */
  readonly positionBias: PositionBias | undefined;
  readonly selfPreference: SelfPreference;
  /** What to make of it, the gravest first. */
  readonly words: readonly string[];
}

/** A judge measured against people, its preference for a place and for its own kind. Pure; `random` is for the bootstrap. */
export function reportJudge(facts: JudgeFacts, random: Random): JudgeReport {
  const { type, places, scales, pairs } = facts;
  const ratings = scales.map(({ unit, judge, ratings: people }) => ({ unit, judge, people }));
  const votes = pairs.map(({ unit, judge, votes: people }) => ({
    unit,
    judge: sided(judge),
    people: people.map(sided),
  }));
  const agreements = [
    ...(type === 'rubric' ? [agreementOf(ratings, { basis: 'ratings', places: Math.min(5, places), random })] : []),
    agreementOf(votes, { basis: 'votes', places: 3, random }),
  ];
  const positionBias = type === 'pairwise' ? findPositionBias(pairs) : undefined;
  const selfPreference = type === 'rubric' ? preferenceByScores(scales) : preferenceByPairs(pairs);
  const verdicts = type === 'rubric' ? scales.length : pairs.length;
  const report = { type, verdicts, agreements, positionBias, selfPreference };
  return { ...report, words: wordsOf(report) };
}

/** 0, 0.5 or 1: who won, however clearly. */
const sided = (share: number): number => (share > 0.5 ? 1 : share < 0.5 ? 0 : 0.5);

const points = (share: number): string => `${Math.round(share * 1_000) / 10}`;

function wordsOf({ agreements, positionBias, selfPreference }: Omit<JudgeReport, 'words'>): readonly string[] {
  const words: string[] = [];
  const { excess } = selfPreference;
  if (selfPreference.isFlagged && excess.kind === 'estimate') {
    words.push(
      `It prefers its own kind: ${points(excess.estimate)} points more than people do (95 % interval ${points(excess.interval.low)} to ${points(excess.interval.high)}).`,
    );
  }
  if (positionBias?.isBiased && positionBias.firstPlace.kind === 'proportion') {
    const place = positionBias.firstPlace.estimate > 0.5 ? 'first' : 'second';
    words.push(
      `It prefers the answer in the ${place} place. Both orders are asked, so this costs power and not truth.`,
    );
  }
  for (const { basis, n, kappa, shareAgreed } of agreements) {
    if (kappa.kind === 'cannot-tell') words.push(kappa.message);
    else {
      const { estimate, interval } = kappa;
      const range = interval ? ` (95 % interval ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})` : '';
      const share = shareAgreed.kind === 'proportion' ? `, ${points(shareAgreed.estimate)} % the same` : '';
      words.push(`By ${basis} of people on ${n}: kappa ${estimate.toFixed(2)}${range}${share}: ${gradeOf(kappa)}.`);
    }
  }
  return words;
}

/** By the lower end of the interval, so that few answers earn no praise; bounds of Landis & Koch (1977). */
function gradeOf({
  estimate,
  interval,
}: {
  readonly estimate: number;
  readonly interval: { low: number } | undefined;
}): string {
  const sure = interval?.low ?? estimate;
  if (sure >= 0.6) return 'it agrees well';
  if (sure >= 0.4) return 'it agrees fairly';
  if (estimate >= 0.4) return 'it may agree; judge more by hand to be sure';
  return 'it does not agree enough to decide alone';
}
