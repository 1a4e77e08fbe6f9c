import { z } from 'zod';
import { heuristicScorerSchema, judgeSchema } from '../../scoring/index.ts';

const key = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'Use lower-case letters, digits and dashes, beginning with a letter, at most 40.');
const sentence = z.string().trim().min(1, 'This cannot be empty.').max(2_000);
const share = (least: number, most: number) => z.number().min(least).max(most);

const parameters = z.strictObject({
  temperature: share(0, 2).optional(),
  topP: share(0, 1).optional(),
  topK: z.int().min(1).optional(),
  maxOutputTokens: z.int().min(1).optional(),
  seed: z.int().optional(),
  frequencyPenalty: share(-2, 2).optional(),
  presencePenalty: share(-2, 2).optional(),
  stopSequences: z.array(z.string().min(1)).max(16).optional(),
  reasoningEffort: z.enum(['none', 'minimal', 'low', 'medium', 'high']).optional(),
});

/** What is different about a variant. What it does not say is as the test says for all. */
const variant = z
  .strictObject({
    key,
    name: z.string().trim().min(1).max(100).optional(),
    /** `provider/model`, an alias, a role or `auto`. In a live split it may be left out: the step's own then. */
    model: z.string().min(1).max(300).optional(),
    parameters: parameters.optional(),
    system: z.string().max(100_000).optional(),
    /** A template: `{{ input }}` and `{{ fields.<column> }}` are the item's. */
    prompt: z.string().min(1).max(100_000).optional(),
    strategy: z.string().min(1).max(100).optional(),
    /** A version of a workflow in place of one call. */
    workflow: z.strictObject({ name: z.string().min(1).max(200), version: z.int().min(1) }).optional(),
    /** Share of the traffic in a live split, on any scale. */
    weight: z.number().positive().max(1_000_000).default(1),
  })
  .refine(({ model, workflow }) => model === undefined || workflow === undefined, {
    message: 'Give exactly one of model and workflow.',
    path: ['model'],
  });

const scorerName = z.string().max(100).optional();
/** The scorer of the team's library that it was taken from, and which version of it: frozen with the test. */
const saved = z
  .strictObject({ id: z.string().max(100), name: z.string().max(100), version: z.int().min(1) })
  .optional();
const checkScorer = z.strictObject({ name: scorerName, saved, check: heuristicScorerSchema });
const judgeScorer = z.strictObject({ name: scorerName, saved, judge: judgeSchema });
const scorer = z.union([checkScorer, judgeScorer]);

/** What is wrong with one scorer, at the field where it is wrong: a union alone only says that nothing fits. */
export function findScorerIssues(raw: unknown): readonly z.core.$ZodIssue[] {
  const fields = typeof raw === 'object' && raw !== null ? raw : {};
  const which = 'judge' in fields ? judgeScorer : 'check' in fields ? checkScorer : undefined;
  if (which) return which.safeParse(raw).error?.issues ?? [];
  const message = 'A scorer is { check: … }, { judge: … } or { saved: "name" }.';
  return [{ code: 'custom', path: [], message, input: raw }];
}

const metric = z.string().regex(/^(?:[a-zA-Z]+|score:[a-z][a-z0-9-]{0,39})$/, 'This is no name of a metric.');
const better = z.enum(['higher', 'lower']).optional();
const margin = z.number().min(0).max(1e12);

const goal = z.strictObject({ metric, better, margin: margin.default(0) });
/** A guardrail needs room: without any it could be passed only by being better. */
const guardrail = z.strictObject({ metric, better, margin: margin.positive('Say how much loss would still be fine.') });

const source = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('paired'),
    datasetVersionId: z.string().min(1).max(100),
    split: z.string().min(1).max(40).optional(),
    /** Items at the most, drawn from the dataset by the seed. */
    maxItems: z.int().min(1).max(1_000_000).optional(),
    /** Answers per item and variant. */
    repeats: z.int().min(1).max(20).default(1),
  }),
  z.strictObject({
    type: z.literal('live-split'),
    workflowName: z.string().min(1).max(200),
    stepId: z.string().min(1).max(200),
    /** Whoever keeps one variant for the whole test. */
    unit: z.enum(['user', 'session', 'run']),
    plannedUnits: z.int().min(20).max(200_000),
    /** Of the answers, so many are shown to judges, drawn by chance: judges are paid from the cap. */
    judgedShare: share(0, 1).optional(),
  }),
]);

/** The fields of a test, one by one, so that each can be checked although another one is wrong. */
export const experimentFields = {
  hypothesis: sentence,
  source,
  baseline: key,
  variants: z.array(variant).min(2, 'It takes two variants at least.').max(8, 'Test eight variants at the most.'),
  scorers: z
    .record(key, scorer)
    .default({})
    .refine((all) => Object.keys(all).length <= 10, { message: 'Use ten scorers at the most.' }),
  primary: goal,
  guardrails: z.array(guardrail).max(8, 'Use eight guardrails at the most.').default([]),
  /** Smallest effect that would matter, > 0, in the unit of the primary metric. */
  smallestEffect: z
    .number()
    .positive('An effect of zero cannot be found; state the smallest one that matters.')
    .max(1e12),
  stop: z
    .strictObject({
      /** Chance of a wrong conclusion, whichever way and however often one looks. */
      alpha: share(0.001, 0.2).default(0.05),
      onWin: z.boolean().default(true),
      onHarm: z.boolean().default(true),
      onFutility: z.boolean().default(true),
    })
    .prefault({}),
  /** An answer that failed: 0 in scores and ratings (a failure is what the user gets), or left out with its item. */
  failedAnswers: z.enum(['count-as-worst', 'leave-out']).default('count-as-worst'),
  caps: z.strictObject({
    costUsd: z.string().regex(/^\d{1,9}(?:\.\d{1,9})?$/, 'Give an amount in USD, for example 12.50.'),
    concurrency: z.int().min(1).max(100).default(4),
  }),
  seed: z.int().min(0).max(0xffff_ffff).default(0),
};

export const experimentDefinitionSchema = z.strictObject(experimentFields);

export type ExperimentDefinition = z.infer<typeof experimentDefinitionSchema>;
export type ExperimentVariant = ExperimentDefinition['variants'][number];
export type ExperimentScorer = ExperimentDefinition['scorers'][string];
export type ExperimentGoal = ExperimentDefinition['primary'];
