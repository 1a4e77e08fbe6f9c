import { validateWorkflow, type WorkflowDefinition, type WorkflowProblem } from '@switchyard/core/workflows';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { assertModelCount } from './assert-model-count.ts';
import { assertMayEdit, nameTaken } from './create-workflow.ts';
import { listFileWorkflows, requireOwnWorkflow } from './find-workflow.ts';
import { InvalidWorkflowFailure } from './invalid-workflow.ts';
import type { WorkflowRow } from './workflow.repository.ts';
import { readWorkflowEnvironment } from './workflow-environment.ts';
import { authorOf, draftInput, noteInput, toDraftText, versionInput } from './workflow-input.ts';
import { findWorkflowUses } from './workflow-uses.ts';

const saveInput = z.object({
  definition: draftInput,
  revision: z.int().min(0),
  basedOn: z.int().min(0).nullish(),
});
const publishInput = z.object({ revision: z.int().min(1), note: noteInput, idempotencyKey: idempotencyKeyInput });
const restoreInput = z.object({ version: versionInput, note: noteInput, idempotencyKey: idempotencyKeyInput });
const coordinate = z.number().min(-1_000_000).max(1_000_000);
const moveInput = z.object({
  positions: z
    .array(z.object({ stepId: z.string().min(1).max(64), x: coordinate, y: coordinate }))
    .min(1)
    .max(1_000),
});

/**
 * Saves the draft; nothing changes for runs. `revision` is that of the draft that was read, 0 for none. Answers all
 * problems: a draft may have some. Throws `ValidationFailure`, `NotFoundFailure`, `ConflictFailure`, `ForbiddenFailure`.
 */
export async function saveWorkflowDraft(
  services: Services,
  identity: Identity,
  workflowId: string | undefined,
  rawInput: unknown,
): Promise<{ readonly id: string; readonly problems: readonly WorkflowProblem[] }> {
  assertMayEdit(identity);
  const { definition, revision, basedOn } = parseInput(saveInput, rawInput);
  const { teamId } = identity;
  const { workflows } = services;
  const workflow = await requireOwnWorkflow(services, teamId, workflowId);
  const before = await workflows.findDraft(teamId, workflow.id);
  const draft = {
    definition: toDraftText(definition),
    basedOn: basedOn ?? before?.basedOn ?? workflow.publishedVersion ?? 0,
  };
  if (!(await workflows.saveDraft(teamId, workflow.id, revision, draft, authorOf(services, identity))))
    throw changedMeanwhile('revision');
  const { problems } = validateWorkflow(definition, readWorkflowEnvironment(services, teamId));
  return { id: workflow.id, problems };
}

/** Throws the draft away; the version in force stays. Throws like {@link saveWorkflowDraft}. */
export async function discardWorkflowDraft(
  services: Services,
  identity: Identity,
  workflowId: string | undefined,
): Promise<string> {
  assertMayEdit(identity);
  const workflow = await requireOwnWorkflow(services, identity.teamId, workflowId);
  if (workflow.publishedVersion === null) {
    const message = 'This workflow is nothing but its draft. Delete the workflow instead.';
    throw new ConflictFailure('WORKFLOWS.ONLY_DRAFT', message, ['input', 'workflowId']);
  }
  await services.workflows.deleteDraft(identity.teamId, workflow.id);
  return workflow.id;
}

/**
 * Puts the draft of `revision` into force for every run that starts from now on. Throws `InvalidWorkflowFailure` with all
 * problems, `ValidationFailure`, `NotFoundFailure`, `ConflictFailure`, `ForbiddenFailure`, `IdempotencyFailure`.
 */
export async function publishWorkflow(
  services: Services,
  identity: Identity,
  workflowId: string | undefined,
  rawInput: unknown,
): Promise<PublishedVersion> {
  assertMayManage(identity, 'WORK', 'publish workflows');
  const { idempotencyKey, note, revision } = parseInput(publishInput, rawInput);
  const { teamId } = identity;
  const workflow = await requireOwnWorkflow(services, teamId, workflowId);
  const call = { operation: 'publishWorkflow', key: idempotencyKey, input: { id: workflow.id, note, revision } };
  return publishOnce(services, identity, workflow, call, async () => {
    const draft = await services.workflows.findDraft(teamId, workflow.id);
    if (!draft || draft.revision !== revision) throw changedMeanwhile('revision');
    if (draft.basedOn !== (workflow.publishedVersion ?? 0)) {
      const message = `Version ${workflow.publishedVersion} was published after this draft was begun. Compare the two, save the draft with basedOn ${workflow.publishedVersion}, and publish again.`;
      throw new ConflictFailure('WORKFLOWS.OUTDATED', message, ['input', 'revision']);
    }
    const definition = assertSound(services, teamId, JSON.parse(draft.definition), ['input', 'workflowId']);
    return { definition, note: note ?? undefined, draftRevision: revision, restoredFrom: undefined };
  });
}

/** Puts an earlier version back into force, as a new version. The draft stays. Throws like {@link publishWorkflow}. */
export async function restoreWorkflowVersion(
  services: Services,
  identity: Identity,
  workflowId: string | undefined,
  rawInput: unknown,
): Promise<PublishedVersion> {
  assertMayManage(identity, 'WORK', 'restore workflows');
  const { idempotencyKey, note, version } = parseInput(restoreInput, rawInput);
  const { teamId } = identity;
  const workflow = await requireOwnWorkflow(services, teamId, workflowId);
  const call = { operation: 'restoreWorkflowVersion', key: idempotencyKey, input: { id: workflow.id, note, version } };
  return publishOnce(services, identity, workflow, call, async () => {
    const stored = await services.workflows.findVersion(teamId, workflow.id, version);
    if (!stored) throw new NotFoundFailure('version', ['input', 'version']);
    const definition = assertSound(services, teamId, JSON.parse(stored.definition), ['input', 'version']);
    return { definition, note: note ?? undefined, draftRevision: undefined, restoredFrom: version };
  });
}

/** Moves cards on the canvas: no edit of the definition, no new revision. Throws like {@link saveWorkflowDraft}. */
export async function moveWorkflowCards(
  services: Services,
  identity: Identity,
  workflowId: string | undefined,
  rawInput: unknown,
): Promise<string> {
  assertMayEdit(identity);
  const { positions } = parseInput(moveInput, rawInput);
  const workflow = await requireOwnWorkflow(services, identity.teamId, workflowId);
  const byStep = Object.fromEntries(positions.map(({ stepId, x, y }) => [stepId, { x, y }]));
  await services.workflows.movePositions(identity.teamId, workflow.id, byStep);
  return workflow.id;
}

/**
 * Deletes a workflow with its versions. Throws `ConflictFailure` while something names it, `NotFoundFailure`,
 * `ForbiddenFailure`.
 */
export async function deleteWorkflow(
  services: Services,
  identity: Identity,
  workflowId: string | undefined,
): Promise<string> {
  assertMayManage(identity, 'WORK', 'delete workflows');
  const { teamId } = identity;
  const workflow = await requireOwnWorkflow(services, teamId, workflowId);
  const uses = await findWorkflowUses(services, teamId, workflow.name);
  if (uses.length > 0) {
    const message = `The workflow "${workflow.name}" is used by ${uses.slice(0, 10).join(', ')}. Change that first.`;
    throw new ConflictFailure('WORKFLOWS.IN_USE', message, ['input', 'workflowId']);
  }
  if (!(await services.workflows.delete(teamId, workflow.id)))
    throw new NotFoundFailure('workflow', ['input', 'workflowId']);
  return workflow.id;
}

export interface PublishedVersion {
  readonly id: string;
  readonly versionId: string;
}

interface NextVersion {
  readonly definition: WorkflowDefinition;
  readonly note: string | undefined;
  readonly draftRevision: number | undefined;
  readonly restoredFrom: number | undefined;
}

async function publishOnce(
  services: Services,
  identity: Identity,
  workflow: WorkflowRow,
  call: { readonly operation: string; readonly key: string | undefined; readonly input: unknown },
  prepare: () => Promise<NextVersion>,
): Promise<PublishedVersion> {
  const { teamId } = identity;
  const { prisma, clock, workflows, ids } = services;
  return runIdempotently<PublishedVersion>(prisma, clock, { teamId, ...call }, async (store) => {
    const next = await prepare();
    const { name } = next.definition;
    if (name !== workflow.name && listFileWorkflows(services).some((other) => other.name === name))
      throw nameTaken(name);
    const result = { id: workflow.id, versionId: ids.next('wfv') };
    const outcome = await workflows.publish(
      teamId,
      workflow.id,
      workflow.publishedVersion ?? 0,
      { ...next, id: result.versionId },
      authorOf(services, identity),
      (tx) => store(result, tx),
    );
    if (outcome === 'name-taken') throw nameTaken(name);
    if (outcome === 'changed') throw changedMeanwhile('revision');
    return result;
  });
}

function assertSound(services: Services, teamId: string, given: unknown, path: readonly string[]): WorkflowDefinition {
  const { definition, problems } = validateWorkflow(given, readWorkflowEnvironment(services, teamId));
  if (!definition) throw new InvalidWorkflowFailure(problems, path);
  assertModelCount(services, teamId, definition, path);
  return definition;
}

function changedMeanwhile(field: string): ConflictFailure {
  const message = 'Somebody changed this workflow meanwhile. Read it again and repeat your change.';
  return new ConflictFailure('WORKFLOWS.CHANGED', message, ['input', field]);
}
