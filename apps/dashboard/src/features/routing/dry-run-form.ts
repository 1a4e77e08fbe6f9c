import type { DryRunRouteInput, ModelCapability, RoutingStrategy } from '../../gql/routing.ts';

export const capabilityChoices: readonly { value: ModelCapability; label: string }[] = [
  { value: 'VISION', label: 'Vision' },
  { value: 'TOOLS', label: 'Tools' },
  { value: 'JSON', label: 'JSON' },
  { value: 'REASONING', label: 'Reasoning' },
];

export interface DryRunValues {
  model: string;
  prompt: string;
  inputTokens: number | null;
  maxOutputTokens: number | null;
  needs: readonly ModelCapability[];
  role: string;
  workflow: string;
  step: string;
  taskClass: string;
  tags: readonly string[];
  strategy: RoutingStrategy | null;
  /** The key that would ask; null: the person. */
  apiKeyId: string | null;
}

export const emptyDryRun: DryRunValues = {
  model: 'auto',
  prompt: 'Summarise the minutes of our last meeting in five points.',
  inputTokens: null,
  maxOutputTokens: null,
  needs: [],
  role: '',
  workflow: '',
  step: '',
  taskClass: '',
  tags: [],
  strategy: null,
  apiKeyId: null,
};

/** The question for the server; what was left empty is left out. */
export function dryRunInput(values: DryRunValues): DryRunRouteInput {
  const { model, prompt, inputTokens, maxOutputTokens, needs, role, workflow, step, taskClass } = values;
  const { tags, strategy, apiKeyId } = values;
  const context = Object.fromEntries(
    Object.entries({ role, workflow, step, taskClass }).flatMap(([name, value]) =>
      value.trim() === '' ? [] : [[name, value.trim()]],
    ),
  );
  return {
    model: model.trim() || 'auto',
    prompt,
    ...(inputTokens === null ? {} : { inputTokens }),
    ...(maxOutputTokens === null ? {} : { maxOutputTokens }),
    ...(needs.length > 0 ? { needs: [...needs] } : {}),
    ...(Object.keys(context).length > 0 ? { context } : {}),
    ...(tags.length > 0 ? { tags: [...tags] } : {}),
    ...(strategy ? { strategy } : {}),
    ...(apiKeyId ? { apiKeyId } : {}),
  };
}
