import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';

/** A workflow of these steps. */
export const define = (steps: readonly WorkflowStep[], more: Partial<WorkflowDefinition> = {}): WorkflowDefinition => ({
  format: 1,
  name: 'test',
  ...more,
  steps,
});

/** A prompt step that asks the role `coder`. */
export const ask = (id: string, prompt = id, more: object = {}): WorkflowStep =>
  ({ id, type: 'prompt', role: 'coder', prompt, ...more }) as WorkflowStep;
