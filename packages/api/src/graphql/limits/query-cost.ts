import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, type GraphQLSchema, getVariableValues, Kind, type OperationDefinitionNode } from 'graphql';
import { apiKeyScopes } from '../../auth/identity.ts';

export const maxQueryCost = 1_000;

/** What any operation costs before it asks for anything, so that asking for nothing is not free. */
export const operationCost = 1;

const cache = new WeakMap<DocumentNode, Map<string, number>>();

/**
 * What an operation may cost at most, in points: 1 for each object, times the page size of the list it is in. Cached by
 * document and by the numbers and lengths of lists among the variables, since only page sizes change it. An operation
 * whose variables do not fit costs 1: its execution only says so. Throws what is wrong with an argument: what cannot be
 * measured must not be executed, because other fields beside it could cost anything.
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
  const { variableValues } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 1,
  });
  if (!variableValues) return 1;
  // The library reads the variables itself, as they were sent. It looks at the first operation of a document, so it is shown the one
  // that will run.
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const single: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const complexity = operationCost + complexityFromQuery(single, { schema, ctx: measuring, variables }).complexity;
  const costs = cache.get(document) ?? new Map<string, number>();
  if (costs.size > 100) costs.clear();
  cache.set(document, costs.set(key, complexity));
  return complexity;
}

/**
 * Arguments are read on the way, and some of them look at who asks. Here it is somebody who may do everything: what an
 * operation costs must not depend on what it is refused.
 */
const measuring = {
  identity: {
    accessRole: 'OWNER',
    scopes: new Set(apiKeyScopes),
    teamId: '',
    userId: '',
    subject: '',
    apiKeyId: undefined,
  },
};

/** What an answer really cost by the same arithmetic: one point for each object that came back. */
export function countAnswerObjects(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Date) return 0;
  let count = Array.isArray(value) ? 0 : 1;
  for (const child of Object.values(value)) count += countAnswerObjects(child);
  return count;
}
