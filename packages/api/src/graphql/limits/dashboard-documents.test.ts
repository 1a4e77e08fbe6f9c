import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getOperationAST, isEnumType, isInputObjectType, Kind, parse, parseType, type TypeNode } from 'graphql';
import { describe, expect, test } from 'vitest';
import { encodeId } from '../global-id.ts';
import { schema } from '../schema.ts';
import { computeQueryCost, maxQueryCost } from './query-cost.ts';

const manifest = join(import.meta.dirname, '../../../../../apps/dashboard/src/gql/persisted-documents.json');
const documents = Object.values(JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>).map((text) => {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error(`A document without an operation: ${text}`);
  return { name: operation.name?.value ?? '', document, operation };
});

/** The largest page that the dashboard asks for, and where it is another one. */
const usualPage = 30;
const pages: Readonly<Record<string, number>> = { Budgets: 8, ModelList: 35, ModelChoices: 50 };

/** A value that fits to a type; things are ids of `idType`. */
function sample(type: TypeNode, page: number, idType: string): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return sample(type.type, page, idType);
  if (type.kind === Kind.LIST_TYPE) return [sample(type.type, page, idType)];
  const named = schema.getType(type.name.value);
  if (isEnumType(named)) return named.getValues()[0]?.name;
  if (isInputObjectType(named)) {
    const required = Object.values(named.getFields()).filter(
      ({ type: own, defaultValue }) => String(own).endsWith('!') && defaultValue === undefined,
    );
    return Object.fromEntries(
      required.map(({ name, type: own }) => [name, sample(parseType(String(own)), page, idType)]),
    );
  }
  const scalars: Readonly<Record<string, unknown>> = {
    ...{ Int: page, Float: 1, String: 'x', Boolean: true, Decimal: '1', JSON: {} },
    ...{ ID: encodeId(idType, 'x'), DateTime: '2026-01-01T00:00:00Z' },
  };
  return scalars[type.name.value];
}

/** What an operation costs with full pages. An argument says which type of id it wants when it is given another. */
function costOf({ name, document, operation }: (typeof documents)[number]): number {
  let idType = 'Comparison';
  for (;;) {
    const variables = Object.fromEntries(
      (operation.variableDefinitions ?? [])
        .filter(({ type, variable }) => type.kind === Kind.NON_NULL_TYPE || variable.name.value === 'first')
        .map(({ type, variable }) => [variable.name.value, sample(type, pages[name] ?? usualPage, idType)]),
    );
    try {
      return computeQueryCost(schema, document, operation, variables);
    } catch (error) {
      const wanted = /is not of type: (\w+)/.exec(String(error))?.[1];
      if (wanted === undefined || wanted === idType) throw error;
      idType = wanted;
    }
  }
}

describe('every document of the dashboard may be asked with full pages', () => {
  test.each(documents.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    const cost = costOf(each);
    expect(cost).toBeGreaterThan(0);
    expect(cost).toBeLessThanOrEqual(maxQueryCost);
  });
});
