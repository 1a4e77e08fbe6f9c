import { z } from 'zod';

const model = z.string().min(1).max(300);
const maxOutputTokens = z.int().min(16).max(32_000).default(1_000);

const rubricJudge = z
  .strictObject({
    type: z.literal('rubric'),
    /** `provider/model`, an alias or a role. */
    model,
    /** What a good answer is, in words. */
    rubric: z.string().min(1).max(20_000),
    /** Whole numbers; the worst and the best. */
    scale: z.strictObject({ min: z.int().min(0).max(100), max: z.int().min(1).max(100) }).default({ min: 1, max: 5 }),
    /** Whether the judge is shown what the item expects. */
    seesExpected: z.boolean().default(true),
    maxOutputTokens,
  })
  .refine(({ scale }) => scale.min < scale.max, {
    message: 'The scale has no room between its ends.',
    path: ['scale', 'max'],
  });

const pairwiseJudge = z.strictObject({
  type: z.literal('pairwise'),
  model,
  rubric: z.string().min(1).max(20_000),
  seesExpected: z.boolean().default(true),
  maxOutputTokens,
});

/** A model that judges answers: one by one on a scale, or two side by side in both orders. */
export const judgeSchema = z.discriminatedUnion('type', [rubricJudge, pairwiseJudge]);

export type Judge = z.infer<typeof judgeSchema>;
export type RubricJudge = Extract<Judge, { type: 'rubric' }>;
export type PairwiseJudge = Extract<Judge, { type: 'pairwise' }>;

/** What is judged: the task that the models were given, and what would be right, if that is known. */
export interface JudgedTask {
  readonly prompt: string;
  readonly expected?: string | undefined;
}
