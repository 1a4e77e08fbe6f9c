import type { JsonSchema } from '../../spec/index.ts';
import { canonicalJson } from '../definition/canonical-form.ts';
import { formatReference } from './reference.ts';

/** Keywords that are checked. Others are only told to the model. */
const checkedKeywords = new Set([
  ...['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'minItems', 'maxItems'],
  ...[
    'minLength',
    'maxLength',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'anyOf',
    'oneOf',
    'allOf',
  ],
]);
const silentKeywords = new Set(['title', 'description', 'default', 'examples', '$schema', '$id', '$comment', 'format']);
const deepest = 50;

/** Keywords of `schema`, at any depth, that are not checked against answers (`pattern`, `$ref`, …), each once. */
export function uncheckedKeywords(schema: JsonSchema): readonly string[] {
  const found = new Set<string>();
  const visit = (each: unknown, depth: number): void => {
    if (!isObject(each) || depth > deepest) return;
    for (const [keyword, value] of Object.entries(each)) {
      if (keyword === 'properties') {
        for (const property of Object.values(isObject(value) ? value : {})) visit(property, depth + 1);
      } else if (keyword === 'items' || keyword === 'additionalProperties') visit(value, depth + 1);
      else if (Array.isArray(value) && ['anyOf', 'oneOf', 'allOf'].includes(keyword)) {
        for (const entry of value) visit(entry, depth + 1);
      } else if (!checkedKeywords.has(keyword) && !silentKeywords.has(keyword)) found.add(keyword);
    }
  };
  visit(schema, 0);
  return [...found];
}

/** Enough for a model to mend its answer. */
const mostComplaints = 5;

/** What in `value` is not as `schema` says, in sentences with the place; empty when all is well. At most five. */
export function checkAgainstSchema(value: unknown, schema: JsonSchema): readonly string[] {
  const complaints: string[] = [];
  visit(value, schema, ['answer'], complaints, 0);
  return complaints.slice(0, mostComplaints);
}

type Path = readonly (string | number)[];

function visit(value: unknown, schema: unknown, path: Path, complaints: string[], depth: number): void {
  if (!isObject(schema) || depth > deepest || complaints.length >= mostComplaints) return;
  const complain = (text: string) => complaints.push(`${formatReference(path)} ${text}.`);
  if (schema.type !== undefined) {
    const allowed = (Array.isArray(schema.type) ? schema.type : [schema.type]).map(String);
    if (!allowed.some((type) => isOfType(value, type))) {
      complain(`must be ${allowed.join(' or ')}, but it is ${typeName(value)}`);
      return;
    }
  }
  if (Array.isArray(schema.enum) && !schema.enum.some((each) => isSame(each, value))) {
    complain(`must be one of ${schema.enum.map((each) => JSON.stringify(each)).join(', ')}`);
  }
  if ('const' in schema && !isSame(schema.const, value)) complain(`must be ${JSON.stringify(schema.const)}`);
  checkSize(value, schema, complain);
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) visit(entry, schema.items, [...path, index], complaints, depth + 1);
  } else if (isObject(value)) visitFields(value, schema, path, complaints, depth);
  visitCombinations(value, schema, path, complaints, depth);
}

function visitFields(value: Fields, schema: Fields, path: Path, complaints: string[], depth: number): void {
  const properties = isObject(schema.properties) ? schema.properties : {};
  for (const name of Array.isArray(schema.required) ? schema.required : []) {
    if (typeof name === 'string' && !Object.hasOwn(value, name)) {
      complaints.push(`${formatReference([...path, name])} is missing.`);
    }
  }
  for (const [name, each] of Object.entries(value)) {
    const at = [...path, name];
    if (Object.hasOwn(properties, name)) visit(each, properties[name], at, complaints, depth + 1);
    else if (schema.additionalProperties === false) complaints.push(`${formatReference(at)} is not allowed.`);
    else visit(each, schema.additionalProperties, at, complaints, depth + 1);
  }
}

function visitCombinations(value: unknown, schema: Fields, path: Path, complaints: string[], depth: number): void {
  const complaintsOf = (each: unknown) => {
    const found: string[] = [];
    visit(value, each, path, found, depth + 1);
    return found;
  };
  if (Array.isArray(schema.allOf)) for (const each of schema.allOf) complaints.push(...complaintsOf(each));
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const options = schema[keyword];
    if (!Array.isArray(options) || options.length === 0) continue;
    const found = options.map(complaintsOf);
    const fitting = found.filter((each) => each.length === 0).length;
    if (fitting === 0) complaints.push(...(found[0] ?? []));
    else if (keyword === 'oneOf' && fitting > 1) {
      complaints.push(`${formatReference(path)} fits more than one of the allowed forms.`);
    }
  }
}

function checkSize(value: unknown, schema: Fields, complain: (text: string) => void): void {
  const bound = (keyword: string) => (typeof schema[keyword] === 'number' ? (schema[keyword] as number) : undefined);
  const within = (size: number, least: string, most: string, unit: string) => {
    const [low, high] = [bound(least), bound(most)];
    if (low !== undefined && size < low) complain(`must have at least ${low} ${unit}`);
    if (high !== undefined && size > high) complain(`must have at most ${high} ${unit}`);
  };
  if (typeof value === 'string') within(value.length, 'minLength', 'maxLength', 'characters');
  if (Array.isArray(value)) within(value.length, 'minItems', 'maxItems', 'entries');
  if (typeof value !== 'number') return;
  const [low, high] = [bound('minimum'), bound('maximum')];
  const [above, below] = [bound('exclusiveMinimum'), bound('exclusiveMaximum')];
  if (low !== undefined && value < low) complain(`must be at least ${low}`);
  if (high !== undefined && value > high) complain(`must be at most ${high}`);
  if (above !== undefined && value <= above) complain(`must be more than ${above}`);
  if (below !== undefined && value >= below) complain(`must be less than ${below}`);
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSame = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);

const typeName = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  return typeName(value) === type;
}
