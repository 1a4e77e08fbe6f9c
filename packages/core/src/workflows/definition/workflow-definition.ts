import { z } from 'zod';
import { longestWaitMs } from './call-fields.ts';
import { expression, fields, flag, json, list, named, oneOf, text, wholeNumber } from './schema-fields.ts';
import type {
  approvalStepSchema,
  branchStepSchema,
  mapBodySchema,
  mapStepSchema,
  mergeStepSchema,
  promptStepSchema,
  transformStepSchema,
} from './step-schemas.ts';
import { stepSchema } from './step-schemas.ts';

export const inputTypes = ['string', 'number', 'boolean', 'list', 'object', 'file'] as const;

/** `file` is the text of a file; templates see it as a string. */
export const inputSchema = fields({
  type: oneOf(inputTypes),
  title: text('a title', 120).optional(),
  description: text('a description', 2_000).optional(),
  items: oneOf(['string', 'number', 'boolean', 'list', 'object']).optional().describe('Of a list: what is in it.'),
  fields: named(oneOf(['string', 'number', 'boolean', 'list', 'object']), 'types', 100)
    .optional()
    .describe('Of an object: its fields.'),
  isOptional: flag().optional().describe('May be left out; it is null then.'),
  default: json().optional(),
});

export const mostSteps = 1_000;

/** The envelope without its steps, so that a broken step does not hide what is wrong with the rest. */
export const envelopeFields = {
  format: z.literal(1, { error: () => '1, the version of this format' }),
  name: text('a name', 64).regex(/^[a-z0-9][a-z0-9-]*$/, {
    error: () => 'lower-case letters, digits and dashes: what stands behind workflow:',
  }),
  title: text('a title', 120).optional(),
  description: text('a description', 5_000).optional(),
  inputs: named(inputSchema, 'inputs', 100).optional(),
  outputs: named(expression(), 'expressions', 100)
    .optional()
    .describe('CEL expressions; absent means the outputs of all steps that nothing depends on.'),
  deadlineMs: wholeNumber(1_000, longestWaitMs)
    .optional()
    .describe('Of a run. Absent means 24 hours, or 90 days where a person is asked.'),
  maxParallelCalls: wholeNumber(1, 256).optional().describe('Calls of models at a time in one run; absent means 16.'),
};

/** One version of a workflow: plain JSON. */
export const workflowSchema = fields({ ...envelopeFields, steps: list(stepSchema, 'steps', 1, mostSteps) });

export type WorkflowDefinition = z.output<typeof workflowSchema>;
export type WorkflowInput = z.output<typeof inputSchema>;
export type PromptStep = z.output<typeof promptStepSchema>;
export type TransformStep = z.output<typeof transformStepSchema>;
export type BranchStep = z.output<typeof branchStepSchema>;
export type MapStep = z.output<typeof mapStepSchema>;
export type MapBody = z.output<typeof mapBodySchema>;
export type MergeStep = z.output<typeof mergeStepSchema>;
export type LlmMergeStep = Extract<MergeStep, { mode: 'llm' }>;
export type ApprovalStep = z.output<typeof approvalStepSchema>;
export type WorkflowStep = WorkflowDefinition['steps'][number];
/** The part of a step that asks models. */
export type CallSpec = Omit<Extract<MapBody, { type: 'prompt' }>, 'type'>;

export const defaultDeadlineMs = 24 * 3_600_000;
export const defaultParallelCalls = 16;
export const defaultMapConcurrency = 4;
export const defaultMapItems = 1_000;
export const defaultRepairs = 1;
export const defaultRoundDelayMs = 10_000;

/** The part of `step` that asks models; undefined for steps that do not. For a map: what is asked for every entry. */
export function callSpecOf(step: WorkflowStep): CallSpec | undefined {
  if (step.type === 'prompt') return step;
  if (step.type === 'map') return step.do.type === 'prompt' ? step.do : undefined;
  return step.type === 'merge' && step.mode === 'llm' ? step : undefined;
}

/** How long a run may take, in milliseconds. */
export function runDeadlineMs(definition: WorkflowDefinition): number {
  const asksPeople = definition.steps.some(({ type }) => type === 'approval');
  return definition.deadlineMs ?? (asksPeople ? longestWaitMs : defaultDeadlineMs);
}
