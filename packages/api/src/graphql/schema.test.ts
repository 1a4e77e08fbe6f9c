import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import { printCommittedSchema } from './print-schema.ts';
import { schema } from './schema.ts';

const ownTypes = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

function* undescribed(type: GraphQLNamedType): Generator<string> {
  if (!type.description) yield type.name;
  if (isEnumType(type)) {
    for (const value of type.getValues()) if (!value.description) yield `${type.name}.${value.name}`;
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) if (!field.description) yield `${type.name}.${field.name}`;
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      if (!field.description) yield `${type.name}.${field.name}`;
      for (const arg of field.args) if (!arg.description) yield `${type.name}.${field.name}(${arg.name}:)`;
    }
  }
}

test('every type, field, argument and enum value has a description', () => {
  expect(ownTypes.flatMap((type) => [...undescribed(type)])).toEqual([]);
});

test('schema.graphql is what the code says; renew it with scripts/write-schema.ts', async () => {
  const committed = await readFile(join(import.meta.dirname, '../../../../schema.graphql'), 'utf8');
  expect(committed).toBe(printCommittedSchema());
});

test('every result of a mutation is a union of one success and errors that implement UserError', () => {
  const userErrors = new Set(schema.getPossibleTypes(schema.getType('UserError') as never).map((type) => type.name));
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const result = schema.getType(String(field.type).replaceAll('!', ''));
    const names = schema.getPossibleTypes(result as never).map((type) => type.name);
    expect(
      names.filter((name) => !userErrors.has(name)),
      field.name,
    ).toHaveLength(1);
  }
});

test('money is Decimal, and numbers with a unit say so in their name', () => {
  for (const type of ownTypes.filter((each) => isObjectType(each))) {
    for (const field of Object.values(type.getFields())) {
      if (/usd/i.test(field.name))
        expect(String(field.type), `${type.name}.${field.name}`).toMatch(/^(Decimal!?|\[Decimal!\]!?)$/);
    }
  }
});
