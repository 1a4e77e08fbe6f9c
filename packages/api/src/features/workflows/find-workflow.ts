import type { WorkflowDefinition } from '@switchyard/core/workflows';
import type { Services } from '../../container.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import type { WorkflowRow } from './workflow.repository.ts';

const filePrefix = 'file:';

/** A workflow as a team sees it: its own row, or an entry of the configuration file, which has no versions. */
export interface FoundWorkflow {
  /** Of the row, or `file:<name>`. */
  readonly id: string;
  readonly name: string;
  readonly row: WorkflowRow | undefined;
  /** Of the file. */
  readonly ofFile: { readonly definition: WorkflowDefinition; readonly place: string } | undefined;
}

type WorkflowServices = Pick<Services, 'workflows' | 'providers'>;

/** What stands behind `workflow:<name>` at this moment. */
export interface PublishedWorkflow {
  /** As in {@link FoundWorkflow}. */
  readonly workflowId: string;
  readonly name: string;
  /** Absent for a workflow of the file. */
  readonly version: number | undefined;
  readonly definition: WorkflowDefinition;
}

export function ofRow(row: WorkflowRow): FoundWorkflow {
  return { id: row.id, name: row.name, row, ofFile: undefined };
}

/** The workflows of the configuration file. */
export function listFileWorkflows({ providers }: Pick<Services, 'providers'>): readonly FoundWorkflow[] {
  const { configuration, fileName } = providers.snapshot;
  return configuration.workflows.map(({ definition, position }) => ({
    id: `${filePrefix}${definition.name}`,
    name: definition.name,
    row: undefined,
    ofFile: { definition, place: `${fileName}:${position.line}` },
  }));
}

/** By id; another team's is not found. */
export async function findWorkflow(
  services: WorkflowServices,
  teamId: string,
  id: string,
): Promise<FoundWorkflow | undefined> {
  if (id.startsWith(filePrefix)) return listFileWorkflows(services).find((workflow) => workflow.id === id);
  const row = await services.workflows.find(teamId, id);
  return row ? ofRow(row) : undefined;
}

/** All of a team and of the file, by name; the file's own come first among equals. */
export async function listWorkflows(services: WorkflowServices, teamId: string): Promise<readonly FoundWorkflow[]> {
  const rows = await services.workflows.list(teamId);
  const all = [...listFileWorkflows(services), ...rows.map(ofRow)];
  return all.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** What a run of `workflow:<name>` would carry out: the file wins over a team's own of the same name. */
export async function findPublished(
  services: WorkflowServices,
  teamId: string,
  name: string,
): Promise<PublishedWorkflow | undefined> {
  const ofFile = listFileWorkflows(services).find((workflow) => workflow.name === name);
  if (ofFile?.ofFile) return { workflowId: ofFile.id, name, version: undefined, definition: ofFile.ofFile.definition };
  const row = await services.workflows.findByName(teamId, name);
  const stored =
    row?.publishedVersion == null ? null : await services.workflows.findVersion(teamId, row.id, row.publishedVersion);
  if (!row || !stored) return undefined;
  const definition = services.workflows.definitionOf(stored);
  return { workflowId: row.id, name, version: stored.version, definition };
}

/** The team's own workflow to be changed. Throws `NotFoundFailure`, and `ConflictFailure` for one of the file. */
export async function requireOwnWorkflow(
  services: WorkflowServices,
  teamId: string,
  id: string | undefined,
): Promise<WorkflowRow> {
  const path = ['input', 'workflowId'];
  const found = id === undefined ? undefined : await findWorkflow(services, teamId, id);
  if (!found) throw new NotFoundFailure('workflow', path);
  if (found.row) return found.row;
  const message = `This workflow stands in ${found.ofFile?.place}. Change it there, or duplicate it.`;
  throw new ConflictFailure('WORKFLOWS.READ_ONLY', message, path);
}

/**
 * The definition of a version, of the one in force, or of the draft (`version` 0) as plain data; undefined when there is
 * no such.
 */
export async function readStoredDefinition(
  services: WorkflowServices,
  teamId: string,
  { row, ofFile }: FoundWorkflow,
  version: number | undefined,
): Promise<unknown> {
  if (!row) return version === undefined ? ofFile?.definition : undefined;
  const { workflows } = services;
  const wanted = version ?? row.publishedVersion;
  const stored =
    wanted === 0 || wanted == null
      ? await workflows.findDraft(teamId, row.id)
      : await workflows.findVersion(teamId, row.id, wanted);
  return stored ? JSON.parse(stored.definition) : undefined;
}
