import type { WorkflowListQuery } from '../../gql/workflows.ts';
import { type Definition, readDraft } from './definition.ts';

export type ListedWorkflow = WorkflowListQuery['workflows']['edges'][number]['node'];

/** What is worked on, or else what is in force. */
export function shownDefinition(workflow: Pick<ListedWorkflow, 'draft' | 'definition' | 'name'>): Definition {
  return readDraft(workflow.draft?.definition ?? workflow.definition, workflow.name).definition;
}

export type WorkflowState = 'file' | 'draft' | 'changed' | 'published';

/** `draft`: never published; `changed`: published, and a draft lies on top of it. */
export function stateOf({
  sourceDetail,
  isPublished,
  draft,
}: Pick<ListedWorkflow, 'sourceDetail' | 'isPublished' | 'draft'>): WorkflowState {
  if (sourceDetail !== null) return 'file';
  if (!isPublished) return 'draft';
  return draft ? 'changed' : 'published';
}

/** The address of a workflow's editor. */
export const editorHref = (id: string) => `/workflows/edit?id=${encodeURIComponent(id)}`;
