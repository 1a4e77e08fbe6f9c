/** Plain data as it is saved; the server judges what it means. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };
export type JsonMap = { readonly [name: string]: Json | undefined };

export const stepTypes = ['prompt', 'transform', 'branch', 'map', 'merge', 'approval'] as const;
export type StepType = (typeof stepTypes)[number];

export interface StepModel extends JsonMap {
  readonly model: string;
  readonly parameters?: JsonMap;
  readonly guardrails?: JsonMap;
  readonly routingWeight?: number;
}

export interface BranchCase extends JsonMap {
  readonly when: string;
  readonly goTo: readonly string[];
}

/** What the editor reads of a step by name. Everything else is kept as it is. */
export interface Step extends JsonMap {
  readonly id: string;
  readonly type: StepType;
  readonly title?: string;
  readonly after?: readonly string[];
  readonly from?: readonly string[];
  readonly cases?: readonly BranchCase[];
  readonly default?: readonly string[];
  readonly role?: string;
  readonly models?: readonly StepModel[];
  readonly strategy?: string;
  readonly mode?: string;
  readonly do?: JsonMap;
}

export interface WorkflowInput extends JsonMap {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly items?: string;
  readonly fields?: { readonly [name: string]: string };
  readonly isOptional?: boolean;
  readonly default?: Json;
}

/** A workflow on the way to being right: what the editor needs is there, whatever else the draft holds is kept. */
export interface Definition extends JsonMap {
  readonly format: 1;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputs?: { readonly [name: string]: WorkflowInput };
  readonly outputs?: { readonly [name: string]: string };
  readonly steps: readonly Step[];
}

export const isMap = (value: unknown): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/**
 * Reads what a server sent as a definition. Drafts may be anything: steps that are no steps are left out and counted,
 * so that nobody overwrites unseen what they hold.
 */
export function readDraft(value: unknown, name: string): { definition: Definition; unreadableSteps: number } {
  const map = isMap(value) ? value : {};
  const given: readonly unknown[] = Array.isArray(map.steps) ? map.steps : [];
  const steps = given.flatMap((step) => readStep(step) ?? []);
  const definition = {
    ...map,
    format: 1,
    name: typeof map.name === 'string' ? map.name : name,
    inputs: readNamed(map.inputs, isMap),
    outputs: readNamed(map.outputs, (each) => typeof each === 'string'),
    steps,
  } as unknown as Definition;
  return { definition, unreadableSteps: given.length - steps.length };
}

function readNamed(value: unknown, isFit: (each: unknown) => boolean): JsonMap | undefined {
  if (!isMap(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => isFit(each)));
}

function readStep(value: unknown): Step | undefined {
  if (!isMap(value) || typeof value.id !== 'string' || !stepTypes.includes(value.type as StepType)) return undefined;
  if (value.type === 'map' && !isMap(value.do)) return undefined;
  if (value.type === 'branch' && !(Array.isArray(value.cases) && value.cases.every(isCase))) return undefined;
  for (const list of ['after', 'from', 'default'])
    if (value[list] !== undefined && !isTexts(value[list])) return undefined;
  if (value.models !== undefined && !isModels(value.models)) return undefined;
  return value as Step;
}

const isCase = (value: unknown) => isMap(value) && typeof value.when === 'string' && isTexts(value.goTo);
const isModels = (value: unknown) =>
  Array.isArray(value) && value.every((each) => isMap(each) && typeof each.model === 'string');

export const stepAt = (definition: Definition, id: string | undefined): Step | undefined =>
  definition.steps.find((step) => step.id === id);

/** What people call a step. */
export const stepName = ({ title, id }: Pick<Step, 'title' | 'id'>): string => title?.trim() || id;

/** The part of a step that asks models: the step, the body of a map, or nothing. And where it stands in the step. */
export function callOf(step: Step): { call: JsonMap; prefix: string } | undefined {
  if (step.type === 'prompt' || (step.type === 'merge' && step.mode === 'llm')) return { call: step, prefix: '' };
  if (step.type === 'map' && step.do?.type === 'prompt') return { call: step.do, prefix: 'do.' };
  return undefined;
}
