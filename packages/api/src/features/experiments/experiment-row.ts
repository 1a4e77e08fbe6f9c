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
  const definition = definitionOf(row);
  // The clusters of a live split are its users or sessions; the plan counts those.
  if (definition.source.type === 'live-split') return { definition, plannedUnits: row.plannedItems };
  const plannedUnits = clusterSizes.size > 0 ? clusterSizes.size : row.plannedItems;
  return { definition, plannedUnits, ...(clusterSizes.size > 0 && { clusterSizes }) };
}

/** What earlier looks have shown. */
export function shownOf(row: Pick<Experiment, 'shown'>): Pick<PairedWatch, 'winPValues' | 'harmPValues'> {
  const { winPValues = {}, harmPValues = {} } = row.shown as Partial<Record<string, Record<string, number>>>;
  return { winPValues, harmPValues };
}

/** The strongest sign of a broken split that looks at a live split have seen. */
export function evidenceOf(row: Pick<Experiment, 'shown'>): number {
  const { maxLogEvidence } = row.shown as { readonly maxLogEvidence?: unknown };
  return typeof maxLogEvidence === 'number' ? maxLogEvidence : 0;
}

const reasons: readonly string[] = ['win', 'harm', 'futility', 'budget', 'end'] satisfies StopReason[];

/** How the test ended; undefined while it runs. One that was stopped by hand or by a fault concludes nothing. */
export function stopOf(row: Pick<Experiment, 'stopReason' | 'winner'>): StopDecision | undefined {
  if (row.stopReason === null) return undefined;
  const reason = reasons.includes(row.stopReason) ? (row.stopReason as StopReason) : 'end';
  return { reason, winner: row.winner ?? undefined };
}
