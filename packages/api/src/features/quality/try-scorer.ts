import type { ScorerContent } from '@switchyard/core/experiments';
import { formatUsd, parseUsd } from '@switchyard/core/kernel';
import {
  buildPairCall,
  buildRubricCall,
  type Judge,
  type JudgeCall,
  type JudgedTask,
  scoreAnswer,
} from '@switchyard/core/scoring';
import { checkAgainstSchema } from '@switchyard/core/workflows';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ValidationFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { assertMayMakeData } from '../datasets/dataset-input.ts';
import { askModel, type CallResult } from '../experiments/ask-variant.ts';
import { judgeAlone, judgePair, type StoredScore } from '../experiments/score-answers.ts';
import { estimateRun } from '../guardrails/estimate-run.ts';
import { contentOf, requireSavedScorer } from './change-saved-scorers.ts';
import { checkScorer } from './check-scorer.ts';
import { InvalidScorerFailure } from './invalid-scorer.ts';

const answerInput = z.object({
  text: z.string().max(200_000),
  latencyMs: z.int().min(0).max(86_400_000).nullish(),
  timeToFirstTokenMs: z.int().min(0).max(86_400_000).nullish(),
});

const input = z
  .object({
    scorerId: z.string().nullish(),
    content: z.record(z.string(), z.json()).nullish(),
    prompt: z.string().max(200_000).nullish(),
    expected: z.string().max(100_000).nullish(),
    answers: z.array(answerInput).min(1, 'Give an answer.').max(10, 'Give 10 answers at the most.'),
    acceptedUsd: z
      .string()
      .regex(/^\d{1,9}(?:\.\d{1,9})?$/, 'Give an amount in USD, for example 0.01.')
      .nullish(),
    idempotencyKey: idempotencyKeyInput,
  })
  .refine(({ scorerId, content }) => (scorerId == null) !== (content == null), {
    message: 'Give exactly one of scorerId and content.',
    path: ['content'],
  });

type Wanted = z.output<typeof input>;

/** What a try would cost: nothing for a check. Nothing is called. */
export interface ScorerEstimate {
  /** Calls of the judge; 0 for a check. */
  readonly calls: number;
  /** Undefined when the price is unknown, or the judge cannot be called. */
  readonly likelyNanoUsd: bigint | undefined;
  /** The most that it can cost. */
  readonly maxNanoUsd: bigint | undefined;
  /** Whether every hard budget has room for it. */
  readonly fits: boolean;
  /** Why the judge cannot be called. */
  readonly unavailableReason: string | undefined;
}

/** What a scorer said of given answers; plain JSON. */
export interface TriedScorer {
  /** In the order of the answers; of a pairwise judge the share of the pair that each won. */
  readonly scores: readonly StoredScore[];
  readonly costUsd: string;
}

interface Trial {
  readonly content: ScorerContent;
  readonly task: JudgedTask;
  readonly wanted: Wanted;
}

/** What `tryScorer` with the same input would cost. Throws `ValidationFailure`, `InvalidScorerFailure`, `NotFoundFailure`. */
export async function estimateScorer(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<ScorerEstimate> {
  return estimateTrial(services, identity, await readTrial(services, identity, rawInput));
}

/**
 * What a scorer says of given answers. A check costs nothing; a judge is paid: `acceptedUsd` must be as much as
 * the estimate's most, and the team's budgets count it like every call. Throws `ConflictFailure` when it is not, beside what
 * {@link estimateScorer} throws.
 */
export async function tryScorer(services: Services, identity: Identity, rawInput: unknown): Promise<TriedScorer> {
  const trial = await readTrial(services, identity, rawInput);
  const { content, task, wanted } = trial;
  if ('check' in content) {
    const scores = wanted.answers.map(({ text, latencyMs, timeToFirstTokenMs }): StoredScore => {
      const answer = {
        text,
        expected: task.expected,
        latencyMs: latencyMs ?? undefined,
        timeToFirstTokenMs: timeToFirstTokenMs ?? undefined,
      };
      const score = scoreAnswer(content.check, answer, checkAgainstSchema);
      return score.kind === 'score'
        ? { score: score.score, why: score.why }
        : { missing: score.reason, why: score.message };
    });
    return { scores, costUsd: '0' };
  }
  assertMayMakeData(identity);
  const { idempotencyKey, ...rest } = wanted;
  const call = { teamId: identity.teamId, operation: 'tryScorer', key: idempotencyKey, input: rest };
  return runIdempotently<TriedScorer>(services.prisma, services.clock, call, async () => {
    await assertAccepted(services, identity, trial);
    return askJudge(services, identity, content.judge, trial);
  });
}

async function readTrial(services: Services, identity: Identity, rawInput: unknown): Promise<Trial> {
  const wanted = parseInput(input, rawInput);
  const { teamId } = identity;
  const row = wanted.scorerId == null ? undefined : await requireSavedScorer(services, teamId, wanted.scorerId);
  const raw = row ? await contentOf(services, row, row.version) : wanted.content;
  const { content, problems } = checkScorer(services, teamId, raw);
  if (!content) throw new InvalidScorerFailure(problems);
  const { prompt, expected, answers } = wanted;
  if ('judge' in content) {
    const most = content.judge.type === 'rubric' ? 4 : 2;
    const refuse = (path: readonly string[], message: string) => {
      throw new ValidationFailure([{ path: ['input', ...path], message, code: 'custom' }]);
    };
    if (!prompt) refuse(['prompt'], 'A judge has to know what was asked.');
    if (content.judge.type === 'pairwise' && answers.length !== 2)
      refuse(['answers'], 'A pairwise judge compares two answers: give two.');
    if (answers.length > most) refuse(['answers'], `Give ${most} answers to a judge at the most: each one is paid.`);
  }
  return { content, task: { prompt: prompt ?? '', expected: expected ?? undefined }, wanted };
}

/** Every call that the judge would be asked with. */
function callsOf(judge: Judge, task: JudgedTask, answers: Wanted['answers']): readonly JudgeCall[] {
  if (judge.type === 'rubric') return answers.map(({ text }) => buildRubricCall(judge, task, text));
  const [first, second] = answers.map(({ text }) => text);
  return [buildPairCall(judge, task, first ?? '', second ?? ''), buildPairCall(judge, task, second ?? '', first ?? '')];
}

async function estimateTrial(
  services: Services,
  identity: Identity,
  { content, task, wanted }: Trial,
): Promise<ScorerEstimate> {
  if ('check' in content) {
    return { calls: 0, likelyNanoUsd: 0n, maxNanoUsd: 0n, fits: true, unavailableReason: undefined };
  }
  const { judge } = content;
  const calls = callsOf(judge, task, wanted.answers);
  // The longest of them stands for all, so that the sum is never too low.
  const longest = calls.reduce((most, call) => (sizeOf(call) > sizeOf(most) ? call : most));
  const { models } = await estimateRun(services, identity, {
    models: calls.map(() => judge.model),
    prompt: textOf(longest),
    systemPrompt: longest.system,
    parameters: { maxOutputTokens: judge.maxOutputTokens },
    images: [],
  });
  const sum = (read: (model: (typeof models)[number]) => bigint | undefined) =>
    models.reduce<bigint | undefined>((total, model) => {
      const part = read(model);
      return total === undefined || part === undefined ? undefined : total + part;
    }, 0n);
  return {
    calls: calls.length,
    likelyNanoUsd: sum(({ range }) => range?.likelyNanoUsd),
    maxNanoUsd: sum(({ maxNanoUsd }) => maxNanoUsd),
    fits: models.every(({ fits }) => fits),
    unavailableReason: models[0]?.unavailableReason,
  };
}

async function assertAccepted(services: Services, identity: Identity, trial: Trial): Promise<void> {
  const { maxNanoUsd, likelyNanoUsd, unavailableReason } = await estimateTrial(services, identity, trial);
  const refuse = (code: string, message: string) => {
    throw new ConflictFailure(code, message, ['input', 'acceptedUsd']);
  };
  if (unavailableReason !== undefined) refuse('QUALITY.JUDGE_UNAVAILABLE', unavailableReason);
  if (maxNanoUsd === undefined) {
    refuse(
      'QUALITY.COST_UNKNOWN',
      'The price of the judge is unknown, so nobody can accept the cost. Set a price, 0 for what costs nothing.',
    );
    return;
  }
  const { acceptedUsd } = trial.wanted;
  if (acceptedUsd != null && parseUsd(acceptedUsd) >= maxNanoUsd) return;
  const likely = likelyNanoUsd === undefined ? '' : `, probably $${formatUsd(likelyNanoUsd)}`;
  refuse(
    'QUALITY.COST_NOT_ACCEPTED',
    `This asks a model and costs up to $${formatUsd(maxNanoUsd)}${likely}. Accept that with acceptedUsd.`,
  );
}

async function askJudge(
  services: Services,
  identity: Identity,
  judge: Judge,
  { task, wanted }: Trial,
): Promise<TriedScorer> {
  const { teamId, userId, apiKeyId } = identity;
  const caller = { teamId, experimentId: wanted.scorerId ?? 'judge-trial', userId, apiKeyId };
  const { signal } = new AbortController();
  const ask = (_judge: Judge, call: JudgeCall): Promise<CallResult> =>
    askModel(services, caller, { model: judge.model }, call, ['judge-trial'], signal);
  if (judge.type === 'rubric') {
    const judged = await Promise.all(wanted.answers.map(({ text }) => judgeAlone(judge, task, text, ask)));
    const cost = judged.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
    return { scores: judged.map(({ score }) => score), costUsd: formatUsd(cost) };
  }
  const [first, second] = wanted.answers.map(({ text }) => text);
  const { score, costNanoUsd } = await judgePair(judge, task, first ?? '', second ?? '', ask);
  const other: StoredScore = 'score' in score ? { ...score, score: 1 - score.score } : score;
  return { scores: [other, score], costUsd: formatUsd(costNanoUsd) };
}

const textOf = ({ messages }: JudgeCall): string =>
  messages
    .flatMap((message) => (message.role === 'user' ? message.content : []))
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('');

const sizeOf = (call: JudgeCall): number => textOf(call).length + (call.system?.length ?? 0);
