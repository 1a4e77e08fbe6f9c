import type { CallObserver } from '@switchyard/core/dispatch';
import type { CallRecord } from '@switchyard/core/metrics';
import type { BreachJournal } from '../guardrails/breach-journal.ts';
import type { ModelTelemetry } from './model-telemetry.ts';

/** Tells scrapers, log pipelines, the journal of breaches and whoever watches over the providers what dispatch tells. */
export function observeCalls(
  telemetry: ModelTelemetry,
  breaches: BreachJournal,
  health?: { note(record: CallRecord): void },
  traces?: { callEnded(record: CallRecord): void },
): CallObserver {
  return {
    onBreach(breach) {
      telemetry.onBreach(breach);
      breaches.noteRefusal(breach);
    },
    onWarning: (warning, attributes, atMs) => breaches.noteWarning(warning, attributes, atMs),
    onCallEnd(record, facts) {
      const { providerId: provider, modelId: model, attempt, decisionId, workflowId, stepId } = record;
      const how = decisionId === undefined ? 'named' : 'routed';
      telemetry.selection({
        teamId: record.teamId,
        callId: record.id,
        provider,
        model,
        decisionType: record.isHedge ? 'hedge' : attempt > 1 ? 'retry-or-fallback' : how,
        workflowId,
        stepId,
        estimatedCostNanoUsd: facts.expectedNanoUsd,
      });
      telemetry.onCallEnd(record, facts);
      health?.note(record);
      traces?.callEnded(record);
    },
  };
}
