import { createSeededRandom } from '../kernel/index.ts';
import { emptyAdaptiveState } from './adaptive/adaptive-state.ts';
import { askedInNeed, compileSnapshot, type RoutingSnapshot } from './compile-snapshot.ts';
import { type DecisionBasis, type DecisionRecord, mostStoredRejections } from './decision-record.ts';
import { planRoute } from './plan-route.ts';
import { scopeFromBeliefs } from './record-beliefs.ts';
import type { RoutePlan } from './route-plan.ts';
import type { StoredSnapshot } from './stored-snapshot.ts';

/** One place in which a decision made again differs from the one that was stored, both as JSON; absent is `undefined`. */
export interface ReplayDifference {
  /** `candidates.0.modelId` */
  readonly field: string;
  readonly stored: string;
  readonly replayed: string;
}

export interface Replay {
  readonly isSame: boolean;
  /** The first of them. */
  readonly differences: readonly ReplayDifference[];
  readonly plan: RoutePlan;
}

const mostDifferences = 20;

/**
 * Makes a stored decision again: its request, on the snapshot it was made on, with its seed, and with what it had read of
 * the learner. Pure: nothing of today plays a part but the code itself and, for models that are not set up any more, the
 * equivalents of the built-in catalogue. Throws `RangeError` for a snapshot of another team or an unknown time zone.
 */
export function replayDecision(record: DecisionRecord, basis: DecisionBasis, stored: StoredSnapshot): Replay {
  const snapshot = rebuildSnapshot(record, basis, stored);
  const plan = planRoute(record.request, snapshot, createSeededRandom(record.seed));
  const cut = (each: RoutePlan) => ({ ...each, rejected: each.rejected.slice(0, mostStoredRejections) });
  const differences: ReplayDifference[] = [];
  collectDifferences('', cut(record.plan), cut(plan), differences);
  return { isSame: differences.length === 0, differences, plan };
}

function rebuildSnapshot({ plan }: DecisionRecord, basis: DecisionBasis, stored: StoredSnapshot): RoutingSnapshot {
  const models = stored.models.map((model) => ({ ...model, inFlight: basis.load[model.modelId] ?? 0 }));
  const compiled = compileSnapshot({
    ...stored,
    models,
    version: plan.snapshotVersion,
    builtAtMs: 0,
    learned: emptyAdaptiveState,
  });
  const snapshot = basis.isInNeed ? { ...askedInNeed(compiled), version: plan.snapshotVersion } : compiled;
  return basis.beliefs ? { ...snapshot, emptyScope: scopeFromBeliefs(basis.beliefs) } : snapshot;
}

function collectDifferences(field: string, stored: unknown, replayed: unknown, into: ReplayDifference[]): void {
  if (into.length >= mostDifferences || stored === replayed) return;
  if (!isComposite(stored) || !isComposite(replayed)) {
    into.push({ field, stored: describe(stored), replayed: describe(replayed) });
    return;
  }
  const keys = new Set([...Object.keys(stored), ...Object.keys(replayed)]);
  for (const key of keys) {
    collectDifferences(field === '' ? key : `${field}.${key}`, stored[key], replayed[key], into);
  }
}

function isComposite(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function describe(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ?? 'undefined'
  );
}
