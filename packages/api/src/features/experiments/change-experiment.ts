import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Experiment } from '../../generated/prisma/client.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { assertMayMakeData } from '../datasets/dataset-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';

const largestDefinition = 500_000;

const definitionInput = z
  .record(z.string(), z.json())
  .refine((definition) => JSON.stringify(definition).length <= largestDefinition, 'The definition is too large.');
const nameInput = z.string().trim().min(1, 'Give it a name.').max(200);

const createInput = z.object({ name: nameInput, definition: definitionInput, idempotencyKey: idempotencyKeyInput });
const saveInput = z.object({
  name: nameInput.nullish(),
  definition: definitionInput.nullish(),
  revision: z.int().min(1),
});

/** Makes the draft of a test, right or wrong. */
export async function createExperiment(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  assertMayMakeData(identity);
  const { name, definition, idempotencyKey } = parseInput(createInput, rawInput);
  const { prisma, clock, ids } = services;
  const { teamId, userId } = identity;
  const call = { teamId, operation: 'createExperiment', key: idempotencyKey, input: { name, definition } };
  const { id } = await runIdempotently<{ id: string }>(prisma, clock, call, async (store) => {
    const made = { id: ids.next('exp') };
    const now = new Date(clock.nowMs());
    const row = { ...made, teamId, name, state: 'draft', createdById: userId ?? null, createdAt: now, updatedAt: now };
    const text = JSON.stringify(withRawIds(definition));
    await prisma.$transaction([prisma.experiment.create({ data: { ...row, definition: text } }), ...store(made)]);
    return made;
  });
  return id;
}

/** Saves name and definition of a draft; `revision` is that of what was read. */
export async function saveExperiment(
  services: Services,
  identity: Identity,
  id: string | undefined,
  rawInput: unknown,
): Promise<string> {
  assertMayMakeData(identity);
  const { name, definition, revision } = parseInput(saveInput, rawInput);
  const row = await requireExperiment(services, identity, id);
  const { count } = await services.prisma.experiment.updateMany({
    where: { id: row.id, teamId: identity.teamId, state: 'draft', revision },
    data: {
      ...(name != null && { name }),
      ...(definition != null && { definition: JSON.stringify(withRawIds(definition)) }),
      revision: { increment: 1 },
      updatedAt: new Date(services.clock.nowMs()),
    },
  });
  if (count === 0) await refuseChange(services, identity, row.id);
  return row.id;
}

/** Deletes a test that does not run, with its answers. Call records stay: they are the bill. */
export async function deleteExperiment(
  services: Services,
  identity: Identity,
  id: string | undefined,
): Promise<string> {
  assertMayManage(identity, 'TESTS', 'delete tests');
  const row = await requireExperiment(services, identity, id);
  const where = { id: row.id, teamId: identity.teamId, state: { not: 'running' } };
  const { count } = await services.prisma.experiment.deleteMany({ where });
  if (count === 0)
    throw new ConflictFailure('EXPERIMENTS.RUNNING', 'This test is running. Stop it first.', ['input', 'experimentId']);
  return row.id;
}

export async function requireExperiment(
  services: Services,
  identity: Identity,
  id: string | undefined,
): Promise<Experiment> {
  const row = id === undefined ? null : await services.experiments.repository.find(identity.teamId, id);
  if (!row) throw new NotFoundFailure('test', ['input', 'experimentId']);
  return row;
}

/** Why a draft could not be changed. */
export async function refuseChange(services: Services, identity: Identity, id: string): Promise<never> {
  const row = await requireExperiment(services, identity, id);
  if (row.state === 'draft') {
    const message = 'Somebody changed this test meanwhile. Read it again and repeat your change.';
    throw new ConflictFailure('EXPERIMENTS.CHANGED', message, ['input', 'revision']);
  }
  const message = 'What was decided before the start cannot be changed. Make another test.';
  throw new ConflictFailure('EXPERIMENTS.FROZEN', message, ['input', 'experimentId']);
}

/** Ids of the API become those of the tables; what is none stays, and is a problem of the definition. */
function withRawIds(definition: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return mapVersionId(definition, (id) => decodeId(id, 'DatasetVersion') ?? '?');
}

/** The inverse, for clients. */
export function withGlobalIds(definition: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return mapVersionId(definition, (id) => (id === '?' ? '' : encodeId('DatasetVersion', id)));
}

function mapVersionId(
  definition: Readonly<Record<string, unknown>>,
  map: (id: string) => string,
): Readonly<Record<string, unknown>> {
  const { source } = definition;
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return definition;
  const { datasetVersionId } = source as { readonly datasetVersionId?: unknown };
  if (typeof datasetVersionId !== 'string') return definition;
  return { ...definition, source: { ...source, datasetVersionId: map(datasetVersionId) } };
}
