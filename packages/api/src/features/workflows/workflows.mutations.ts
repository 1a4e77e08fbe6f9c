import type { WorkflowProblem } from '@switchyard/core/workflows';
import { builder } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import {
  deleteWorkflow,
  discardWorkflowDraft,
  moveWorkflowCards,
  type PublishedVersion,
  publishWorkflow,
  restoreWorkflowVersion,
  saveWorkflowDraft,
} from './change-workflow.ts';
import { createFromGallery, createWorkflow, duplicateWorkflow, importWorkflow } from './create-workflow.ts';
import { findWorkflow } from './find-workflow.ts';
import { InvalidWorkflowFailure } from './invalid-workflow.ts';
import {
  CreateFromGalleryInput,
  CreateWorkflowInput,
  DuplicateWorkflowInput,
  ImportWorkflowInput,
  MoveWorkflowCardsInput,
  PublishWorkflowInput,
  RestoreWorkflowVersionInput,
  SaveWorkflowDraftInput,
  WorkflowIdInput,
} from './workflow.inputs.ts';
import { WorkflowType, WorkflowVersionType } from './workflow.types.ts';
import { WorkflowProblemType } from './workflow-problem.types.ts';

interface Changed {
  readonly id: string;
  readonly problems?: readonly WorkflowProblem[];
}

const WorkflowChanged = builder.objectRef<Changed>('WorkflowSuccess').implement({
  description: 'It is done.',
  fields: (t) => ({
    workflow: t.field({
      type: WorkflowType,
      nullable: true,
      description: 'The workflow; null when somebody deleted it at the same moment.',
      resolve: async ({ id }, _args, { services, identity }) =>
        (await findWorkflow(services, identity.teamId, id)) ?? null,
    }),
    problems: t.field({
      type: [WorkflowProblemType],
      description: 'What keeps the draft from being published, and warnings.',
      resolve: ({ problems }) => [...(problems ?? [])],
    }),
  }),
});

const WorkflowPublished = builder.objectRef<PublishedVersion>('WorkflowPublishedSuccess').implement({
  description: 'The version is in force for runs that start from now on.',
  fields: (t) => ({
    workflow: t.field({
      type: WorkflowType,
      nullable: true,
      description: 'The workflow; null when somebody deleted it at the same moment.',
      resolve: async ({ id }, _args, { services, identity }) =>
        (await findWorkflow(services, identity.teamId, id)) ?? null,
    }),
    version: t.field({
      type: WorkflowVersionType,
      nullable: true,
      description: 'The new version.',
      resolve: ({ versionId }, _args, { services, identity }) =>
        services.workflows.findVersionById(identity.teamId, versionId),
    }),
  }),
});

const WorkflowDeleted = builder.objectRef<{ readonly id: string }>('DeleteWorkflowSuccess').implement({
  description: 'The workflow is deleted, with its versions.',
  fields: (t) => ({
    workflowId: t.id({ description: 'What its id was.', resolve: ({ id }) => encodeId('Workflow', id) }),
  }),
});

const idOf = ({ workflowId }: { readonly workflowId: string }) => decodeId(workflowId, 'Workflow');
const making = [ValidationFailure, ConflictFailure, ForbiddenFailure, IdempotencyFailure] as const;
const changing = [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure] as const;
const publishing = [InvalidWorkflowFailure, ...changing, IdempotencyFailure] as const;

builder.mutationFields((t) => ({
  createWorkflow: t.field({
    type: WorkflowChanged,
    description: 'Makes a workflow with a draft. Needs the scope RUN.',
    errors: outcomes('CreateWorkflowResult', ...making),
    args: { input: t.arg({ type: CreateWorkflowInput, required: true, description: 'What to make.' }) },
    resolve: (_root, { input }, { services, identity }) => createWorkflow(services, identity, input),
  }),
  importWorkflow: t.field({
    type: WorkflowChanged,
    description: 'Makes a workflow of exported text, as a draft. Needs the scope RUN.',
    complexity: { field: 10, multiplier: 1 },
    errors: outcomes('ImportWorkflowResult', InvalidWorkflowFailure, ...making),
    args: { input: t.arg({ type: ImportWorkflowInput, required: true, description: 'What to import.' }) },
    resolve: (_root, { input }, { services, identity }) => importWorkflow(services, identity, input),
  }),
  duplicateWorkflow: t.field({
    type: WorkflowChanged,
    description: 'Makes a workflow of what is in force of another one, or of its draft. Needs the scope RUN.',
    errors: outcomes('DuplicateWorkflowResult', NotFoundFailure, ...making),
    args: { input: t.arg({ type: DuplicateWorkflowInput, required: true, description: 'What to duplicate.' }) },
    resolve: (_root, { input }, { services, identity }) => duplicateWorkflow(services, identity, idOf(input), input),
  }),
  createWorkflowFromGallery: t.field({
    type: WorkflowChanged,
    description: 'Makes a workflow of one of the gallery, as a draft. Needs the scope RUN.',
    errors: outcomes('CreateWorkflowFromGalleryResult', NotFoundFailure, ...making),
    args: { input: t.arg({ type: CreateFromGalleryInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, { services, identity }) => createFromGallery(services, identity, input),
  }),
  saveWorkflowDraft: t.field({
    type: WorkflowChanged,
    description: 'Saves the draft, right or wrong; nothing changes for runs. Needs the scope RUN.',
    complexity: { field: 10, multiplier: 1 },
    errors: outcomes('SaveWorkflowDraftResult', ...changing),
    args: { input: t.arg({ type: SaveWorkflowDraftInput, required: true, description: 'The draft.' }) },
    resolve: (_root, { input }, { services, identity }) => saveWorkflowDraft(services, identity, idOf(input), input),
  }),
  discardWorkflowDraft: t.field({
    type: WorkflowChanged,
    description: 'Throws the draft away; what is in force stays. Needs the scope RUN.',
    errors: outcomes('DiscardWorkflowDraftResult', ...changing),
    args: { input: t.arg({ type: WorkflowIdInput, required: true, description: 'Of which workflow.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await discardWorkflowDraft(services, identity, idOf(input)),
    }),
  }),
  publishWorkflow: t.field({
    type: WorkflowPublished,
    description: 'Puts the draft into force as a new version. Needs the scope MANAGE.',
    complexity: { field: 10, multiplier: 1 },
    errors: outcomes('PublishWorkflowResult', ...publishing),
    args: { input: t.arg({ type: PublishWorkflowInput, required: true, description: 'Which draft.' }) },
    resolve: (_root, { input }, { services, identity }) => publishWorkflow(services, identity, idOf(input), input),
  }),
  restoreWorkflowVersion: t.field({
    type: WorkflowPublished,
    description: 'Puts an earlier version back into force, as a new version. Needs the scope MANAGE.',
    complexity: { field: 10, multiplier: 1 },
    errors: outcomes('RestoreWorkflowVersionResult', ...publishing),
    args: { input: t.arg({ type: RestoreWorkflowVersionInput, required: true, description: 'Which version.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      restoreWorkflowVersion(services, identity, idOf(input), input),
  }),
  moveWorkflowCards: t.field({
    type: WorkflowChanged,
    description: 'Moves cards on the canvas, which is no edit of the workflow. Needs the scope RUN.',
    errors: outcomes('MoveWorkflowCardsResult', ...changing),
    args: { input: t.arg({ type: MoveWorkflowCardsInput, required: true, description: 'Which cards.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await moveWorkflowCards(services, identity, idOf(input), input),
    }),
  }),
  deleteWorkflow: t.field({
    type: WorkflowDeleted,
    description: 'Deletes a workflow that nothing names. Needs the scope MANAGE.',
    errors: outcomes('DeleteWorkflowResult', ...changing),
    args: { input: t.arg({ type: WorkflowIdInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await deleteWorkflow(services, identity, idOf(input)),
    }),
  }),
}));
