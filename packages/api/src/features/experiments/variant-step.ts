import { createHash } from 'node:crypto';
import { canonicalJson, type ExperimentVariant } from '@switchyard/core/experiments';
import { parseRoleReference } from '@switchyard/core/roles';
import type { PromptStep, WorkflowDefinition } from '@switchyard/core/workflows';

/** The step of a workflow that a live split is about; undefined when there is none that asks one model at a time. */
export function splitStepOf({ steps }: WorkflowDefinition, stepId: string): PromptStep | undefined {
  const step = steps.find(({ id }) => id === stepId);
  return step?.type === 'prompt' && step.strategy !== 'parallel' ? step : undefined;
}

/** Tells one content of a step from another one; what only people read does not count. */
export function fingerprintOf({ title: _title, description: _description, ...step }: PromptStep): string {
  return createHash('sha256').update(canonicalJson(step)).digest('hex');
}

/** The workflow as a variant executes it: what the variant says stands in place of the step's own, the rest stays. */
export function withVariant(
  definition: WorkflowDefinition,
  stepId: string,
  variant: ExperimentVariant,
): WorkflowDefinition {
  const steps = definition.steps.map((step) =>
    step.id === stepId && step.type === 'prompt' ? changeStep(step, variant) : step,
  );
  return { ...definition, steps };
}

/** Whether the variant says anything at all: one that does not is the step as it is. */
export function changesStep({ model, parameters, system, prompt, strategy }: ExperimentVariant): boolean {
  return [model, parameters, system, prompt, strategy].some((each) => each !== undefined);
}

function changeStep(step: PromptStep, variant: ExperimentVariant): PromptStep {
  const { model, parameters, system, prompt, strategy } = variant;
  const named = model === undefined ? step : withModel(step, model);
  const set = Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined);
  const changed: Record<string, unknown> = {
    ...named,
    ...(system !== undefined && { system }),
    ...(prompt !== undefined && { prompt }),
    ...(strategy !== undefined && { strategy }),
  };
  if (set.length === 0) return changed as unknown as PromptStep;
  changed.parameters = { ...step.parameters, ...Object.fromEntries(set) };
  // A model's own parameters would win over those of the step.
  const names = new Set(set.map(([name]) => name));
  changed.models = named.models?.map(({ parameters: own, ...rest }) => ({
    ...rest,
    ...(own && { parameters: Object.fromEntries(Object.entries(own).filter(([name]) => !names.has(name))) }),
  }));
  if (changed.models === undefined) delete changed.models;
  return changed as unknown as PromptStep;
}

function withModel({ role: _role, models, ...rest }: PromptStep, model: string): PromptStep {
  const role = parseRoleReference(model);
  if (role !== undefined) return { ...rest, role } as PromptStep;
  // Limits that the step has for this very model stay.
  return { ...rest, models: [models?.find((each) => each.model === model) ?? { model }] } as PromptStep;
}
