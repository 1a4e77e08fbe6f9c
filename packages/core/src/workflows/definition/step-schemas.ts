import { z } from 'zod';
import { callFields, longestWaitMs } from './call-fields.ts';
import { expression, fields, flag, list, name, number, oneOf, template, text, wholeNumber } from './schema-fields.ts';

const stepIds = (min = 1) => list(name(), 'step ids', min, 200);

export const onFailureModes = ['fail-run', 'continue', 'skip-dependents'] as const;

/** What every step has. */
const stepFields = {
  id: name().describe('Under which templates and expressions find the step: steps.<id>.output.'),
  title: text('a title', 120).optional(),
  description: text('a description', 2_000).optional(),
  after: stepIds().optional().describe('Steps to wait for besides those that the step refers to.'),
  join: oneOf(['all', 'any'])
    .optional()
    .describe('Whether the step needs all steps it waits for (all) or runs when any was not skipped (any).'),
  onFailure: oneOf(onFailureModes).optional(),
  deadlineMs: wholeNumber(100, longestWaitMs).optional().describe('From the start of the step to its end.'),
};

export const promptStepSchema = fields({ ...stepFields, type: z.literal('prompt'), ...callFields });

export const transformStepSchema = fields({
  ...stepFields,
  type: z.literal('transform'),
  value: expression().optional().describe('A CEL expression: its value is the output.'),
  template: template().optional().describe('A Liquid template: its text is the output.'),
});

export const branchStepSchema = fields({
  ...stepFields,
  type: z.literal('branch'),
  cases: list(fields({ when: expression(), goTo: stepIds() }), 'cases', 1, 50),
  default: stepIds(0).optional().describe('Where to go when no case holds; [] says nowhere.'),
});

export const mapBodySchema = z.discriminatedUnion(
  'type',
  [
    fields({ type: z.literal('prompt'), ...callFields }),
    fields({ type: z.literal('transform'), value: expression().optional(), template: template().optional() }),
  ],
  { error: () => 'a prompt or a transform without an id' },
);

export const largestMap = 10_000;

export const mapStepSchema = fields({
  ...stepFields,
  type: z.literal('map'),
  over: expression().describe('A CEL expression that gives the list.'),
  do: mapBodySchema.describe('What is done with every entry, as item and index.'),
  concurrency: wholeNumber(1, 64).optional().describe('Entries at a time; absent means 4.'),
  maxItems: wholeNumber(1, largestMap).optional().describe('A longer list fails the step; absent means 1000.'),
  maxFailedShare: number(0, 1)
    .optional()
    .describe('Share of entries that may fail; their places hold null. Absent means none.'),
});

export const mergeStepSchema = z.discriminatedUnion('mode', [
  fields({
    ...stepFields,
    type: z.literal('merge'),
    mode: z.literal('best'),
    from: stepIds(),
    by: oneOf(['rating', 'score', 'longest', 'shortest', 'first']),
    score: expression().optional().describe('For by score: a number for each candidate; the highest wins.'),
  }),
  fields({
    ...stepFields,
    type: z.literal('merge'),
    mode: z.literal('vote'),
    from: stepIds(),
    key: expression().optional().describe('What is counted, from the candidate; absent means its whole output.'),
    minShare: number(0, 1).optional().describe('Share of votes that the winner needs; less fails the step.'),
    onTie: oneOf(['first', 'fail']).optional(),
  }),
  fields({
    ...stepFields,
    type: z.literal('merge'),
    mode: z.literal('concatenate'),
    from: stepIds(),
    as: oneOf(['text', 'list']).optional(),
    separator: z.string().max(1_000).optional().describe('Between texts; absent means an empty line.'),
    heading: template().optional().describe('In front of every text, rendered with candidate and index.'),
  }),
  fields({
    ...stepFields,
    type: z.literal('merge'),
    mode: z.literal('llm'),
    from: stepIds(),
    ...callFields,
  }),
]);

export const approvalStepSchema = fields({
  ...stepFields,
  type: z.literal('approval'),
  message: template().describe('What the person is asked.'),
  subject: expression().optional().describe('What is shown and may be changed by the person: the output holds it.'),
  canEdit: flag().optional(),
  approvers: oneOf(['owner', 'admin', 'developer']).optional().describe('Least access role; absent means developer.'),
  onTimeout: oneOf(['approve', 'reject', 'fail']).optional().describe('When deadlineMs has passed; absent means fail.'),
  onReject: oneOf(['continue', 'skip-dependents', 'fail-run'])
    .optional()
    .describe('absent means skip-dependents; continue leaves it to output.approved.'),
});

export const stepTypes = ['prompt', 'transform', 'branch', 'map', 'merge', 'approval'] as const;

export const stepSchema = z.discriminatedUnion(
  'type',
  [promptStepSchema, transformStepSchema, branchStepSchema, mapStepSchema, mergeStepSchema, approvalStepSchema],
  { error: () => `a step whose type is one of ${stepTypes.join(', ')}` },
);
