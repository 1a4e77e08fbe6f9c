import type { RunFact } from './run-fact.ts';

/** The members of the GraphQL union `RunEvent`. */
export const publicEventTypes = [
  'RunStarted',
  'StepStarted',
  'RouteDecided',
  'AttemptStarted',
  'OutputDelta',
  'ReasoningDelta',
  'ToolCallRequested',
  'OutputReset',
  'AttemptFailed',
  'FailoverHappened',
  'GuardrailBreached',
  // Under a name for each kind of entry.
  'CallProgressed',
  'OutputCompleted',
  'StepCompleted',
  'ApprovalRequested',
  'RunFinished',
] as const;

export type PublicEventType = (typeof publicEventTypes)[number];

/** Under which name readers of a run see each fact; undefined: they do not, it is bookkeeping of the engine. */
export const publicTypeOf: Readonly<Record<RunFact['type'], PublicEventType | undefined>> = {
  'run-started': 'RunStarted',
  'step-started': 'StepStarted',
  'items-listed': undefined,
  'item-started': undefined,
  'call-started': undefined,
  'output-completed': 'OutputCompleted',
  // Each attempt of it was told by itself.
  'call-failed': undefined,
  'call-interrupted': undefined,
  'item-completed': undefined,
  'item-failed': undefined,
  // How it ended is a field of the event: completed, failed, skipped.
  'step-completed': 'StepCompleted',
  'step-failed': 'StepCompleted',
  'step-skipped': 'StepCompleted',
  'approval-requested': 'ApprovalRequested',
  'approval-decided': undefined,
  'cancel-requested': undefined,
  'run-failing': undefined,
  'run-finished': 'RunFinished',
  'run-retried': 'RunStarted',
  'route-decided': 'RouteDecided',
  'attempt-started': 'AttemptStarted',
  'output-delta': 'OutputDelta',
  'reasoning-delta': 'ReasoningDelta',
  'tool-call-requested': 'ToolCallRequested',
  'output-reset': 'OutputReset',
  'attempt-failed': 'AttemptFailed',
  'failover-happened': 'FailoverHappened',
  'guardrail-breached': 'GuardrailBreached',
  'call-progressed': 'CallProgressed',
};
