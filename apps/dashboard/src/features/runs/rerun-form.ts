import type { RerunWorkflowInput } from '../../gql/runs.ts';
import { callOf, type Definition, isMap, type WorkflowInput } from '../workflows/definition.ts';
import { valueText } from './run-words.ts';

/** A run that is to be repeated, as it stands in the editor: inputs as texts, models by step. */
export interface RerunForm {
  readonly inputs: Readonly<Record<string, string>>;
  /** Empty: as before. */
  readonly models: Readonly<Record<string, readonly string[]>>;
  readonly isWhole: boolean;
}

/** A step that asks models, with whom it asked. */
export interface AskingStep {
  readonly stepId: string;
  readonly name: string;
  readonly asked: string;
}

/** The steps whose models can be changed. */
export function askingSteps(definition: Definition): readonly AskingStep[] {
  return definition.steps.flatMap((step) => {
    const call = callOf(step)?.call;
    if (!call) return [];
    const models = Array.isArray(call.models) ? call.models : [];
    const named = models.flatMap((each) => (isMap(each) && typeof each.model === 'string' ? [each.model] : []));
    const asked = typeof call.role === 'string' ? `role:${call.role}` : named.join(', ');
    return [{ stepId: step.id, name: step.title ?? step.id, asked }];
  });
}

/** The form as the earlier run was: changed is what differs from it. */
export function formOfRun(definition: Definition, inputs: unknown): RerunForm {
  const given = isMap(inputs) ? inputs : {};
  const names = new Set([...Object.keys(definition.inputs ?? {}), ...Object.keys(given)]);
  return {
    inputs: Object.fromEntries([...names].map((name) => [name, valueText(given[name])])),
    models: {},
    isWhole: false,
  };
}

const isPlainText = (input: WorkflowInput | undefined) =>
  input === undefined || input.type === 'string' || input.type === 'file';

/** A text of the form as the value it stands for; a problem in words when it stands for none. */
export function readInput(text: string, input: WorkflowInput | undefined): { value: unknown } | { problem: string } {
  if (isPlainText(input)) return { value: text };
  if (text.trim() === '') return input?.isOptional ? { value: null } : { problem: 'Give it a value.' };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    const words = { number: 'a number', boolean: 'true or false', list: 'a list, such as ["a", "b"]' } as const;
    return { problem: `Write ${words[input?.type as keyof typeof words] ?? 'JSON'}.` };
  }
}

/** What the server is told, or what is wrong with which input. */
export function rerunInput(
  runId: string,
  form: RerunForm,
  before: RerunForm,
  definition: Definition,
): { readonly input: RerunWorkflowInput } | { readonly problems: Readonly<Record<string, string>> } {
  const problems: Record<string, string> = {};
  const inputs: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(form.inputs)) {
    const read = readInput(text, definition.inputs?.[name]);
    if ('problem' in read) problems[name] = read.problem;
    else inputs[name] = read.value;
  }
  if (Object.keys(problems).length > 0) return { problems };
  const areInputsChanged = JSON.stringify(form.inputs) !== JSON.stringify(before.inputs);
  const models = Object.entries(form.models).flatMap(([stepId, names]) =>
    names.length > 0 ? [{ stepId, models: [...names] }] : [],
  );
  const changes = {
    ...(areInputsChanged && { inputs }),
    ...(models.length > 0 && { models }),
    ...(form.isWhole && { isWhole: true }),
  };
  return { input: { runId, changes } };
}
