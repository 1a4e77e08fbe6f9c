import { splitModelId } from '../../catalog/index.ts';
import { cachedExpression } from '../definition/compile-text.ts';
import type { CallSpec, MapBody, WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';
import { callSpecOf } from '../definition/workflow-definition.ts';
import type { Reference } from './reference.ts';
import {
  anyType,
  booleanType,
  listOf,
  numberType,
  objectOf,
  openObject,
  textType,
  typeOfInput,
  typeOfSchema,
  type ValueType,
} from './value-type.ts';

/** What templates and expressions find under their names. */
export type ScopeTypes = Readonly<Record<string, ValueType>>;

/** One candidate of a merge. */
const candidateType = objectOf({
  output: anyType,
  step: textType,
  provider: textType,
  model: textType,
  rating: numberType,
  index: numberType,
});

/** Types of everything that texts of `definition` can name, worked out on demand. */
export class WorkflowTypes {
  readonly #steps: ReadonlyMap<string, WorkflowStep>;
  readonly #inputs: ValueType;
  readonly #known = new Map<string, ValueType>();
  readonly #broken: ReadonlySet<string>;
  readonly #stepTypes = new Map<string, ValueType>();
  #allSteps: ValueType | undefined;

  /** `brokenStepIds` exist but cannot be read: anything may be in them. */
  constructor(definition: WorkflowDefinition, brokenStepIds: ReadonlySet<string> = new Set()) {
    this.#steps = new Map(definition.steps.map((step) => [step.id, step]));
    this.#broken = brokenStepIds;
    const inputs = Object.entries(definition.inputs ?? {}).map(([name, input]) => [name, typeOfInput(input)]);
    this.#inputs = objectOf(Object.fromEntries(inputs));
  }

  /** Types under `names` for a text of `step`; `stepIds` limits `steps` to those. */
  scopeOf(step: WorkflowStep | undefined, names: readonly string[], stepIds?: ReadonlySet<string>): ScopeTypes {
    const scope: Record<string, ValueType> = {};
    for (const name of names) {
      if (name === 'inputs') scope[name] = this.#inputs;
      else if (name === 'steps') scope[name] = this.#stepsType(stepIds);
      else if (name === 'index') scope[name] = numberType;
      else if (name === 'item') scope[name] = step?.type === 'map' ? this.#itemType(step.over) : anyType;
      else if (name === 'candidate') scope[name] = candidateType;
      else if (name === 'candidates') scope[name] = listOf(candidateType);
    }
    return scope;
  }

  outputOf(stepId: string): ValueType {
    const known = this.#known.get(stepId);
    if (known) return known;
    // While it is being worked out it may be anything: cycles are reported elsewhere.
    this.#known.set(stepId, anyType);
    const step = this.#steps.get(stepId);
    const type = step && !this.#broken.has(stepId) ? this.#outputType(step) : anyType;
    this.#known.set(stepId, type);
    return type;
  }

  /** What an expression gives, with the types of what it looks at. */
  typeOfExpression(source: string, scope: 'workflow' | 'item', step?: WorkflowStep): ValueType {
    const result = cachedExpression(source, scope);
    if (!result.isValid) return anyType;
    const [reference] = result.expression.references;
    if (!result.expression.isReference || !reference) return result.expression.type;
    const names = scope === 'item' ? ['inputs', 'item', 'index'] : ['inputs'];
    const found = this.#lookUpLazily(reference, this.scopeOf(step, names));
    return found ?? anyType;
  }

  // `steps` in full would make every type of the workflow for one look-up.
  #lookUpLazily({ path }: Reference, scope: ScopeTypes): ValueType | undefined {
    const [root, id, ...rest] = path;
    if (root !== 'steps') return followPath(path, scope).type;
    if (typeof id !== 'string') return anyType;
    return followPath(['step', ...rest], { step: this.#stepType(id) }).type;
  }

  #itemType(over: string): ValueType {
    const type = this.typeOfExpression(over, 'workflow');
    return type.kind === 'list' ? type.items : anyType;
  }

  #stepsType(ids: ReadonlySet<string> | undefined): ValueType {
    if (!ids && this.#allSteps) return this.#allSteps;
    const known = [...this.#steps.keys(), ...this.#broken].filter((id) => !ids || ids.has(id));
    const type = objectOf(Object.fromEntries(known.map((id) => [id, this.#stepType(id)])));
    if (!ids) this.#allSteps = type;
    return type;
  }

  #stepType(id: string): ValueType {
    const known = this.#stepTypes.get(id);
    if (known) return known;
    const type = this.#makeStepType(id);
    this.#stepTypes.set(id, type);
    return type;
  }

  #makeStepType(id: string): ValueType {
    const step = this.#steps.get(id);
    if (!step || this.#broken.has(id)) return anyType;
    const output = this.outputOf(id);
    const call = step.type === 'map' ? undefined : callSpecOf(step);
    return objectOf({
      output,
      status: textType,
      error: objectOf({ code: textType, message: textType }),
      ...(call && { modelOutputs: modelOutputsType(call, output), model: textType }),
      ...(step.type === 'map' && {
        failures: listOf(objectOf({ index: numberType, code: textType, message: textType })),
      }),
    });
  }

  #outputType(step: WorkflowStep): ValueType {
    switch (step.type) {
      case 'prompt':
        return callType(step);
      case 'transform':
        return this.#transformType(step, 'workflow', step);
      case 'branch':
        return objectOf({ chosen: listOf(textType), case: numberType });
      case 'map':
        return listOf(step.do.type === 'prompt' ? callType(step.do) : this.#transformType(step.do, 'item', step));
      case 'merge':
        if (step.mode === 'concatenate') return step.as === 'list' ? listOf(anyType) : textType;
        if (step.mode === 'llm') return callType(step);
        return this.#commonType(step.from);
      case 'approval':
        return objectOf({ approved: booleanType, by: textType, comment: textType, value: anyType });
    }
  }

  #transformType(
    body: Pick<Extract<MapBody, { type: 'transform' }>, 'value'>,
    scope: 'workflow' | 'item',
    step: WorkflowStep,
  ): ValueType {
    return body.value === undefined ? textType : this.typeOfExpression(body.value, scope, step);
  }

  #commonType(from: readonly string[]): ValueType {
    const [first, ...rest] = from.map((id) => {
      const type = this.outputOf(id);
      return this.#steps.get(id)?.type === 'map' && type.kind === 'list' ? type.items : type;
    });
    return first && rest.every(({ kind }) => kind === first.kind) ? first : anyType;
  }
}

function callType({ output }: Pick<CallSpec, 'output'>): ValueType {
  if (output?.format !== 'json') return textType;
  return output.schema ? typeOfSchema(output.schema) : openObject;
}

/** By provider and model; closed when the step names all models that can answer. */
function modelOutputsType({ models }: Pick<CallSpec, 'models'>, output: ValueType): ValueType {
  const parts = (models ?? []).map(({ model }) => splitModelId(model));
  const isOpen = parts.length === 0 || parts.some((each) => each === undefined);
  const fields: Record<string, Record<string, ValueType>> = {};
  for (const each of parts) {
    if (each) fields[each.providerId] = { ...fields[each.providerId], [each.vendorModelId]: output };
  }
  const providers = Object.entries(fields).map(([id, byModel]) => [id, objectOf(byModel, isOpen)]);
  return objectOf(Object.fromEntries(providers), isOpen);
}

/** Where a way into the context leads, or where it breaks off. */
export interface FollowedPath {
  /** Undefined when the way breaks off. */
  readonly type: ValueType | undefined;
  /** Steps of the path that are sound. */
  readonly depth: number;
  /** Where it breaks off: what there is instead. */
  readonly known: readonly string[];
  readonly at?: ValueType;
}

/** Names that Liquid itself gives to lists and texts. */
const liquidProperties: Readonly<Record<string, readonly string[]>> = {
  list: ['size', 'first', 'last'],
  string: ['size'],
  object: ['size'],
};

export function followPath(path: Reference['path'], scope: ScopeTypes): FollowedPath {
  let at: ValueType = objectOf(scope);
  for (const [depth, step] of path.entries()) {
    const next = stepInto(at, step);
    if (next === undefined) {
      return { type: undefined, depth, known: at.kind === 'object' ? Object.keys(at.fields) : [], at };
    }
    at = next;
  }
  return { type: at, depth: path.length, known: [] };
}

function stepInto(type: ValueType, step: string | number | undefined): ValueType | undefined {
  if (type.kind === 'any' || step === undefined) return anyType;
  if (type.kind === 'list' && typeof step === 'number') return type.items;
  if (type.kind === 'object' && typeof step === 'string' && Object.hasOwn(type.fields, step)) return type.fields[step];
  if (type.kind === 'object' && type.isOpen) return anyType;
  if (typeof step !== 'string' || !liquidProperties[type.kind]?.includes(step)) return undefined;
  return step === 'size' ? numberType : type.kind === 'list' ? type.items : anyType;
}
