import { type ExperimentDefinition, preRegister } from '@switchyard/core/experiments';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { type Experiment, Prisma } from '../../generated/prisma/client.ts';
import { ConflictFailure } from '../../user-errors.ts';
import { findPublished } from '../workflows/find-workflow.ts';
import { liveStepOf } from './live-split-problems.ts';
import { fingerprintOf, splitStepOf } from './variant-step.ts';

/**
 * Freezes a live split and lets it run: from now on executions of its step are split. What the step was is part of what was
 * decided. Throws `ConflictFailure` when another test has the step, or somebody changed the draft.
 */
export async function startLiveSplit(
  services: Services,
  { teamId, userId, apiKeyId }: Identity,
  row: Pick<Experiment, 'id' | 'name'>,
  revision: number,
  checked: { readonly definition: ExperimentDefinition; readonly resolved: unknown },
): Promise<void> {
  const { definition, resolved } = checked;
  const { source } = definition;
  if (source.type !== 'live-split') throw new Error('Only a live split is started so.');
  const published = await findPublished(services, teamId, source.workflowName);
  const step = published && splitStepOf(published.definition, source.stepId);
  if (!step) throw changed();
  const { text, hash } = preRegister({
    ...{ format: 1, experimentId: row.id, name: row.name, definition, plannedItems: source.plannedUnits },
    step: { workflowVersion: published.version, fingerprint: fingerprintOf(step), content: step },
  });
  const now = new Date(services.clock.nowMs());
  const { prisma } = services;
  const liveStep = liveStepOf(source);
  try {
    const { count } = await prisma.experiment.updateMany({
      where: { id: row.id, teamId, state: 'draft', revision },
      data: {
        ...{ state: 'running', definition: JSON.stringify(resolved), liveStep },
        ...{ registration: text, registrationHash: hash, plannedItems: source.plannedUnits },
        ...{ startedById: userId ?? null, apiKeyId: apiKeyId ?? null, startedAt: now, updatedAt: now },
      },
    });
    if (count === 0) throw changed();
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')) throw error;
    const other = await prisma.experiment.findUnique({ where: { teamId_liveStep: { teamId, liveStep } } });
    const message = `The test "${other?.name ?? 'of somebody else'}" runs on this step. Stop it first, or wait.`;
    throw new ConflictFailure('EXPERIMENTS.STEP_TAKEN', message, ['input', 'experimentId']);
  }
  await services.liveSplits.refresh().catch(() => {});
}

const changed = () =>
  new ConflictFailure('EXPERIMENTS.CHANGED', 'Somebody started or changed this test meanwhile.', ['input', 'revision']);
