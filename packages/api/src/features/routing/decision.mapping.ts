import {
  type DecisionBasis,
  type DecisionRecord,
  mostStoredRejections,
  type RoutePlan,
  type RouteRequest,
  type RoutingInputs,
} from '@switchyard/core/routing';
import type { SnapshotNames } from './snapshot-archive.ts';

/** A decision with what is known of it beside request and plan. */
export interface StoredDecision {
  readonly record: DecisionRecord;
  /** With {@link origin} what it was made upon; absent: it cannot be made again. */
  readonly basis?: DecisionBasis;
  readonly origin?: RoutingInputs;
  readonly requestedName: string;
  readonly source: string;
  readonly sourceId: string | undefined;
  /** Epoch milliseconds. */
  readonly decidedAtMs: number;
}

/** Columns of a row that are JSON. */
interface DecisionColumns {
  readonly id: string;
  readonly request: unknown;
  readonly plan: unknown;
  readonly seed: bigint;
  readonly servedModelId: string | null;
}

/** The row as `jsonb_populate_recordset` reads it. */
export function toDecisionRow(
  teamId: string,
  decision: StoredDecision,
  snapshot?: SnapshotNames,
): Readonly<Record<string, unknown>> {
  const { record, basis, requestedName, source, sourceId, decidedAtMs } = decision;
  const { plan } = record;
  const [chosen] = plan.candidates;
  return {
    id: record.id,
    teamId,
    decidedAt: new Date(decidedAtMs),
    requestedName,
    source,
    sourceId: sourceId ?? null,
    request: encodeMoney(record.request),
    plan: encodeMoney({ ...plan, rejected: plan.rejected.slice(0, mostStoredRejections) }),
    seed: record.seed,
    snapshotVersion: plan.snapshotVersion,
    frameHash: snapshot?.frameHash ?? null,
    figuresHash: snapshot?.figuresHash ?? null,
    basis: basis ?? null,
    strategy: plan.strategy,
    chosenModelId: chosen?.modelId ?? '',
    propensity: chosen?.propensity ?? 1,
  };
}

/** The inverse of {@link toDecisionRow}, as far as core is concerned. */
export function toDecisionRecord(row: DecisionColumns): DecisionRecord {
  return {
    id: row.id,
    request: decodeMoney(row.request) as RouteRequest,
    plan: decodeMoney(row.plan) as RoutePlan,
    seed: Number(row.seed),
    ...(row.servedModelId !== null && { servedModelId: row.servedModelId }),
  };
}

/** Money as decimal text: JSON has no integers of that size. */
function encodeMoney(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each)));
}

/** Every field that holds money says so in its name. */
function decodeMoney(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeMoney);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key.endsWith('NanoUsd') && typeof each === 'string' ? BigInt(each) : decodeMoney(each),
    ]),
  );
}
