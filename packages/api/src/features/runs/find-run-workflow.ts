import { validateWorkflow, type WorkflowDefinition } from '@switchyard/core/workflows';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { type FoundWorkflow, findWorkflow, listFileWorkflows, ofRow } from '../workflows/find-workflow.ts';
import { InvalidWorkflowFailure } from '../workflows/invalid-workflow.ts';
import { readWorkflowEnvironment } from '../workflows/workflow-environment.ts';
import type { WantedWorkflow } from './run-service.ts';

type WorkflowServices = Pick<Services, 'workflows' | 'providers' | 'roles'>;

export interface RunWorkflow {
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowVersion: number | undefined;
  readonly definition: WorkflowDefinition;
}

/**
 * The definition that a run of `wanted` carries out. Throws `NotFoundFailure`, `ConflictFailure` when nothing is
 * published, and `InvalidWorkflowFailure` for a draft with errors.
 */
export async function findRunWorkflow(
  services: WorkflowServices,
  { teamId }: Pick<Identity, 'teamId'>,
  wanted: WantedWorkflow,
  version: number | undefined,
): Promise<RunWorkflow> {
  const found = await find(services, teamId, wanted);
  if (!found) throw new NotFoundFailure('workflow', ['input', 'workflow']);
  const { row, ofFile, id: workflowId } = found;
  if (!row) {
    if (version !== undefined) throw new NotFoundFailure('version', ['input', 'version']);
    if (!ofFile) throw new NotFoundFailure('workflow', ['input', 'workflow']);
    return { workflowId, workflowName: found.name, workflowVersion: undefined, definition: ofFile.definition };
  }
  const { workflows } = services;
  if (version === 0) {
    const draft = await workflows.findDraft(teamId, row.id);
    if (!draft) throw new NotFoundFailure('draft', ['input', 'version']);
    const definition = requireSound(services, teamId, JSON.parse(draft.definition));
    return { workflowId, workflowName: row.name, workflowVersion: 0, definition };
  }
  const number = version ?? row.publishedVersion;
  if (number == null) {
    const message = `Nothing of the workflow "${row.name}" is published. Publish its draft, or run the draft: version 0.`;
    throw new ConflictFailure('WORKFLOWS.NOT_PUBLISHED', message, ['input', 'workflow']);
  }
  const stored = await workflows.findVersion(teamId, row.id, number);
  if (!stored) throw new NotFoundFailure('version', ['input', 'version']);
  const definition = workflows.definitionOf(stored);
  return { workflowId, workflowName: row.name, workflowVersion: number, definition };
}

/** Reads and checks a definition. Throws `InvalidWorkflowFailure` with all problems when it cannot run. */
export function requireSound(services: WorkflowServices, teamId: string, source: unknown): WorkflowDefinition {
  const { definition, problems } = validateWorkflow(source, readWorkflowEnvironment(services, teamId));
  if (!definition) throw new InvalidWorkflowFailure(problems, ['input', 'workflow']);
  return definition;
}

async function find(
  services: WorkflowServices,
  teamId: string,
  wanted: WantedWorkflow,
): Promise<FoundWorkflow | undefined> {
  if ('workflowId' in wanted) return findWorkflow(services, teamId, wanted.workflowId);
  // The file wins over a team's own of the same name.
  const ofFile = listFileWorkflows(services).find(({ name }) => name === wanted.name);
  if (ofFile) return ofFile;
  const row = await services.workflows.findByName(teamId, wanted.name);
  return row ? ofRow(row) : undefined;
}
