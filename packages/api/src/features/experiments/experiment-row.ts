import {
  type ExperimentDefinition,
  type PairedWatch,
  readExperiment,
  type StopDecision,
  type StopReason,
  type WatchPlan,
} from '@switchyard/core/experiments';
import type { Experiment } from '../../generated/prisma/client.ts';

/** The definition of a test that was started, or of a draft that has no errors. Throws when it cannot be read. */
export function definitionOf(row: Pick<Experiment, 'id' | 'definition'>): ExperimentDefinition {
  const { definition, problems } = readExperiment(JSON.parse(row.definition));
  if (definition) return definition;
  throw new Error(`The definition of ${row.id} has errors: ${problems.map(({ message }) => message).join(' ')}`);
}

export function planOf(row: Experiment, clusterSizes: ReadonlyMap<string, number>): WatchPlan {
  const plannedUnits = clusterSizes.size > 0 ? clusterSizes.size : row.plannedItems;
  return { definition: definitionOf(row), plannedUnits, ...(clusterSizes.size > 0 && { clusterSizes }) };
}

/** What earlier looks have shown. */
export function shownOf(row: Pick<Experiment, 'shown'>): Pick<PairedWatch, 'winPValues' | 'harmPValues'> {
  const { winPValues = {}, harmPValues = {} } = row.shown as Partial<Record<string, Record<string, number>>>;
  return { winPValues, harmPValues };
}

const reasons: readonly string[] = ['win', 'harm', 'futility', 'budget', 'end'] satisfies StopReason[];

/** How the test ended; undefined while it runs. One that was stopped by hand or by a fault concludes nothing. */
export function stopOf(row: Pick<Experiment, 'stopReason' | 'winner'>): StopDecision | undefined {
  if (row.stopReason === null) return undefined;
  const reason = reasons.includes(row.stopReason) ? (row.stopReason as StopReason) : 'end';
  return { reason, winner: row.winner ?? undefined };
}
