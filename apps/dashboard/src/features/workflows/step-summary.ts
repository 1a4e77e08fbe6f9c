import { callOf, type Step, type StepModel } from './definition.ts';
import type { RoleChoice } from './editor-context.ts';
import { plural } from './step-words.ts';

/** Models that a step may ask, in order: its own, or those of its role. */
export function modelsOf(step: Step, roles: readonly RoleChoice[]): readonly string[] {
  const call = callOf(step)?.call;
  if (!call) return [];
  if (Array.isArray(call.models)) return (call.models as readonly StepModel[]).map(({ model }) => model);
  return (
    roles
      .find(({ name }) => name === call.role)
      ?.asks.filter(({ isOfDefault }) => !isOfDefault)
      .map(({ model }) => model) ?? []
  );
}

/** Who answers, or what the step does, in a few words for its card. */
export function answererWords(step: Step, _roles: readonly RoleChoice[]): string {
  const call = callOf(step)?.call;
  if (call) {
    if (!Array.isArray(call.models)) return typeof call.role === 'string' ? `role ${call.role}` : 'nobody yet';
    const models = call.models as readonly StepModel[];
    const [first] = models;
    if (!first) return 'nobody yet';
    const name = first.model.split('/').at(-1) ?? first.model;
    return models.length === 1 ? name : `${name} +${models.length - 1}`;
  }
  if (step.type === 'branch') return plural(step.cases?.length ?? 0, 'condition');
  if (step.type === 'merge') return `${step.mode ?? ''} of ${step.from?.length ?? 0}`;
  if (step.type === 'transform') return step.value === undefined ? 'template' : 'expression';
  if (step.type === 'map') return 'transform each';
  return '';
}
