import { createHash } from 'node:crypto';
import { orderItems, preRegister } from '@switchyard/core/experiments';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure } from '../../user-errors.ts';
import { assertMayMakeData } from '../datasets/dataset-input.ts';
import { refuseChange, requireExperiment } from './change-experiment.ts';
import { checkExperiment } from './check-experiment.ts';
import { InvalidExperimentFailure } from './invalid-experiment.ts';
import { startLiveSplit } from './start-live-split.ts';

const input = z.object({ revision: z.int().min(1) });
const perBatch = 500;
const withinMs = 120_000;

/**
 * Freezes what was decided, copies the items in their random order, and lets the test run. `revision` is that of what was
 * read, so that nobody starts what somebody else has just changed; a second start is a conflict.
 */
export async function startExperiment(
  services: Services,
  identity: Identity,
  id: string | undefined,
  rawInput: unknown,
): Promise<string> {
  assertMayMakeData(identity);
  const { revision } = parseInput(input, rawInput);
  const row = await requireExperiment(services, identity, id);
  if (row.state !== 'draft' || row.revision !== revision) await refuseChange(services, identity, row.id);
  const { definition, problems, plannedItems, resolved } = await checkExperiment(
    services,
    identity.teamId,
    JSON.parse(row.definition),
  );
  if (!definition) throw new InvalidExperimentFailure(problems);
  if (definition.source.type === 'live-split') {
    await startLiveSplit(services, identity, row, revision, { definition, resolved });
    void services.experiments.engine.look().catch(() => {});
    return row.id;
  }
  const { teamId, userId, apiKeyId } = identity;
  const { datasetVersionId, split } = definition.source;
  const where = { versionId: datasetVersionId, teamId, ...(split !== undefined && { split }) };
  await services.prisma.$transaction(
    async (tx) => {
      const now = new Date(services.clock.nowMs());
      const all = await tx.datasetItem.findMany({ where, select: { key: true, position: true } });
      const chosen = orderItems(
        definition.seed,
        all.map(({ key, position }) => ({ id: key, position })),
      ).slice(0, plannedItems);
      const keys = createHash('sha256')
        .update(JSON.stringify(chosen.map((item) => item.id)))
        .digest('hex');
      const version = await tx.datasetVersion.findUniqueOrThrow({
        where: { id_teamId: { id: datasetVersionId, teamId } },
      });
      const dataset = { versionId: version.id, version: version.version, itemKeysSha256: keys };
      const { text, hash } = preRegister({
        format: 1,
        experimentId: row.id,
        name: row.name,
        definition,
        dataset,
        plannedItems,
      });
      const { count } = await tx.experiment.updateMany({
        where: { id: row.id, teamId, state: 'draft', revision },
        data: {
          // With the saved scorers as they are now: what becomes of them later changes nothing.
          definition: JSON.stringify(resolved),
          ...{ state: 'running', registration: text, registrationHash: hash, plannedItems: chosen.length },
          ...{ startedById: userId ?? null, apiKeyId: apiKeyId ?? null, startedAt: now, updatedAt: now },
        },
      });
      if (count === 0)
        throw new ConflictFailure('EXPERIMENTS.CHANGED', 'Somebody started or changed this test meanwhile.', [
          'input',
          'revision',
        ]);
      await copyItems(tx, row.id, where, chosen);
    },
    { timeout: withinMs, maxWait: withinMs },
  );
  void services.experiments.engine.look().catch(() => {});
  return row.id;
}

async function copyItems(
  tx: Prisma.TransactionClient,
  experimentId: string,
  where: { readonly versionId: string; readonly teamId: string },
  chosen: readonly { readonly id: string; readonly position: number }[],
): Promise<void> {
  for (let from = 0; from < chosen.length; from += perBatch) {
    const batch = chosen.slice(from, from + perBatch);
    const rows = await tx.datasetItem.findMany({
      where: {
        versionId: where.versionId,
        teamId: where.teamId,
        position: { in: batch.map(({ position }) => position) },
      },
    });
    const found = new Map(rows.map((item) => [item.position, item]));
    await tx.experimentItem.createMany({
      data: batch.flatMap(({ position }, index) => {
        const item = found.get(position);
        if (!item) return [];
        const { key, cluster, input: text, expected, fields } = item;
        return [
          { experimentId, teamId: where.teamId, position: from + index, key, cluster, input: text, expected, fields },
        ];
      }),
    });
  }
}

/** Asks a running test to stop; what is there stays and is evaluated. */
export async function stopExperiment(services: Services, identity: Identity, id: string | undefined): Promise<string> {
  assertMayMakeData(identity);
  const row = await requireExperiment(services, identity, id);
  const where = { id: row.id, teamId: identity.teamId, state: 'running' };
  const { count } = await services.prisma.experiment.updateMany({ where, data: { stopRequested: true } });
  if (count === 0)
    throw new ConflictFailure('EXPERIMENTS.NOT_RUNNING', 'This test is not running.', ['input', 'experimentId']);
  services.experiments.engine.nudge(row.id);
  return row.id;
}
