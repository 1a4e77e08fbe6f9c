import { z } from 'zod';
import { strategies } from '../../routing/index.ts';
import { reasoningEfforts } from '../../spec/index.ts';
import {
  fields,
  flag,
  list,
  name,
  number,
  oneOf,
  roleName,
  template,
  text,
  usd,
  wholeNumber,
} from './schema-fields.ts';

const hour = 3_600_000;
export const longestWaitMs = 90 * 24 * hour;

export const parametersSchema = fields({
  temperature: number(0, 2).optional(),
  topP: number(0, 1).optional(),
  topK: wholeNumber(1, 1_000).optional(),
  maxOutputTokens: wholeNumber(1, 10_000_000).optional(),
  seed: wholeNumber(0, 2 ** 31 - 1).optional(),
  frequencyPenalty: number(-2, 2).optional(),
  presencePenalty: number(-2, 2).optional(),
  stopSequences: list(text('a stop sequence', 100), 'stop sequences', 1, 16).optional(),
  reasoningEffort: oneOf(reasoningEfforts).optional(),
  providerOptions: z.record(z.string(), z.json()).readonly().optional(),
}).describe('What tunes the call; the step wins over the role, the model over the step.');

export const guardrailsSchema = fields({
  costLimitUsd: usd().optional().describe('Most that one call of this model may cost.'),
  tokenLimit: wholeNumber(1, 100_000_000).optional().describe('Most tokens, input and output, of one call.'),
  latencyTargetMs: wholeNumber(1, hour).optional().describe('A wish: slower answers are marked, not refused.'),
  dropIfOverBudget: flag()
    .optional()
    .describe('Pass over this model when a limit would be broken (true, the default) or only warn (false).'),
}).describe('Limits of one model in this step.');

export const stepModelSchema = fields({
  model: text('a model as provider/model, an alias, a chain or role:name', 200),
  parameters: parametersSchema.optional(),
  guardrails: guardrailsSchema.optional(),
  routingWeight: number(0, 1_000_000).optional().describe('Share for weighted and adaptive routing; absent means 1.'),
});

export const retrySchema = fields({
  maxAttempts: wholeNumber(1, 20).optional().describe('Calls of one model, the first included.'),
  initialDelayMs: wholeNumber(0, hour).optional(),
  maxDelayMs: wholeNumber(0, hour).optional(),
  rounds: wholeNumber(1, 10)
    .optional()
    .describe('How often all models are gone through after passing failures; absent means once. Survives restarts.'),
  roundDelayMs: wholeNumber(0, 24 * hour)
    .optional()
    .describe('Wait before the second round (10 s); doubles with every further one.'),
});

export const deadlinesSchema = fields({
  firstTokenMs: wholeNumber(10, hour).optional(),
  idleMs: wholeNumber(10, hour).optional(),
  totalMs: wholeNumber(10, 24 * hour)
    .optional()
    .describe('Of one attempt.'),
  overallMs: wholeNumber(10, 24 * hour)
    .optional()
    .describe('Of everything that one call does: waits, attempts, models.'),
});

export const outputSchema = fields({
  format: oneOf(['text', 'json']),
  schema: z.record(z.string(), z.json()).readonly().optional().describe('JSON Schema of the answer.'),
  name: name().optional(),
  repairs: wholeNumber(0, 3)
    .optional()
    .describe('How often a model is asked to mend an answer that is not what was promised; absent means once.'),
});

export const needsSchema = fields({
  vision: flag().optional(),
  tools: flag().optional(),
  reasoning: flag().optional(),
  contextTokens: wholeNumber(1, 100_000_000).optional(),
}).describe('What a model must be able to do.');

export const deliveryModes = ['restart', 'continue', 'hold-back', 'fail'] as const;

/** What every step that asks models has: prompt, the prompt of a map, a merge by a model. */
export const callFields = {
  role: roleName().optional().describe('Name of a role; in place of models.'),
  models: list(stepModelSchema, 'models', 1, 16).optional(),
  parameters: parametersSchema.optional(),
  strategy: oneOf(strategies).optional().describe('How models are chosen; absent means manual: in the order given.'),
  delivery: oneOf(deliveryModes).optional(),
  retry: retrySchema.optional(),
  deadlines: deadlinesSchema.optional(),
  needs: needsSchema.optional(),
  output: outputSchema.optional(),
  ratingShare: number(0, 1).optional().describe('Share of answers that people are asked to rate.'),
  tags: list(text('a tag', 64), 'tags', 1, 20).optional(),
  system: template().optional(),
  prompt: template(),
};
