import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import { getNamedType, getNullableType, isLeafType, isListType } from 'graphql';
import type PrismaTypes from '../generated/pothos/index.ts';
import { getDatamodel } from '../generated/pothos/index.ts';
import type { GraphContext } from './context.ts';
import { badInput } from './errors.ts';
import { encodeId, splitGlobalId } from './global-id.ts';
import './permission-plugin.ts';

/** Page size when the client names none, and the most it may name. */
export const defaultPageSize = 25;
export const maxPageSize = 100;

/** How long a list without pages is taken to be. */
const assumedListSize = 10;

/** What `size` objects cost: one point each, and as often what is asked of each. */
export function listCost(size: number) {
  return { field: size, multiplier: size };
}

export const builder = new SchemaBuilder<{
  Context: GraphContext;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    Decimal: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    ID: { Input: string; Output: string };
  };
}>({
  plugins: [ErrorsPlugin, 'permissions', ComplexityPlugin, RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  errors: { defaultTypes: [] },
  complexity: {
    limit: {},
    // An object costs 1 and a scalar nothing: what is expensive is fetching a row, not reading one more of its columns.
    fieldComplexity: (_args, _context, { type }) => {
      if (isLeafType(getNamedType(type))) return 0;
      return listCost(isListType(getNullableType(type)) ? assumedListSize : 1);
    },
  },
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    encodeGlobalID: (typename, id) => encodeId(typename, String(id)),
    decodeGlobalID: splitGlobalId,
    nodeTypeOptions: { description: 'Something with an id that stays the same and can be fetched again by it.' },
    // Who may look at a thing says its type, in the permission table.
    nodeQueryOptions: { description: 'One thing by its id; null when your team has no such.' },
    nodesQueryOptions: {
      description: 'Up to 100 things by their ids, in the same order; null for what your team has not.',
      complexity: ({ ids }: { ids: readonly unknown[] }) => listCost(ids.length),
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > maxPageSize) throw badInput(`Ask for at most ${maxPageSize} things at once.`);
        return resolveNodes(ids as never);
      },
    },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    defaultConnectionTypeOptions: { description: 'A page of a list.' },
    defaultEdgeTypeOptions: { description: 'One entry of a page.' },
    // The list that holds the page counts its size already.
    edgesFieldOptions: { complexity: { field: 1, multiplier: 1 } },
    idFieldOptions: { description: 'The id, opaque: keep it as it is.' },
  },
  prisma: {
    client: (context) => context.services.prisma,
    dmmf: getDatamodel(),
    defaultConnectionSize: defaultPageSize,
    maxConnectionSize: maxPageSize,
    filterConnectionTotalCount: true,
    onUnusedQuery: null,
  },
});
