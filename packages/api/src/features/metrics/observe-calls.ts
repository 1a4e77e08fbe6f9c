import type { CallObserver } from '@switchyard/core/dispatch';
import type { BreachJournal } from '../guardrails/breach-journal.ts';
import type { ModelTelemetry } from './model-telemetry.ts';

/** Tells scrapers, log pipelines and the journal of breaches what dispatch tells. */
export function observeCalls(telemetry: ModelTelemetry, breaches: BreachJournal): CallObserver {
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
        provider,
        model,
        decisionType: record.isHedge ? 'hedge' : attempt > 1 ? 'retry-or-fallback' : how,
        workflowId,
        stepId,
        estimatedCostNanoUsd: facts.expectedNanoUsd,
      });
      telemetry.onCallEnd(record, facts);
    },
  };
}
