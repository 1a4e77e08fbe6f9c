import { builder } from '../../graphql/builder.ts';
import { idempotencyKeyDescription } from '../comparisons/generation.inputs.ts';

const workflowId = 'Which workflow.';

export const CreateWorkflowInput = builder.inputType('CreateWorkflowInput', {
  description: 'A workflow to be.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Lower-case letters, digits and dashes, at most 64.' }),
    definition: t.field({ type: 'JSON', description: 'As far as it has come; absent: a draft without steps.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

export const ImportWorkflowInput = builder.inputType('ImportWorkflowInput', {
  description: 'A definition as text.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'YAML or JSON, as it was exported.' }),
    name: t.string({ description: 'In place of the name in the text.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

export const DuplicateWorkflowInput = builder.inputType('DuplicateWorkflowInput', {
  description: 'What to duplicate.',
  fields: (t) => ({
    workflowId: t.id({ required: true, description: workflowId }),
    name: t.string({ required: true, description: 'Of the new one.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

export const CreateFromGalleryInput = builder.inputType('CreateWorkflowFromGalleryInput', {
  description: 'What to begin with.',
  fields: (t) => ({
    gallery: t.string({ required: true, description: 'The name in the gallery.' }),
    name: t.string({ description: 'Of the new workflow; that of the gallery when absent.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

export const SaveWorkflowDraftInput = builder.inputType('SaveWorkflowDraftInput', {
  description: 'The draft as it is to be.',
  fields: (t) => ({
    workflowId: t.id({ required: true, description: workflowId }),
    definition: t.field({ type: 'JSON', required: true, description: 'As far as it has come: any map.' }),
    revision: t.int({ required: true, description: 'Of the draft that was read; 0 when there was none.' }),
    basedOn: t.int({ description: 'The version that it takes into account; absent: as before.' }),
  }),
});

export const PublishWorkflowInput = builder.inputType('PublishWorkflowInput', {
  description: 'Which draft to publish.',
  fields: (t) => ({
    workflowId: t.id({ required: true, description: workflowId }),
    revision: t.int({ required: true, description: 'Of the draft that was read.' }),
    note: t.string({ description: 'What changed and why, for people.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

export const RestoreWorkflowVersionInput = builder.inputType('RestoreWorkflowVersionInput', {
  description: 'Which version to put back into force.',
  fields: (t) => ({
    workflowId: t.id({ required: true, description: workflowId }),
    version: t.int({ required: true, description: 'The earlier version.' }),
    note: t.string({ description: 'Why, for people.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const CardPositionInput = builder.inputType('WorkflowCardPositionInput', {
  description: 'Where a card is put.',
  fields: (t) => ({
    stepId: t.string({ required: true, description: 'Its step.' }),
    x: t.float({ required: true, description: 'To the right.' }),
    y: t.float({ required: true, description: 'Down.' }),
  }),
});

export const MoveWorkflowCardsInput = builder.inputType('MoveWorkflowCardsInput', {
  description: 'Which cards to move.',
  fields: (t) => ({
    workflowId: t.id({ required: true, description: workflowId }),
    positions: t.field({ type: [CardPositionInput], required: true, description: 'The others stay where they are.' }),
  }),
});

export const WorkflowIdInput = builder.inputType('WorkflowIdInput', {
  description: 'Names a workflow.',
  fields: (t) => ({ workflowId: t.id({ required: true, description: workflowId }) }),
});
