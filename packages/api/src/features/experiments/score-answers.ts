import type { ExperimentDefinition } from '@switchyard/core/experiments';
import {
  buildPairCall,
  buildRubricCall,
  cannotScore,
  combinePairVerdicts,
  type Judge,
  type JudgedTask,
  type PairVerdict,
  readPairVerdict,
  readRubricVerdict,
  type Score,
  scoreAnswer,
} from '@switchyard/core/scoring';
import { checkAgainstSchema } from '@switchyard/core/workflows';
import type { CallResult } from './ask-variant.ts';

/** A score as it is stored. */
export type StoredScore =
  | { readonly score: number; readonly why: string; readonly orders?: PairOrders }
  | { readonly missing: string; readonly why: string };

/** Whom a pairwise judge chose in each order: the answer shown first or second, or neither. */
export interface PairOrders {
  readonly baselineFirst: PairVerdict['winner'];
  readonly variantFirst: PairVerdict['winner'];
}

export type StoredScores = Readonly<Record<string, StoredScore>>;

/** Asks a judge; says what came back and what it cost. */
export type AskJudge = (judge: Judge, call: ReturnType<typeof buildRubricCall>) => Promise<CallResult>;

export interface AnswerToScore {
  readonly text: string;
  readonly latencyMs: number | undefined;
  readonly timeToFirstTokenMs: number | undefined;
}

/** What the scorers that need no model say. */
export function scoreByChecks(
  scorers: ExperimentDefinition['scorers'],
  task: JudgedTask,
  answer: AnswerToScore,
): StoredScores {
  return Object.fromEntries(
    Object.entries(scorers).flatMap(([id, scorer]) => {
      if (!('check' in scorer)) return [];
      return [[id, toStored(scoreAnswer(scorer.check, { ...answer, expected: task.expected }, checkAgainstSchema))]];
    }),
  );
}

/**
 * What the judges say of the answers to one item, by variant. A rubric is asked for each answer, a pair for each variant
 * against the baseline, in both orders. Scores that are there already are not asked for again.
 */
export async function scoreByJudges(
  definition: ExperimentDefinition,
  task: JudgedTask,
  answers: ReadonlyMap<string, { readonly text: string; readonly scores: StoredScores }>,
  ask: AskJudge,
): Promise<ReadonlyMap<string, { readonly scores: StoredScores; readonly costNanoUsd: bigint }>> {
  const found = new Map<string, { scores: Record<string, StoredScore>; costNanoUsd: bigint }>();
  const work: Promise<void>[] = [];
  for (const [id, scorer] of Object.entries(definition.scorers)) {
    if (!('judge' in scorer)) continue;
    const { judge } = scorer;
    for (const [variant, { text, scores }] of answers) {
      if (Object.hasOwn(scores, id)) continue;
      const baseline = answers.get(definition.baseline);
      if (judge.type === 'pairwise' && (variant === definition.baseline || !baseline)) continue;
      const judged =
        judge.type === 'rubric'
          ? judgeAlone(judge, task, text, ask)
          : judgePair(judge, task, baseline!.text, text, ask);
      work.push(
        judged.then(({ score, costNanoUsd }) => {
          const entry = found.get(variant) ?? { scores: {}, costNanoUsd: 0n };
          entry.scores[id] = score;
          entry.costNanoUsd += costNanoUsd;
          found.set(variant, entry);
        }),
      );
    }
  }
  await Promise.all(work);
  return found;
}

interface Judged {
  readonly score: StoredScore;
  readonly costNanoUsd: bigint;
}

/** Where a judge places one answer, and what that cost. */
export async function judgeAlone(
  judge: Judge & { type: 'rubric' },
  task: JudgedTask,
  text: string,
  ask: AskJudge,
): Promise<Judged> {
  const answer = await ask(judge, buildRubricCall(judge, task, text));
  const score = answer.failure === undefined ? readRubricVerdict(judge, answer) : failed(answer);
  return { score: toStored(score), costNanoUsd: answer.costNanoUsd ?? 0n };
}

/** What a judge says of two answers in both orders: the score is the share of the pair that `variant` won. */
export async function judgePair(
  judge: Judge & { type: 'pairwise' },
  task: JudgedTask,
  baseline: string,
  variant: string,
  ask: AskJudge,
): Promise<Judged> {
  const answers = await Promise.all([
    ask(judge, buildPairCall(judge, task, baseline, variant)),
    ask(judge, buildPairCall(judge, task, variant, baseline)),
  ]);
  const [once, again] = answers.map((answer) =>
    answer.failure === undefined ? readPairVerdict(answer) : failed(answer),
  );
  const pair = combinePairVerdicts(once as PairVerdict, again as PairVerdict);
  const costNanoUsd = answers.reduce((sum, answer) => sum + (answer.costNanoUsd ?? 0n), 0n);
  if (pair.kind === 'cannot-score') return { score: toStored(pair), costNanoUsd };
  const flag = pair.isConsistent ? '' : ' The judge changed its mind with the order.';
  const orders = { baselineFirst: (once as PairVerdict).winner, variantFirst: (again as PairVerdict).winner };
  return { score: { score: pair.variantShare, why: `${pair.why}${flag}`, orders }, costNanoUsd };
}

const failed = ({ failure, failureMessage }: CallResult) =>
  cannotScore('judge-failed', `The judge did not answer (${failure}): ${failureMessage ?? ''}`);

const toStored = (score: Score): StoredScore =>
  score.kind === 'score' ? { score: score.score, why: score.why } : { missing: score.reason, why: score.message };
