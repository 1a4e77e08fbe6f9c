import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { CallFacts, ChainEvent, ChainOutcome } from '@switchyard/core/dispatch';
import type { CallPurpose, CallRecord } from '@switchyard/core/metrics';
import type { RoutePlan } from '@switchyard/core/routing';
import type { ModelResolution } from '../../features/providers/model-resolution.ts';
import { currentScope, type TracePlace } from '../request-scope.ts';
import { contentAttributes, ownerAttributes, requestAttributes, responseAttributes } from './call-attributes.ts';
import { placeOf, type SpanMaker } from './span-maker.ts';
import { spanIdOf } from './trace-ids.ts';
import type { ChainSpan } from './tracing.ts';

/** Why the next attempt of a chain is made. */
interface NextAttempt {
  reason: string;
  cause?: string;
}

interface OpenCall {
  readonly facts: CallFacts;
  readonly parent: TracePlace | undefined;
  readonly place: TracePlace;
  readonly next: NextAttempt;
}

/** What is remembered until it is over; what never comes to its end makes room for what does. */
const mostOpen = 10_000;
const mostDecisions = 2_000;
const mostListed = 16;

/** Spans of the way to an answer: the choice of models, and every attempt to call one. */
export class CallSpans {
  readonly #maker: SpanMaker;
  readonly #chains = new WeakMap<TracePlace, NextAttempt>();
  readonly #calls = new Map<string, OpenCall>();
  readonly #plans = new Map<string, RoutePlan>();

  constructor(maker: SpanMaker) {
    this.#maker = maker;
  }

  noteDecision(id: string, plan: RoutePlan): void {
    remember(this.#plans, id, plan, mostDecisions);
  }

  beginChain(resolution: ModelResolution, purpose: CallPurpose): ChainSpan {
    const { clock } = this.#maker.parts;
    const { requested, kind, targets } = resolution;
    const { decisionId } = purpose;
    const plan = decisionId === undefined ? undefined : this.#plans.get(decisionId);
    if (decisionId !== undefined) this.#plans.delete(decisionId);
    const startMs = clock.nowMs();
    const beganMs = clock.monotonicMs();
    const attributes = {
      'switchyard.model.requested': requested,
      'switchyard.route.kind': kind,
      'switchyard.route.candidates': targets.slice(0, mostListed).map(({ modelId }) => modelId),
      ...(plan && planAttributes(plan)),
      ...ownerAttributes(purpose),
    };
    const options = { kind: SpanKind.INTERNAL, startTime: startMs, attributes };
    const span = this.#maker.start(`route ${requested}`, options, currentScope()?.trace);
    const place = placeOf(span);
    const next: NextAttempt = { reason: 'first' };
    this.#chains.set(place, next);
    return {
      place,
      note: (event) => {
        follow(next, event);
        const told = toSpanEvent(event);
        if (told) span.addEvent(told.name, told.attributes, event.atMs);
      },
      end: (outcome) => {
        span.setAttributes(outcome ? outcomeAttributes(outcome) : { 'error.type': 'internal' });
        if (!outcome || outcome.error) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end(startMs + clock.monotonicMs() - beganMs);
      },
    };
  }

  begin(facts: CallFacts): TracePlace {
    const parent = currentScope()?.trace;
    const spanId = spanIdOf('call', facts.callId);
    const place = parent ? { ...parent, spanId } : { ...this.#maker.newRoot(), spanId };
    const isFirst = facts.attempt === 1 && !facts.isHedge;
    const chain = parent && this.#chains.get(parent);
    const next: NextAttempt = chain && !isFirst ? { ...chain } : { reason: isFirst ? 'first' : 'retry' };
    if (facts.isHedge) next.reason = 'hedge';
    remember(this.#calls, facts.callId, { facts, parent, place, next }, mostOpen);
    return place;
  }

  end(record: CallRecord): void {
    const open = this.#calls.get(record.id);
    this.#calls.delete(record.id);
    if (!open) return;
    const { facts, parent, place, next } = open;
    const { describe, settings } = this.#maker.parts;
    const attributes: Attributes = {
      ...requestAttributes(facts, describe(facts.target)),
      ...responseAttributes(record),
      'switchyard.attempt.reason': next.reason,
      ...(next.cause !== undefined && { 'switchyard.attempt.cause': next.cause }),
      ...(settings.capturesContent && facts.operation === 'chat' && this.#maker.parts.keepsContent(record.teamId)
        ? contentAttributes(facts.call, facts.readReceived(), record)
        : {}),
    };
    const { traceId, spanId } = place;
    const options = { kind: SpanKind.CLIENT, startTime: record.startedAtMs, attributes };
    const span = this.#maker.start(`${facts.operation} ${facts.target.vendorModelId}`, options, parent, {
      traceId,
      spanId,
    });
    if (record.outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(record.startedAtMs + record.latencyMs);
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  if (map.size >= most) {
    const oldest = map.keys().next().value;
    if (oldest !== undefined) map.delete(oldest);
  }
  map.set(key, value);
}

/** What the next attempt is made for, told by what has just happened. */
function follow(next: NextAttempt, event: ChainEvent): void {
  if (event.type === 'attempt-failed') next.cause = event.kind;
  else if (event.type === 'retry-scheduled') next.reason = 'retry';
  else if (event.type === 'failover-happened') {
    next.reason = 'fallback';
    next.cause = event.kind;
  }
}

function planAttributes(plan: RoutePlan): Attributes {
  return {
    'switchyard.route.strategy': plan.strategy,
    'switchyard.route.rules': plan.matchedRules.slice(0, mostListed).map(({ name }) => name),
    'switchyard.route.rejected': plan.rejected.slice(0, mostListed).map(({ modelId, code }) => `${modelId}: ${code}`),
    'switchyard.route.is_exploration': plan.isExploration,
  };
}

function outcomeAttributes({ records, record, error, target }: ChainOutcome): Attributes {
  const costs = records.map(({ costNanoUsd }) => costNanoUsd);
  const isKnown = costs.every((cost) => cost !== undefined);
  return {
    'switchyard.attempts': records.length,
    ...(record && !error && { 'switchyard.model.answered': target.modelId }),
    ...(error && { 'error.type': error.kind }),
    ...(isKnown && { 'switchyard.cost.usd': costs.reduce<number>((sum, cost) => sum + Number(cost ?? 0n), 0) / 1e9 }),
  };
}

/** What happened, without words of vendors; attempts are spans of their own. */
function toSpanEvent(event: ChainEvent): { readonly name: string; readonly attributes: Attributes } | undefined {
  const at = 'modelId' in event ? { 'switchyard.model.id': event.modelId } : {};
  switch (event.type) {
    case 'retry-scheduled':
      return { name: 'retry', attributes: { ...at, reason: event.reason, wait_ms: event.waitMs } };
    case 'failover-happened': {
      const { from, to, reason, kind } = event;
      return { name: 'failover', attributes: { from: from.modelId, to: to.modelId, reason, 'error.type': kind } };
    }
    case 'candidate-skipped':
      return { name: 'candidate_skipped', attributes: { ...at, reason: event.reason } };
    case 'hedge-started':
      return { name: 'hedge_started', attributes: { to: event.to.modelId, silent_ms: event.silentMs } };
    case 'budget-refused':
      return { name: 'budget_refused', attributes: { ...at, reason: event.reason, decision: event.decision } };
    case 'approval-requested':
    case 'approval-decided':
      return { name: event.type.replace('-', '_'), attributes: { ...at, approval_id: event.approvalId } };
    case 'circuit-changed':
      return { name: 'circuit_changed', attributes: { ...at, from: event.from, to: event.to } };
    case 'output-reset':
      return { name: 'output_reset', attributes: { ...at, reason: event.reason } };
    default:
      return undefined;
  }
}
