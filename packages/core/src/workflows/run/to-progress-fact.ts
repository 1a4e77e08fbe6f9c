import type { ChainEvent } from '../../dispatch/index.ts';
import type { CallPlace, ProgressFact } from './run-fact.ts';

/** What readers of a run are told of an event of a chain; undefined when it is nothing that they see. */
export function toProgressFact(event: ChainEvent, place: CallPlace): ProgressFact | undefined {
  switch (event.type) {
    case 'attempt-started': {
      const { providerId, modelId, attempt } = event;
      return { type: 'attempt-started', ...place, providerId, modelId, vendorAttempt: attempt };
    }
    case 'attempt-failed': {
      const { providerId, modelId, attempt, kind, blame, message, latencyMs } = event;
      return {
        type: 'attempt-failed',
        ...place,
        providerId,
        modelId,
        vendorAttempt: attempt,
        kind,
        blame,
        message,
        latencyMs,
      };
    }
    case 'failover-happened': {
      const { from, to, reason } = event;
      return { type: 'failover-happened', ...place, fromModelId: from.modelId, toModelId: to.modelId, reason };
    }
    case 'output-reset': {
      const { reason, voidedLength } = event;
      return { type: 'output-reset', ...place, reason, voidedLength };
    }
    case 'budget-refused': {
      const { modelId, decision, message } = event;
      const words = { 'fail-fast': 'refused', 'ask-approval': 'approval-needed' } as const;
      const told = decision === 'fail-fast' || decision === 'ask-approval' ? words[decision] : 'skipped';
      return { type: 'guardrail-breached', ...place, modelId, limit: 'budget', decision: told, message };
    }
    case 'latency-target-missed': {
      const { modelId, latencyMs, targetMs } = event;
      const message = `${modelId} took ${latencyMs} ms; ${targetMs} ms were hoped for.`;
      const figures = { measured: String(latencyMs), allowed: String(targetMs) };
      return {
        type: 'guardrail-breached',
        ...place,
        modelId,
        limit: 'latency',
        decision: 'warned',
        message,
        ...figures,
      };
    }
    default:
      return undefined;
  }
}
