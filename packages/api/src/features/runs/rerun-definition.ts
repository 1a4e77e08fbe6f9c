import { parseRoleReference } from '@switchyard/core/roles';
import type { WorkflowDefinition, WorkflowStep } from '@switchyard/core/workflows';
import { ConflictFailure } from '../../user-errors.ts';

type Models = Readonly<Record<string, readonly string[]>>;

/** `definition` with other models for some of its steps. Throws `ConflictFailure` for a step that asks no models. */
export function withOtherModels(definition: WorkflowDefinition, models: Models): WorkflowDefinition {
  const known = new Map(definition.steps.map((step) => [step.id, step]));
  for (const id of Object.keys(models)) {
    const step = known.get(id);
    const asks =
      step && (step.type === 'prompt' || (step.type === 'merge' && step.mode === 'llm') || isPromptMap(step));
    if (asks) continue;
    const message = `The workflow has no step "${id}" that asks models.`;
    throw new ConflictFailure('RUNS.UNKNOWN_STEP', message, ['input', 'models']);
  }
  return { ...definition, steps: definition.steps.map((step) => withModels(step, models[step.id])) };
}

const isPromptMap = (step: WorkflowStep) => step.type === 'map' && step.do.type === 'prompt';

function withModels(step: WorkflowStep, names: readonly string[] | undefined): WorkflowStep {
  if (!names || names.length === 0) return step;
  if (step.type === 'map') {
    return step.do.type === 'prompt' ? { ...step, do: replaceModels(step.do, names) } : step;
  }
  if (step.type === 'prompt') return replaceModels(step, names);
  return step.type === 'merge' && step.mode === 'llm' ? replaceModels(step, names) : step;
}

type Asking = Pick<Extract<WorkflowStep, { type: 'prompt' }>, 'role' | 'models'>;

function replaceModels<Body extends Asking>(body: Body, names: readonly string[]): Body {
  const { role: _role, models: before, ...rest } = body;
  const [only = ''] = names;
  const role = names.length === 1 ? parseRoleReference(only) : undefined;
  if (role !== undefined) return { ...rest, role } as unknown as Body;
  const models = names.map((model) => before?.find((each) => each.model === model) ?? { model });
  return { ...rest, models } as unknown as Body;
}
