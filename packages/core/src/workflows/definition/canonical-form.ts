import {
  deadlinesSchema,
  guardrailsSchema,
  needsSchema,
  outputSchema,
  parametersSchema,
  retrySchema,
} from './call-fields.ts';
import {
  approvalStepSchema,
  branchStepSchema,
  mapStepSchema,
  mergeStepSchema,
  promptStepSchema,
  transformStepSchema,
} from './step-schemas.ts';
import { envelopeFields, inputSchema, type WorkflowDefinition } from './workflow-definition.ts';

/**
 * `definition` in the one order in which it is written: fields in the order of the format, names that authors choose in
 * alphabetical order, lists as they are. Two definitions that mean the same are the same text afterwards, also when a
 * database has shuffled their fields in between. Absent fields stay absent.
 */
export function canonicalForm(definition: WorkflowDefinition): WorkflowDefinition {
  const { inputs, outputs, ...rest } = definition;
  return inOrder(
    {
      ...rest,
      inputs:
        inputs &&
        mapNamed(inputs, (input) =>
          inOrder({ ...input, default: sorted(input.default), fields: sorted(input.fields) }, inputFields),
        ),
      outputs: outputs && mapNamed(outputs, (value) => value),
      steps: definition.steps.map((step) => orderDeep(step)),
    },
    [...Object.keys(envelopeFields), 'steps'],
  ) as unknown as WorkflowDefinition;
}

/** Any JSON value as text with the names in it in alphabetical order: the basis of fingerprints. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

type Fields = Readonly<Record<string, unknown>>;

const inputFields = Object.keys(inputSchema.shape);

/** The order of all fields of steps and of what is in them. No name means two things in two places. */
const stepFields: readonly string[] = collectStepFields();

function collectStepFields(): string[] {
  const shapes: readonly { readonly shape: object }[] = [
    promptStepSchema,
    transformStepSchema,
    branchStepSchema,
    mapStepSchema,
    ...mergeStepSchema.options,
    approvalStepSchema,
  ];
  const names = shapes.flatMap(({ shape }) => Object.keys(shape));
  const inner = [parametersSchema, guardrailsSchema, retrySchema, deadlinesSchema, needsSchema, outputSchema];
  const innerNames = inner.flatMap(({ shape }) => Object.keys(shape));
  const first = [
    'id',
    'type',
    'mode',
    'title',
    'description',
    'after',
    'join',
    'role',
    'model',
    'models',
    'when',
    'goTo',
  ];
  const last = ['system', 'prompt'];
  return [...new Set([...first, ...[...names, ...innerNames].filter((name) => !last.includes(name)), ...last])];
}

/** Fields that hold the author's own names. */
const freeFields: ReadonlySet<string> = new Set(['schema', 'providerOptions']);

function orderDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(orderDeep);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    freeFields.has(name) ? sorted(each) : orderDeep(each),
  ]);
  return inOrder(Object.fromEntries(entries), stepFields);
}

function inOrder(value: Fields, names: readonly string[]): Fields {
  const rank = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
  return fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => rank(a) - rank(b) || byName(a, b)),
  );
}

function mapNamed<Value>(map: Readonly<Record<string, Value>>, change: (value: Value) => unknown): Fields {
  return fromEntries(
    Object.entries(map)
      .sort(([a], [b]) => byName(a, b))
      .map(([name, value]) => [name, change(value)]),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  return fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => byName(a, b))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

// Object.fromEntries defines properties, so that a name such as __proto__ stays a name.
const fromEntries = (entries: readonly (readonly [string, unknown])[]): Fields => Object.fromEntries(entries);

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
