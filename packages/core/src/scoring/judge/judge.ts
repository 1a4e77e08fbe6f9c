import { z } from 'zod';

const model = z.string().min(1, 'Choose a model.').max(300);
const maxOutputTokens = z.int().min(16).max(32_000).default(1_000);

const text = z.string().min(1, 'This cannot be empty.').max(20_000);
const reason = z.string().max(2_000).default('');
const mostExamples = 10;

/** An answer with the score that was right for it, on the judge's own scale. */
const rubricExample = z.strictObject({ task: text.optional(), answer: text, score: z.int().min(0).max(100), reason });
/** Two answers with the verdict that was right. */
const pairExample = z.strictObject({
  task: text.optional(),
  first: text,
  second: text,
  winner: z.enum(['first', 'second', 'tie']),
  reason,
});
const tooMany = `Give ${mostExamples} examples at the most.`;

const rubricJudge = z
  .strictObject({
    type: z.literal('rubric'),
    /** `provider/model`, an alias or a role. */
    model,
    /** What a good answer is, in words. */
    rubric: z.string().min(1, 'Say what a good answer is.').max(20_000),
    /** Whole numbers; the worst and the best. */
    scale: z.strictObject({ min: z.int().min(0).max(100), max: z.int().min(1).max(100) }).default({ min: 1, max: 5 }),
    /** Whether the judge is shown what the item expects. */
    seesExpected: z.boolean().default(true),
    /** What people have judged already, to show the judge what is meant. */
    examples: z.array(rubricExample).max(mostExamples, tooMany).default([]),
    maxOutputTokens,
  })
  .refine(({ scale }) => scale.min < scale.max, {
    message: 'The scale has no room between its ends.',
    path: ['scale', 'max'],
  })
  .superRefine(({ scale, examples }, context) => {
    examples.forEach(({ score }, index) => {
      if (score >= scale.min && score <= scale.max) return;
      const message = `The scale goes from ${scale.min} to ${scale.max}.`;
      context.addIssue({ code: 'custom', path: ['examples', index, 'score'], message });
    });
  });

const pairwiseJudge = z.strictObject({
  type: z.literal('pairwise'),
  model,
  rubric: z.string().min(1, 'Say what a good answer is.').max(20_000),
  seesExpected: z.boolean().default(true),
  examples: z.array(pairExample).max(mostExamples, tooMany).default([]),
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
