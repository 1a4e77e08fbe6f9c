import type { AnsweredItem, AnswerFact } from '@switchyard/core/experiments';
import type { CannotScoreReason } from '@switchyard/core/scoring';
import type { ExperimentAnswer } from '../../generated/prisma/client.ts';
import type { StoredScores } from './score-answers.ts';

type AnswerRow = Omit<ExperimentAnswer, 'output' | 'failureMessage'>;

/** What of a row says how good an answer was. */
export type AnswerFacts = Pick<
  ExperimentAnswer,
  | 'variant'
  | 'repeat'
  | 'failure'
  | 'contamination'
  | 'costNanoUsd'
  | 'latencyMs'
  | 'timeToFirstTokenMs'
  | 'outputTokens'
  | 'scores'
>;

interface RatedRow {
  readonly position: number;
  readonly repeat: number;
  readonly variant: string;
  readonly _avg: { readonly rating: number | null };
}

/** Rows as the domain reads them; `items` in the order in which they were completed. */
export function toAnsweredItems(
  items: readonly { readonly position: number; readonly key: string; readonly cluster: string | null }[],
  answers: readonly AnswerRow[],
  ratings: readonly RatedRow[] = [],
): readonly AnsweredItem[] {
  const byPosition = Map.groupBy(answers, ({ position }) => position);
  const placeOf = ({ position, repeat, variant }: Omit<RatedRow, '_avg'>) => `${position}/${repeat}/${variant}`;
  const rated = new Map(ratings.map((row) => [placeOf(row), row._avg.rating]));
  return items.map(({ position, key, cluster }) => ({
    itemId: key,
    ...(cluster !== null && { cluster }),
    answers: (byPosition.get(position) ?? []).map((row) => toAnswerFact(row, rated.get(placeOf(row)) ?? undefined)),
  }));
}

/** `rating` is the mean of 1 to 5. */
export function toAnswerFact(
  row: Omit<AnswerFacts, 'scores'> & { readonly scores: unknown },
  rating?: number,
): AnswerFact {
  const scores = Object.entries(row.scores as unknown as StoredScores).map(([id, stored]) => [
    id,
    'score' in stored ? stored.score : (stored.missing as CannotScoreReason),
  ]);
  return {
    variant: row.variant,
    repeat: row.repeat,
    failure: row.failure ?? undefined,
    contamination: (row.contamination ?? undefined) as AnswerFact['contamination'],
    costNanoUsd: row.costNanoUsd ?? undefined,
    latencyMs: row.latencyMs ?? undefined,
    timeToFirstTokenMs: row.timeToFirstTokenMs ?? undefined,
    outputTokens: row.outputTokens ?? undefined,
    ...(rating !== undefined && { rating: (rating - 1) / 4 }),
    scores: Object.fromEntries(scores),
  };
}
