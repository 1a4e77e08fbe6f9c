import type { WorkflowChangesQuery } from '../../gql/workflows.ts';
import { isMap } from './definition.ts';
import { splitWords } from './model-words.ts';
import { stepTypeWords } from './step-words.ts';

type Change = NonNullable<WorkflowChangesQuery['diffWorkflowVersions']>[number];

export interface ChangeGroup {
  readonly key: string;
  readonly kind: 'new' | 'removed' | 'changed' | 'moved';
  readonly title: string;
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

const kinds = { ADDED: 'new', REMOVED: 'removed', CHANGED: 'changed', MOVED: 'moved' } as const;

/** Changes by the step that they concern, in words: what belongs to the workflow itself comes first. */
export function groupChanges(changes: readonly Omit<Change, '__typename'>[]): readonly ChangeGroup[] {
  const groups = new Map<string, ChangeGroup>();
  for (const { kind, stepId, field, before, after } of changes) {
    const key = stepId ?? '';
    const known = groups.get(key);
    if (field === null) {
      groups.set(key, { key, kind: kinds[kind], title: titleOf(stepId, after ?? before), fields: known?.fields ?? [] });
      continue;
    }
    const line = {
      field: fieldWords(field),
      before: kind === 'ADDED' ? undefined : before,
      after: kind === 'REMOVED' ? undefined : after,
    };
    groups.set(key, {
      key,
      kind: known && known.kind !== 'moved' ? known.kind : 'changed',
      title: known?.title ?? titleOf(stepId, undefined),
      fields: [...(known?.fields ?? []), line],
    });
  }
  return [...groups.values()];
}

function titleOf(stepId: string | null, step: unknown): string {
  if (stepId === null) return 'The workflow';
  const type = isMap(step) ? stepTypeWords[step.type as keyof typeof stepTypeWords]?.label : undefined;
  return `${type === undefined ? 'Step' : `${type} step`} ${stepId}`;
}

/** `models[0].parameters.temperature` as `model 1, temperature`. */
export function fieldWords(field: string): string {
  return field
    .split('.')
    .filter((part) => part !== 'parameters' && part !== 'guardrails')
    .map((part) => splitWords(part.replace(/s?\[(\d+)\]/, (_all, index: string) => ` ${Number(index) + 1}`)))
    .join(', ');
}

const longest = 400;

/** A value for people: texts as they are, the rest as JSON; long ones are cut. */
export function valueWords(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
