import {
  gallery,
  readDefinition,
  readWorkflowText,
  validateWorkflowText,
  type WorkflowProblem,
} from '@switchyard/core/workflows';
import { z } from 'zod';
import { type Identity, mayDo } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { findWorkflow, listFileWorkflows, readStoredDefinition } from './find-workflow.ts';
import { InvalidWorkflowFailure } from './invalid-workflow.ts';
import { type CardPositions, toStoredText } from './workflow.repository.ts';
import { readWorkflowEnvironment } from './workflow-environment.ts';
import { authorOf, draftInput, toDraftText, workflowNameInput } from './workflow-input.ts';

const mostWorkflows = 500;

const createInput = z.object({
  name: workflowNameInput,
  definition: draftInput.nullish(),
  idempotencyKey: idempotencyKeyInput,
});
const importInput = z.object({
  text: z.string().min(1).max(2_000_000),
  name: workflowNameInput.nullish(),
  idempotencyKey: idempotencyKeyInput,
});
const duplicateInput = z.object({ name: workflowNameInput, idempotencyKey: idempotencyKeyInput });
const galleryInput = z.object({
  gallery: z.string().max(64),
  name: workflowNameInput.nullish(),
  idempotencyKey: idempotencyKeyInput,
});

/** The new workflow's id, and what is wrong with its draft. */
export interface MadeWorkflow {
  readonly id: string;
  readonly problems: readonly WorkflowProblem[];
}

/**
 * Makes a workflow with a draft: an empty one, or `definition` as far as it has come. Throws `ValidationFailure`,
 * `ConflictFailure`, `ForbiddenFailure`, `IdempotencyFailure`; so do the others of this file.
 */
export async function createWorkflow(services: Services, identity: Identity, rawInput: unknown): Promise<MadeWorkflow> {
  assertMayEdit(identity);
  const { name, definition, idempotencyKey } = parseInput(createInput, rawInput);
  const draft = toDraftText({ steps: [], ...definition, format: 1, name });
  return make(services, identity, 'createWorkflow', idempotencyKey, { name, draft });
}

/**
 * Makes a workflow of YAML or JSON text. What this team lacks (models, roles, keys) is told and can be mended in the
 * draft; text that is no definition is refused with all problems and their places: `InvalidWorkflowFailure`.
 */
export async function importWorkflow(services: Services, identity: Identity, rawInput: unknown): Promise<MadeWorkflow> {
  assertMayEdit(identity);
  const { text, name: otherName, idempotencyKey } = parseInput(importInput, rawInput);
  const { problems } = validateWorkflowText(text, readWorkflowEnvironment(services, identity.teamId));
  const source = readWorkflowText(text);
  const read = source.problems.length > 0 ? undefined : readDefinition(source.value);
  if (!read?.definition || read.problems.length > 0) throw new InvalidWorkflowFailure(problems, ['input', 'text']);
  const definition = { ...read.definition, name: otherName ?? read.definition.name };
  const made = { name: definition.name, draft: toStoredText(definition) };
  return { ...(await make(services, identity, 'importWorkflow', idempotencyKey, made)), problems };
}

/** Makes a workflow of the version in force, or of the draft, of another one. Also throws `NotFoundFailure`. */
export async function duplicateWorkflow(
  services: Services,
  identity: Identity,
  workflowId: string | undefined,
  rawInput: unknown,
): Promise<MadeWorkflow> {
  assertMayEdit(identity);
  const { name, idempotencyKey } = parseInput(duplicateInput, rawInput);
  const { teamId } = identity;
  const found = workflowId === undefined ? undefined : await findWorkflow(services, teamId, workflowId);
  const definition = found && (await readStoredDefinition(services, teamId, found, undefined));
  if (!found || !definition) throw new NotFoundFailure('workflow', ['input', 'workflowId']);
  const draft = toDraftText({ ...definition, name });
  const positions = (found.row?.positions ?? {}) as CardPositions;
  return make(services, identity, 'duplicateWorkflow', idempotencyKey, { name, draft, positions }, { workflowId });
}

/** Makes a workflow of one of the gallery. Also throws `NotFoundFailure`. */
export async function createFromGallery(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<MadeWorkflow> {
  assertMayEdit(identity);
  const { gallery: wanted, name: otherName, idempotencyKey } = parseInput(galleryInput, rawInput);
  const entry = gallery.find(({ definition }) => definition.name === wanted);
  if (!entry) throw new NotFoundFailure('workflow in the gallery', ['input', 'gallery']);
  const name = otherName ?? entry.definition.name;
  const draft = toStoredText({ ...entry.definition, name });
  return make(services, identity, 'createWorkflowFromGallery', idempotencyKey, { name, draft });
}

/** Throws `ForbiddenFailure` without the scope RUN. */
export function assertMayEdit(identity: Identity): void {
  if (!mayDo(identity, 'RUN', 'WORK')) throw new ForbiddenFailure('Viewers may not change workflows.');
}

async function make(
  services: Services,
  identity: Identity,
  operation: string,
  key: string | undefined,
  wanted: { readonly name: string; readonly draft: string; readonly positions?: CardPositions },
  rest: object = {},
): Promise<MadeWorkflow> {
  const { teamId } = identity;
  const { prisma, clock, workflows, ids } = services;
  const { name, draft, positions = {} } = wanted;
  // What a duplicate is made of may have changed when the call is repeated: it is the same call all the same.
  const call = { teamId, operation, key, input: operation === 'duplicateWorkflow' ? { name, ...rest } : wanted };
  return runIdempotently<MadeWorkflow>(prisma, clock, call, async (store) => {
    if ((await workflows.count(teamId)) >= mostWorkflows) {
      const message = `A team has at most ${mostWorkflows} workflows. Delete old ones first.`;
      throw new ConflictFailure('WORKFLOWS.TOO_MANY', message, ['input']);
    }
    const made = { id: ids.next('wfl'), problems: [] };
    const by = authorOf(services, identity);
    const isTaken = listFileWorkflows(services).some((workflow) => workflow.name === name);
    if (
      isTaken ||
      !(await workflows.create(teamId, { id: made.id, name, draft, positions }, by, (tx) => store(made, tx)))
    )
      throw nameTaken(name);
    return made;
  });
}

/** The name leads to another workflow already. */
export function nameTaken(name: string): ConflictFailure {
  const message = `There is a workflow "${name}" already. Choose another name.`;
  return new ConflictFailure('WORKFLOWS.NAME_TAKEN', message, ['input', 'name']);
}
