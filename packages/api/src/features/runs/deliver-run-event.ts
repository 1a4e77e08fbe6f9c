import type { TimelineEntry } from '@switchyard/core/events';
import type { CallPlace, ProviderSpend, RunFact } from '@switchyard/core/workflows';
import { laneOfPlace } from './call-place.types.ts';
import type { PublicRunEvent } from './run-service.ts';

/** An event as a subscriber gets it: with its run and, where it belongs to a call, its lane. */
export type DeliveredRunEvent<Type extends PublicRunEvent['type'] = PublicRunEvent['type']> = Extract<
  PublicRunEvent,
  { type: Type }
> & {
  readonly runId: string;
  readonly laneId?: string;
  readonly place?: CallPlace;
};

/** What `OutputCompleted` of a comparison says, too. */
export interface CompletedFigures {
  readonly finishReason: { readonly unified: string; readonly raw?: string };
  readonly retries: number;
  readonly answeredModelId: string;
  readonly servedModel?: string;
  readonly providerRequestId?: string;
  readonly warnings: readonly never[];
  readonly usage: ProviderSpend['usage'];
  readonly costNanoUsd?: string;
  readonly costUnknownReason?: string;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs?: number;
}

const marked = new WeakMap<PublicRunEvent, DeliveredRunEvent>();

/** The event with its run: the same object for all subscribers, so that they share its answers too. */
export function deliverRunEvent(event: PublicRunEvent, runId: string): DeliveredRunEvent {
  const known = marked.get(event);
  if (known) return known;
  const delivered = { ...event, runId, ...laneOf(event, runId), ...figuresOf(event), ...withEntry(event) };
  marked.set(event, delivered as DeliveredRunEvent);
  return delivered as DeliveredRunEvent;
}

function laneOf(event: PublicRunEvent, runId: string): { readonly laneId?: string; readonly place?: CallPlace } {
  if (!('callId' in event)) return {};
  const { callId, stepId, itemIndex, slot, attempt } = event;
  const place = { callId, stepId, ...(itemIndex !== undefined && { itemIndex }), slot, attempt };
  return { laneId: laneOfPlace(runId, place), place };
}

function figuresOf(event: PublicRunEvent): CompletedFigures | object {
  if (event.type !== 'output-completed') return {};
  const { answer, spend } = event;
  const isPriced = spend.every(({ costNanoUsd }) => costNanoUsd !== undefined);
  const costNanoUsd = spend.reduce((total, each) => total + BigInt(each.costNanoUsd ?? 0), 0n);
  return {
    finishReason: answer.finishReason,
    retries: answer.retries,
    answeredModelId: answer.modelId,
    ...(answer.servedModel !== undefined && { servedModel: answer.servedModel }),
    ...(answer.providerRequestId !== undefined && { providerRequestId: answer.providerRequestId }),
    warnings: [],
    usage: spend.findLast(({ providerId }) => providerId === answer.providerId)?.usage ?? {},
    ...(isPriced
      ? { costNanoUsd: String(costNanoUsd) }
      : { costUnknownReason: 'The price of a model that was asked is unknown.' }),
    latencyMs: Math.round(answer.latencyMs),
    ...(answer.timeToFirstTokenMs !== undefined && { timeToFirstTokenMs: Math.round(answer.timeToFirstTokenMs) }),
  } satisfies CompletedFigures;
}

function withEntry(event: PublicRunEvent): { readonly entry?: TimelineEntry } {
  const entry = entryOf(event);
  return entry ? { entry } : {};
}

/** The step on the way to an answer that an event tells of; undefined for events of other kinds. */
export function entryOf(event: PublicRunEvent): TimelineEntry | undefined {
  return 'entry' in event && event.entry ? event.entry : toEntry(event as RunFact, event.atMs);
}

const providerOf = (modelId: string) => modelId.slice(0, Math.max(0, modelId.indexOf('/')));

/** The step of a timeline that a fact of progress tells of, where the event does not carry it. */
function toEntry(fact: RunFact, atMs: number): TimelineEntry | undefined {
  const place = { atMs, elapsedMs: 0 };
  switch (fact.type) {
    case 'attempt-started': {
      const { providerId, modelId, vendorAttempt: attempt } = fact;
      return { kind: 'attempt-started', ...place, providerId, modelId, attempt };
    }
    case 'attempt-failed': {
      const { providerId, modelId, vendorAttempt: attempt, kind: errorKind, blame, message, latencyMs } = fact;
      return { kind: 'attempt-failed', ...place, providerId, modelId, attempt, errorKind, blame, message, latencyMs };
    }
    case 'failover-happened': {
      const { fromModelId: modelId, toModelId, reason } = fact;
      return { kind: 'failover-happened', ...place, providerId: providerOf(modelId), modelId, toModelId, reason };
    }
    case 'guardrail-breached': {
      const { modelId, limit, decision, message, measured, allowed } = fact;
      const providerId = providerOf(modelId);
      if (limit !== 'latency') {
        return { kind: 'budget-refused', ...place, providerId, modelId, decision, message, budgetName: limit };
      }
      const figures = { latencyMs: Number(measured ?? 0), latencyTargetMs: Number(allowed ?? 0) };
      return { kind: 'latency-target-missed', ...place, providerId, modelId, message, ...figures };
    }
    default:
      return undefined;
  }
}
