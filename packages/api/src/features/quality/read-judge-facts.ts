import { type ExperimentDefinition, readExperiment } from '@switchyard/core/experiments';
import { type Judge, type JudgeFacts, judgeKinship, type PairFact, type ScaleFact } from '@switchyard/core/scoring';
import type { Experiment, PrismaClient } from '../../generated/prisma/client.ts';
import type { StoredScores } from '../experiments/score-answers.ts';

/** Answers of one test that are looked at: items stand in random order, so the first ones are a fair sample. */
const mostAnswers = 20_000;

/** One judge of one test with all that it and people said. */
export interface JudgeOfTest {
  /** Its id in the definition. */
  readonly scorer: string;
  readonly judge: Judge;
  /** The saved scorer that it is a copy of. */
  readonly savedId: string | undefined;
  readonly facts: JudgeFacts;
}

interface AnswerRow {
  readonly position: number;
  readonly repeat: number;
  readonly variant: string;
  readonly answeredModelId: string | null;
  readonly scores: unknown;
}

/** The judges of a test beside the people who judged the same answers. `row` must be of the team that asks. */
export async function readJudges(
  prisma: PrismaClient,
  row: Pick<Experiment, 'id' | 'teamId' | 'definition' | 'state'>,
  only?: (scorer: ExperimentDefinition['scorers'][string]) => boolean,
): Promise<readonly JudgeOfTest[]> {
  if (row.state === 'draft') return [];
  const { definition } = readExperiment(JSON.parse(row.definition));
  if (!definition) return [];
  const judges = Object.entries(definition.scorers).flatMap(([scorer, each]) =>
    'judge' in each && (!only || only(each)) ? [{ scorer, judge: each.judge, savedId: each.saved?.id }] : [],
  );
  if (judges.length === 0) return [];
  const where = { experimentId: row.id };
  const [answers, ratings, votes] = await Promise.all([
    prisma.experimentAnswer.findMany({
      where: { ...where, failure: null },
      select: { position: true, repeat: true, variant: true, answeredModelId: true, scores: true },
      orderBy: [{ position: 'asc' }, { repeat: 'asc' }, { variant: 'asc' }],
      take: mostAnswers,
    }),
    prisma.experimentRating.findMany({ where }),
    prisma.experimentVote.findMany({ where: { ...where, teamId: row.teamId } }),
  ]);
  const ratingsOf = Map.groupBy(ratings, placeOf);
  const answerAt = new Map(answers.map((answer) => [placeOf(answer), answer]));
  const votesOf = Map.groupBy(votes, ({ position, repeat, first, second }) => pairKey(position, repeat, first, second));
  const unitOf = (position: number) => `${row.id}/${position}`;
  const modelOf = ({ variant, answeredModelId }: AnswerRow) =>
    answeredModelId ?? definition.variants.find(({ key }) => key === variant)?.model ?? '';
  return judges.map(({ scorer, judge, savedId }): JudgeOfTest => {
    const kinship = (answer: AnswerRow) => judgeKinship(judge.model, modelOf(answer));
    if (judge.type === 'rubric') {
      const scales = answers.flatMap((answer): readonly ScaleFact[] => {
        const score = scoreOf(answer, scorer)?.score;
        if (score === undefined) return [];
        const people = (ratingsOf.get(placeOf(answer)) ?? []).map(({ rating }) => (rating - 1) / 4);
        return [{ unit: unitOf(answer.position), judge: score, ratings: people, kinship: kinship(answer) }];
      });
      const pairs = [...votesOf.values()].flatMap((cast): readonly PairFact[] => {
        const { position, repeat, first, second } = cast[0]!;
        const [one, other] = [first, second].map((variant) => answerAt.get(placeOf({ position, repeat, variant })));
        const [left, right] = [one, other].map((answer) => answer && scoreOf(answer, scorer)?.score);
        if (!one || !other || left === undefined || right === undefined) return [];
        const verdict = right > left ? 1 : right < left ? 0 : 0.5;
        const kin = { firstKinship: kinship(one), secondKinship: kinship(other) };
        return [{ unit: unitOf(position), judge: verdict, votes: cast.map(shareOfSecond), ...kin }];
      });
      const { min, max } = judge.scale;
      return { scorer, judge, savedId, facts: { type: 'rubric', places: max - min + 1, scales, pairs } };
    }
    const pairs = answers.flatMap((answer): readonly PairFact[] => {
      const { position, repeat, variant } = answer;
      const stored = scoreOf(answer, scorer);
      const baseline = answerAt.get(placeOf({ position, repeat, variant: definition.baseline }));
      if (!stored || !baseline || variant === definition.baseline) return [];
      const [first = '', second = ''] = [definition.baseline, variant].sort();
      const cast = votesOf.get(pairKey(position, repeat, first, second)) ?? [];
      const shares = cast.map(shareOfSecond).map((share) => (second === variant ? share : 1 - share));
      return [
        {
          ...{ unit: unitOf(position), judge: stored.score, orders: stored.orders, votes: shares },
          ...{ firstKinship: kinship(baseline), secondKinship: kinship(answer) },
        },
      ];
    });
    return { scorer, judge, savedId, facts: { type: 'pairwise', places: 3, scales: [], pairs } };
  });
}

const placeOf = ({ position, repeat, variant }: Pick<AnswerRow, 'position' | 'repeat' | 'variant'>): string =>
  `${position}/${repeat}/${variant}`;

const pairKey = (position: number, repeat: number, first: string, second: string): string =>
  `${position}/${repeat}/${first}/${second}`;

function scoreOf({ scores }: AnswerRow, scorer: string) {
  const all = scores as StoredScores;
  const stored = Object.hasOwn(all, scorer) ? all[scorer] : undefined;
  return stored && 'score' in stored ? stored : undefined;
}

const shareOfSecond = ({ choice }: { readonly choice: string }): number =>
  choice === 'second' ? 1 : choice === 'first' ? 0 : 0.5;
