import { builder } from '../../graphql/builder.ts';
import { RunSourceEnum } from './run-state.types.ts';

const idempotencyKey =
  'The same key with the same input gives the first run again instead of starting another one, for as long as that run is kept.';
const tags = 'What its calls are marked with, for budgets and reports: at most 20.';

const PinnedOutputInput = builder.inputType('PinnedOutputInput', {
  description: 'An output that a step has without being executed.',
  fields: (t) => ({
    stepId: t.string({ required: true, description: 'Which step.' }),
    output: t.field({ type: 'JSON', description: 'What later steps see as `steps.<id>.output`; null when absent.' }),
    modelOutputs: t.field({
      type: 'JSON',
      description: 'What later steps see as `steps.<id>.modelOutputs`: by provider, then by model.',
    }),
  }),
});

export const StartRunInput = builder.inputType('StartRunInput', {
  description: 'A workflow to run.',
  fields: (t) => ({
    workflow: t.string({ description: 'Its name, as behind `workflow:`. Or give `workflowId`.' }),
    workflowId: t.id({ description: 'In place of `workflow`.' }),
    version: t.int({ description: 'A published version, 0 for the draft; the one in force when absent.' }),
    inputs: t.field({ type: 'JSON', description: 'Values of the declared inputs, by name; {} when absent.' }),
    tags: t.stringList({ description: tags }),
    deadlineSeconds: t.int({
      description: 'When it fails unless it is over: 1 to 7,776,000 (90 days). As the definition says when absent.',
    }),
    pinned: t.field({ type: [PinnedOutputInput], description: 'Outputs that steps have without being executed.' }),
    source: t.field({
      type: RunSourceEnum,
      description: 'What starts it, for lists: API, DASHBOARD or CLI. Told by who asks when absent.',
    }),
    subject: t.string({
      description:
        'Whom it is for, as your app names its users: at most 256 characters. A live test keeps a user on one variant.',
    }),
    session: t.string({
      description: 'The session or conversation it belongs to, as your app names it: at most 256 characters.',
    }),
    idempotencyKey: t.string({ description: idempotencyKey }),
  }),
});

export const PreviewStepInput = builder.inputType('PreviewStepInput', {
  description: 'One step to try with sample values.',
  fields: (t) => ({
    workflow: t.string({ description: 'The name of a workflow. Or give `workflowId` or `definition`.' }),
    workflowId: t.id({ description: 'In place of `workflow`.' }),
    definition: t.field({ type: 'JSON', description: 'In place of both: the definition as it stands in an editor.' }),
    version: t.int({ description: 'A published version, 0 for the draft; the one in force when absent.' }),
    stepId: t.string({ required: true, description: 'Which step.' }),
    inputs: t.field({ type: 'JSON', description: 'Values of the declared inputs, by name.' }),
    outputs: t.field({ type: [PinnedOutputInput], description: 'Of the steps that this one looks at.' }),
    idempotencyKey: t.string({ description: idempotencyKey }),
  }),
});

export const RunIdInput = builder.inputType('RunIdInput', {
  description: 'Names a run.',
  fields: (t) => ({ runId: t.id({ required: true, description: 'Which run.' }) }),
});

export const RetryRunInput = builder.inputType('RetryRunInput', {
  description: 'A run that is to go on.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'Which run.' }),
    fromStepId: t.string({
      description:
        'Begin this step and all that depend on it anew. Absent: what failed goes on, keeping what succeeded.',
    }),
    idempotencyKey: t.string({ description: idempotencyKey }),
  }),
});

const StepModelsInput = builder.inputType('StepModelsInput', {
  description: 'Other models for a step.',
  fields: (t) => ({
    stepId: t.string({ required: true, description: 'Which step.' }),
    models: t.stringList({
      required: true,
      description: 'In order, each as `provider/model`, an alias, a chain or `role:name`.',
    }),
  }),
});

const RunChangesInput = builder.inputType('RunChangesInput', {
  description:
    'What is different this time. What nothing changed for is taken over from the earlier run and costs nothing.',
  fields: (t) => ({
    inputs: t.field({ type: 'JSON', description: 'In place of all inputs.' }),
    models: t.field({ type: [StepModelsInput], description: 'Other models for steps.' }),
    pinned: t.field({ type: [PinnedOutputInput], description: 'Outputs that steps have without being executed.' }),
    fromStepIds: t.stringList({ description: 'Execute these, and what depends on them, in any case.' }),
    isWhole: t.boolean({ description: 'Execute all steps anew.' }),
    version: t.int({ description: 'Another version of the workflow, 0 for the draft; what the run had when absent.' }),
    tags: t.stringList({ description: tags }),
  }),
});

export const RerunWorkflowInput = builder.inputType('RerunWorkflowInput', {
  description: 'A run to repeat.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The earlier run; it must be over.' }),
    changes: t.field({ type: RunChangesInput, description: 'What is different this time.' }),
    idempotencyKey: t.string({ description: idempotencyKey }),
  }),
});

export const ApproveStepInput = builder.inputType('ApproveStepInput', {
  description: 'A yes to what a run asks.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'Which run.' }),
    approvalId: t.string({ required: true, description: 'As in `Run.approvals` and `ApprovalRequested`.' }),
    comment: t.string({ description: 'Why, for people: at most 2,000 characters.' }),
    value: t.field({ type: 'JSON', description: 'The subject as you changed it; only where `canEdit` says so.' }),
  }),
});

export const DeclineStepInput = builder.inputType('DeclineStepInput', {
  description: 'A no to what a run asks.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'Which run.' }),
    approvalId: t.string({ required: true, description: 'As in `Run.approvals` and `ApprovalRequested`.' }),
    comment: t.string({ description: 'Why, for people: at most 2,000 characters.' }),
  }),
});
