import { canonicalForm, canonicalJson } from './canonical-form.ts';
import type { WorkflowDefinition, WorkflowStep } from './workflow-definition.ts';

/** One difference between two versions of a workflow. */
export interface DefinitionChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** Of the step; absent for what belongs to the workflow itself. */
  readonly stepId?: string;
  /** The field: `prompt`, `models[0].parameters.temperature`; absent for a whole step. */
  readonly field?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * What changed from `before` to `after`, workflow fields first, then steps in the order of `after`, then removed steps.
 * Steps are the same when their ids are. The order of steps only matters for reading, so a move is told once per step
 * that changed its place among those that both have.
 */
export function diffDefinitions(before: WorkflowDefinition, after: WorkflowDefinition): readonly DefinitionChange[] {
  const { steps: oldSteps, ...oldEnvelope } = canonicalForm(before);
  const { steps: newSteps, ...newEnvelope } = canonicalForm(after);
  const changes: DefinitionChange[] = diffValues(oldEnvelope, newEnvelope);
  const known = new Map(oldSteps.map((step) => [step.id, step]));
  const moved = movedSteps(oldSteps, newSteps);
  for (const step of newSteps) {
    const old = known.get(step.id);
    const { id: stepId } = step;
    if (!old) {
      changes.push({ kind: 'added', stepId, after: step });
      continue;
    }
    if (moved.has(stepId)) changes.push({ kind: 'moved', stepId });
    changes.push(...diffValues(old, step).map((change) => ({ ...change, stepId })));
  }
  const kept = new Set(newSteps.map(({ id }) => id));
  for (const step of oldSteps) {
    if (!kept.has(step.id)) changes.push({ kind: 'removed', stepId: step.id, before: step });
  }
  return changes;
}

function movedSteps(before: readonly WorkflowStep[], after: readonly WorkflowStep[]): ReadonlySet<string> {
  const old = new Set(before.map(({ id }) => id));
  const common = new Set(after.map(({ id }) => id).filter((id) => old.has(id)));
  const oldOrder = before.map(({ id }) => id).filter((id) => common.has(id));
  const newOrder = after.map(({ id }) => id).filter((id) => common.has(id));
  return new Set(newOrder.filter((id, index) => oldOrder[index] !== id));
}

function diffValues(before: unknown, after: unknown, field = ''): DefinitionChange[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => diffValues(before[index], after[index], `${field}[${index}]`)).flat();
  }
  if (isMap(before) && isMap(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => diffValues(before[name], after[name], field === '' ? name : `${field}.${name}`));
  }
  if (before === undefined) return [{ kind: 'added', field, after }];
  if (after === undefined) return [{ kind: 'removed', field, before }];
  return [{ kind: 'changed', field, before, after }];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
