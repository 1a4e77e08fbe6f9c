import { z } from 'zod';
import { compilePattern } from './pattern/match-pattern.ts';

const texts = z.array(z.string().min(1).max(10_000)).min(1).max(50);
const amount = z.number().min(0);

const exact = z.strictObject({
  type: z.literal('exact'),
  /** In place of what the item expects. */
  expected: z.string().max(100_000).optional(),
  ignoresCase: z.boolean().default(false),
  /** Any run of white space counts as one space; at the ends it never counts. */
  ignoresSpacing: z.boolean().default(true),
});

const contains = z.strictObject({
  type: z.literal('contains'),
  /** In place of what the item expects. */
  texts: texts.optional(),
  /** 'share': the share of the texts that are in the answer. */
  wants: z.enum(['all', 'any', 'none', 'share']).default('all'),
  ignoresCase: z.boolean().default(true),
});

const regex = z
  .strictObject({
    type: z.literal('regex'),
    pattern: z.string().min(1, 'Give a pattern.'),
    ignoresCase: z.boolean().default(false),
    multiline: z.boolean().default(false),
    dotMatchesLineEnds: z.boolean().default(false),
    isWholeAnswer: z.boolean().default(false),
    /** False: the answer must not match. */
    shouldMatch: z.boolean().default(true),
  })
  .superRefine(({ pattern }, context) => {
    try {
      compilePattern(pattern);
    } catch (error) {
      context.addIssue({ code: 'custom', path: ['pattern'], message: (error as Error).message });
    }
  });

const jsonSchema = z.strictObject({
  type: z.literal('json-schema'),
  schema: z.record(z.string(), z.json()),
  /** Takes an answer within ``` fences too. */
  allowsFences: z.boolean().default(true),
});

const editDistance = z.strictObject({
  type: z.literal('edit-distance'),
  expected: z.string().max(100_000).optional(),
  ignoresCase: z.boolean().default(false),
  ignoresSpacing: z.boolean().default(true),
});

const numeric = z.strictObject({
  type: z.literal('numeric'),
  expected: z.number().optional(),
  /** Unit of the number; the larger of the two tolerances holds. */
  tolerance: amount.default(0),
  /** Share of the expected number: 0.01 is one percent. */
  relativeTolerance: amount.default(0),
  /** Which number of the answer counts. */
  takes: z.enum(['first', 'last', 'whole']).default('last'),
});

const length = z
  .strictObject({
    type: z.literal('length'),
    unit: z.enum(['characters', 'words', 'lines']).default('words'),
    min: z.int().min(0).optional(),
    max: z.int().min(1).optional(),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, {
    message: 'Say the least or the greatest length, or both.',
    path: ['max'],
  })
  .refine(({ min = 0, max = Number.POSITIVE_INFINITY }) => min <= max, {
    message: 'The least length is greater than the greatest one.',
    path: ['min'],
  });

const latency = z
  .strictObject({
    type: z.literal('latency'),
    measure: z.enum(['whole-answer', 'first-token']).default('whole-answer'),
    /** Score 1 up to here. */
    targetMs: z.int().min(0),
    /** Score 0 from here on; in a straight line between. */
    limitMs: z.int().min(1),
  })
  .refine(({ targetMs, limitMs }) => targetMs < limitMs, {
    message: 'The limit must be greater than the target.',
    path: ['limitMs'],
  });

/** A check that needs no model: the same answer always gets the same score. */
export const heuristicScorerSchema = z.discriminatedUnion('type', [
  exact,
  contains,
  regex,
  jsonSchema,
  editDistance,
  numeric,
  length,
  latency,
]);

export type HeuristicScorer = z.infer<typeof heuristicScorerSchema>;
export type HeuristicScorerType = HeuristicScorer['type'];
