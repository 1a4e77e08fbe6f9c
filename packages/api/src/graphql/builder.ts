import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { ApiKeyScope } from '../auth/identity.ts';
import type PrismaTypes from '../generated/pothos/index.ts';
import { getDatamodel } from '../generated/pothos/index.ts';
import { forbidden } from './errors.ts';
import type { GraphContext } from './context.ts';

/** Page size when the client names none, and the most it may name. */
export const defaultPageSize = 25;
export const maxPageSize = 100;

export const builder = new SchemaBuilder<{
  Context: GraphContext;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  AuthScopes: { scope: ApiKeyScope };
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    Decimal: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    ID: { Input: string; Output: string };
  };
}>({
  defaultFieldNullability: false,
  errors: { defaultTypes: [] },
  scopeAuth: {
    authScopes: (context) => ({ scope: (scope) => context.identity.scopes.has(scope) }),
    unauthorizedError: () => forbidden(),
  },
  complexity: { defaultComplexity: 1, defaultListMultiplier: 10, limit: {} },
  relay: { cursorType: 'String', clientMutationId: 'omit', nodesOnConnection: false },
  prisma: {
    client: (context) => context.services.prisma,
    dmmf: getDatamodel(),
    defaultConnectionSize: defaultPageSize,
    maxConnectionSize: maxPageSize,
    filterConnectionTotalCount: true,
    onUnusedQuery: null,
  },
});
