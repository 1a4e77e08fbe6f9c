import type { JsonSchema } from '../../spec/index.ts';
import type { WorkflowInput } from '../definition/workflow-definition.ts';

/** What a value is known to be before a run. `any`: nothing is known. */
export type ValueType =
  | { readonly kind: 'any' | 'null' | 'string' | 'number' | 'boolean' }
  | { readonly kind: 'list'; readonly items: ValueType }
  | {
      readonly kind: 'object';
      readonly fields: Readonly<Record<string, ValueType>>;
      /** Whether it may have other fields too. */
      readonly isOpen: boolean;
    };

export const anyType: ValueType = { kind: 'any' };
export const textType: ValueType = { kind: 'string' };
export const numberType: ValueType = { kind: 'number' };
export const booleanType: ValueType = { kind: 'boolean' };
export const openObject: ValueType = { kind: 'object', fields: {}, isOpen: true };

export const listOf = (items: ValueType): ValueType => ({ kind: 'list', items });

export const objectOf = (fields: Readonly<Record<string, ValueType>>, isOpen = false): ValueType => ({
  kind: 'object',
  fields,
  isOpen,
});

const namedTypes: Readonly<Record<string, ValueType>> = {
  string: textType,
  file: textType,
  number: numberType,
  boolean: booleanType,
  list: listOf(anyType),
  object: openObject,
};

/** What an input is. */
export function typeOfInput(input: WorkflowInput): ValueType {
  if (input.type === 'list') return listOf(input.items ? (namedTypes[input.items] ?? anyType) : anyType);
  if (input.type === 'object' && input.fields) {
    const fields = Object.entries(input.fields).map(([name, type]) => [name, namedTypes[type] ?? anyType]);
    return objectOf(Object.fromEntries(fields), true);
  }
  return namedTypes[input.type] ?? anyType;
}

/** What a JSON Schema promises. Anything that it does not say plainly is `any`. */
export function typeOfSchema(schema: JsonSchema | undefined, depth = 0): ValueType {
  if (!schema || depth > 20) return anyType;
  switch (schema.type) {
    case 'string':
      return textType;
    case 'number':
    case 'integer':
      return numberType;
    case 'boolean':
      return booleanType;
    case 'null':
      return { kind: 'null' };
    case 'array':
      return listOf(typeOfSchema(asSchema(schema.items), depth + 1));
    case 'object': {
      const properties = asSchema(schema.properties) ?? {};
      const fields = Object.entries(properties).map(([name, each]) => [name, typeOfSchema(asSchema(each), depth + 1)]);
      return objectOf(Object.fromEntries(fields), schema.additionalProperties !== false);
    }
    default:
      return anyType;
  }
}

/** `list of string`, `object`: for people. */
export function describeType(type: ValueType): string {
  if (type.kind === 'list') return type.items.kind === 'any' ? 'list' : `list of ${describeType(type.items)}`;
  return type.kind === 'any' ? 'anything' : type.kind;
}

const asSchema = (value: unknown): JsonSchema | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : undefined;
