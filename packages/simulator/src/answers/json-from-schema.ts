import { asArray, asNumber, asRecord, asText, isRecord, type JsonRecord } from '../json-value.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { PromptSubject } from './prompt-subject.ts';
import { sampleOfPattern } from './sample-of-pattern.ts';

interface Context {
  root: JsonRecord;
  subject: PromptSubject;
  random: SeededRandom;
  names: readonly string[];
}

const MAX_DEPTH = 8;

/** For fields of people and places when the prompt names none. */
const PEOPLE = ['Alex Morgan', 'Sam Rivera', 'Noor Haddad', 'Jonas Berg'];
const PLACES = ['Riverside', 'Northport', 'Greenfield'];

const FORMATS: Record<string, (random: SeededRandom) => string> = {
  date: (random) => `2026-0${random.integer(1, 9)}-1${random.integer(0, 9)}`,
  'date-time': (random) => `2026-0${random.integer(1, 9)}-1${random.integer(0, 9)}T09:30:00Z`,
  time: () => '09:30:00Z',
  duration: () => 'PT30M',
  email: () => 'alex@example.com',
  uri: () => 'https://example.com/item',
  url: () => 'https://example.com/item',
  uuid: (random) =>
    '00000000-0000-4000-8000-000000000000'.replace(/0{12}$/, () => String(random.integer(1e11, 1e12 - 1))),
  hostname: () => 'example.com',
  ipv4: () => '192.0.2.10',
  ipv6: () => '2001:db8::10',
};

function resolve(schema: unknown, context: Context): JsonRecord {
  let current = asRecord(schema);
  for (let hops = 0; hops < 16 && typeof current.$ref === 'string'; hops++) {
    const path = current.$ref.replace(/^#\/?/, '').split('/').filter(Boolean);
    let target: unknown = context.root;
    for (const key of path) target = asRecord(target)[key.replaceAll('~1', '/').replaceAll('~0', '~')];
    current = asRecord(target);
  }
  const all = asArray(current.allOf);
  if (all.length === 0) return current;
  const parts = all.map((part) => resolve(part, context));
  return {
    ...Object.assign({}, ...parts),
    ...current,
    properties: Object.assign({}, ...parts.map((part) => part.properties), current.properties),
    required: [...parts.flatMap((part) => asArray(part.required)), ...asArray(current.required)],
  };
}

function typeOf(schema: JsonRecord, depth: number): string {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type])
    .map((type) => asText(type).toLowerCase())
    .filter(Boolean);
  if (depth >= MAX_DEPTH && types.includes('null')) return 'null';
  const first = types.find((type) => type !== 'null') ?? types[0];
  if (first !== undefined) return first;
  if (schema.properties !== undefined) return 'object';
  if (schema.items !== undefined) return 'array';
  return 'string';
}

function fitLength(text: string, schema: JsonRecord): string {
  const low = asNumber(schema.minLength) ?? 0;
  const high = asNumber(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  let fitted = text;
  while (fitted.length < low) fitted += fitted === '' ? 'text' : ` ${text}`;
  return fitted.slice(0, high);
}

function makeText(schema: JsonRecord, name: string, context: Context): string {
  const format = FORMATS[asText(schema.format)];
  if (format !== undefined) return format(context.random);
  if (typeof schema.pattern === 'string') return sampleOfPattern(schema.pattern, context.random);
  const { subject, random, names } = context;
  const lower = name.toLowerCase();
  let text = random.pick(subject.keywords);
  if (/title|subject|topic|headline|query/.test(lower)) text = subject.topic;
  else if (/description|summary|text|content|body|message|reason|explanation|answer|comment/.test(lower))
    text = `A short note on ${subject.topic}.`;
  else if (/city|location|place|country/.test(lower)) text = random.pick(names.length > 0 ? names : PLACES);
  else if (/name|person|author|user|customer|company/.test(lower))
    text = random.pick(names.length > 0 ? names : PEOPLE);
  else if (/email/.test(lower)) text = 'alex@example.com';
  else if (/date|day/.test(lower)) text = '2026-06-15';
  else if (/id$/.test(lower)) text = `item-${random.integer(100, 999)}`;
  return fitLength(text, schema);
}

function makeNumber(schema: JsonRecord, whole: boolean, random: SeededRandom): number {
  const step = asNumber(schema.multipleOf) ?? (whole ? 1 : 0.1);
  const nudge = whole ? 1 : step;
  const exclusiveLow = asNumber(schema.exclusiveMinimum);
  const exclusiveHigh = asNumber(schema.exclusiveMaximum);
  let low = asNumber(schema.minimum) ?? (exclusiveLow === undefined ? undefined : exclusiveLow + nudge);
  let high = asNumber(schema.maximum) ?? (exclusiveHigh === undefined ? undefined : exclusiveHigh - nudge);
  low ??= high === undefined ? 1 : Math.min(1, high);
  high ??= Math.max(low, low + 99 * (whole ? 1 : 0.1));
  const steps = Math.max(0, Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9));
  const value = (Math.ceil(low / step - 1e-9) + random.integer(0, steps)) * step;
  return Math.min(high, Math.max(low, Number(value.toFixed(10))));
}

function makeArray(schema: JsonRecord, name: string, depth: number, context: Context): unknown[] {
  const low = asNumber(schema.minItems) ?? (depth >= MAX_DEPTH ? 0 : 2);
  const high = asNumber(schema.maxItems) ?? Math.max(low, 3);
  const fixed = asArray(schema.prefixItems);
  const count = depth >= MAX_DEPTH ? low : Math.max(fixed.length, context.random.integer(Math.min(low, high), high));
  const values = Array.from({ length: count }, (_, index) =>
    make(fixed[index] ?? schema.items ?? {}, name, depth + 1, context),
  );
  if (schema.uniqueItems !== true) return values;
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function makeObject(schema: JsonRecord, depth: number, context: Context): JsonRecord {
  const required = new Set(asArray(schema.required));
  const entries = Object.entries(asRecord(schema.properties))
    .filter(([name]) => required.has(name) || depth < 3)
    .map(([name, property]) => [name, make(property, name, depth + 1, context)]);
  return Object.fromEntries(entries);
}

function make(schema: unknown, name: string, depth: number, context: Context): unknown {
  const resolved = resolve(schema, context);
  if ('const' in resolved) return resolved.const;
  const choices = asArray(resolved.enum);
  if (choices.length > 0) return context.random.pick(choices);
  const variants = [...asArray(resolved.anyOf), ...asArray(resolved.oneOf)];
  if (variants.length > 0) {
    const plain = variants.filter((variant) => typeOf(resolve(variant, context), 0) !== 'null');
    return make(depth >= MAX_DEPTH ? (variants.at(-1) ?? {}) : (plain[0] ?? variants[0]), name, depth + 1, context);
  }
  switch (typeOf(resolved, depth)) {
    case 'null':
      return null;
    case 'boolean':
      return context.random.chance(0.5);
    case 'integer':
      return makeNumber(resolved, true, context.random);
    case 'number':
      return makeNumber(resolved, false, context.random);
    case 'array':
      return makeArray(resolved, name, depth, context);
    case 'object':
      return depth > 24 ? {} : makeObject(resolved, depth, context);
    default:
      return makeText(resolved, name, context);
  }
}

/**
 * A value that satisfies the JSON Schema (draft 2020-12 subset: types, enum, const, refs, combinations, bounds, formats, patterns;
 * Gemini's upper-case types too), with strings taken from the prompt. Without a schema, a small object about the prompt.
 */
export function jsonFromSchema(schema: unknown, prompt: string, subject: PromptSubject, random: SeededRandom): unknown {
  const names = [...prompt.matchAll(/(?<=[a-z,:]\s)\p{Lu}[\p{L}'-]+(?:\s\p{Lu}[\p{L}'-]+)*/gu)].map(
    (match) => match[0],
  );
  if (!isRecord(schema) || Object.keys(schema).length === 0) {
    return {
      topic: subject.topic,
      summary: `A short note on ${subject.topic}.`,
      keywords: subject.keywords,
      confidence: random.integer(60, 95) / 100,
    };
  }
  return make(schema, '', 0, { root: schema, subject, random, names });
}
