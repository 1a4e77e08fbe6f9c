import type { PublicRunEvent } from '../../features/runs/run-service.ts';

/**
 * What happens in a run, as a comment of an event stream: a word and JSON. Clients of OpenAI's format skip comments; who
 * reads them can show how far it has come. Undefined for what is told otherwise or too often.
 */
export function describeProgress(event: PublicRunEvent): string | undefined {
  const facts = factsOf(event);
  return facts && `switchyard ${JSON.stringify(facts)}`;
}

function factsOf(event: PublicRunEvent): object | undefined {
  switch (event.type) {
    case 'step-started':
      return { event: 'step-started', step: event.stepId };
    case 'step-completed':
      return { event: 'step-completed', step: event.stepId };
    case 'step-failed':
      return { event: 'step-failed', step: event.stepId, code: event.error.code };
    case 'step-skipped':
      return { event: 'step-skipped', step: event.stepId };
    case 'attempt-started':
      return { event: 'attempt-started', step: event.stepId, model: event.modelId };
    case 'attempt-failed':
      return { event: 'attempt-failed', step: event.stepId, model: event.modelId, kind: event.kind };
    case 'failover-happened':
      return { event: 'failover-happened', step: event.stepId, from: event.fromModelId, to: event.toModelId };
    default:
      return undefined;
  }
}
