import type { ModelChoice } from '../catalog/use-model-choices.ts';

export interface TargetState {
  tone: 'good' | 'warn' | 'off';
  words: string;
}

/** Whether a target of a rule (an id, or a beginning with a star) leads to models that can be called now. */
export function availabilityOf(target: string, models: readonly ModelChoice[]): TargetState {
  const beginning = target.endsWith('*') ? target.slice(0, -1) : undefined;
  const found = models.filter(({ modelId }) =>
    beginning === undefined ? modelId === target : modelId.startsWith(beginning),
  );
  if (beginning !== undefined) {
    const count = found.filter(({ isAvailable }) => isAvailable).length;
    if (found.length === 0) return { tone: 'off', words: 'no model begins like this' };
    const tone = count === found.length ? 'good' : count > 0 ? 'warn' : 'off';
    return { tone, words: `${count} of ${found.length} available` };
  }
  const [model] = found;
  if (!model) return { tone: 'warn', words: 'not in your list of models' };
  if (!model.isAvailable) return { tone: 'off', words: model.unavailableReason ?? 'not available' };
  return { tone: 'good', words: model.origin === 'SIMULATED' ? 'available, simulated' : 'available' };
}
