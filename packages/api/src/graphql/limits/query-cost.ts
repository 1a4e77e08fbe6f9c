import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, type GraphQLSchema, getVariableValues, Kind, type OperationDefinitionNode } from 'graphql';

export const maxQueryCost = 1_000;

/** What any operation costs before it asks for anything, so that asking for nothing is not free. */
export const operationCost = 1;

const cache = new WeakMap<DocumentNode, Map<string, number>>();

/**
 * What an operation may cost at most, in points: 1 for each object, times the page size of the list it is in. Cached by
 * document and by the numbers and lengths of lists among the variables, since only page sizes change it. An operation
 * whose variables do not fit costs 1: its execution only says so.
 */
export function computeQueryCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const sizes = Object.entries(variables).flatMap(([name, value]) => {
    const size = Array.isArray(value) ? value.length : value;
    return typeof size === 'number' ? [[name, size]] : [];
  });
  const key = `${operation.name?.value ?? ''}${sizes.length === 0 ? '' : JSON.stringify(sizes)}`;
  const known = cache.get(document)?.get(key);
  if (known !== undefined) return known;
  const { variableValues } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (!variableValues) return 1;
  // The library looks at the first operation of a document, so it is shown the one that will run.
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const single: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const complexity =
    operationCost + measure(() => complexityFromQuery(single, { schema, ctx: {}, variables: variableValues.coerced }));
  const costs = cache.get(document) ?? new Map<string, number>();
  if (costs.size > 100) costs.clear();
  cache.set(document, costs.set(key, complexity));
  return complexity;
}

/** An argument that cannot be read costs 1 too: execution tells what is wrong with it. */
function measure(compute: () => { readonly complexity: number }): number {
  try {
    return compute().complexity;
  } catch {
    return 1;
  }
}

/** What an answer really cost by the same arithmetic: one point for each object that came back. */
export function countAnswerObjects(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Date) return 0;
  let count = Array.isArray(value) ? 0 : 1;
  for (const child of Object.values(value)) count += countAnswerObjects(child);
  return count;
}
