import type { ChainEvent } from '@switchyard/core/dispatch';
import type { TimelineEntry } from '@switchyard/core/events';
import { describeSkip } from '@switchyard/core/failover';

/** A chain's event as a step that is stored and shown. */
export function toTimelineEntry(event: ChainEvent): TimelineEntry {
  const { atMs } = event;
  const elapsedMs = Math.round(event.elapsedMs);
  switch (event.type) {
    case 'attempt-started': {
      const { providerId, modelId, attempt, isProbe, isContinuation } = event;
      return { kind: 'attempt-started', atMs, elapsedMs, providerId, modelId, attempt, isProbe, isContinuation };
    }
    case 'attempt-failed': {
      const { providerId, modelId, attempt, callId, kind: errorKind, blame, message, latencyMs } = event;
      const failure = { attempt, callId, errorKind, blame, message, latencyMs };
      return { kind: 'attempt-failed', atMs, elapsedMs, providerId, modelId, ...failure };
    }
    case 'retry-scheduled': {
      const { providerId, modelId, reason, waitMs } = event;
      return { kind: 'retry-scheduled', atMs, elapsedMs, providerId, modelId, reason, waitMs: Math.round(waitMs) };
    }
    case 'failover-happened': {
      const { from, to, reason, kind: errorKind } = event;
      return { kind: 'failover-happened', atMs, elapsedMs, ...from, toModelId: to.modelId, reason, errorKind };
    }
    case 'circuit-changed': {
      const { providerId, modelId, to: circuit, probeAtMs } = event;
      const probe = probeAtMs === undefined ? {} : { probeAtMs: Math.round(probeAtMs) };
      return { kind: 'circuit-changed', atMs, elapsedMs, providerId, modelId, circuit, ...probe };
    }
    case 'candidate-skipped': {
      const { providerId, modelId, reason } = event;
      return { kind: 'candidate-skipped', atMs, elapsedMs, providerId, modelId, reason, message: describeSkip(event) };
    }
    case 'hedge-started': {
      const { from, to, attempt, silentMs } = event;
      const waitMs = Math.round(silentMs);
      return { kind: 'hedge-started', atMs, elapsedMs, ...from, toModelId: to.modelId, attempt, waitMs };
    }
    case 'hedge-lost': {
      const { providerId, modelId, attempt, callId, latencyMs } = event;
      return { kind: 'hedge-lost', atMs, elapsedMs, providerId, modelId, attempt, callId, latencyMs };
    }
    case 'budget-refused': {
      const { providerId, modelId, budgetId, budgetName, reason, decision, message } = event;
      const budget = { ...(budgetId !== undefined && { budgetId }), budgetName };
      return { kind: 'budget-refused', atMs, elapsedMs, providerId, modelId, ...budget, reason, decision, message };
    }
    case 'approval-requested': {
      const { providerId, modelId, approvalId, budgetName, waitMs } = event;
      return { kind: 'approval-requested', atMs, elapsedMs, providerId, modelId, approvalId, budgetName, waitMs };
    }
    case 'approval-decided': {
      const { providerId, modelId, approvalId, decision, waitMs } = event;
      return { kind: 'approval-decided', atMs, elapsedMs, providerId, modelId, approvalId, decision, waitMs };
    }
    case 'output-limited': {
      const { providerId, modelId, attempt, maxOutputTokens } = event;
      return { kind: 'output-limited', atMs, elapsedMs, providerId, modelId, attempt, maxOutputTokens };
    }
    case 'latency-target-missed': {
      const { providerId, modelId, attempt, callId, latencyMs, targetMs: latencyTargetMs } = event;
      const missed = { attempt, callId, latencyMs, latencyTargetMs };
      return { kind: 'latency-target-missed', atMs, elapsedMs, providerId, modelId, ...missed };
    }
    case 'output-reset': {
      const { providerId, modelId, attempt, reason: errorKind, voidedLength } = event;
      return { kind: 'output-voided', atMs, elapsedMs, providerId, modelId, attempt, errorKind, voidedLength };
    }
  }
}
