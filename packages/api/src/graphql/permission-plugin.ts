import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { getNamedType } from 'graphql';
import { findMissingPermission } from '../auth/check-permission.ts';
import {
  mutationPermissions,
  nodePermissions,
  type Permission,
  queryPermissions,
  subscriptionPermissions,
} from '../auth/permission-table.ts';
import { ForbiddenFailure } from '../user-errors.ts';
import type { GraphContext } from './context.ts';
import { forbidden } from './errors.ts';
import { splitGlobalId } from './global-id.ts';

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      permissions: PermissionPlugin<Types>;
    }
  }
}

const tables: Readonly<Record<string, ReadonlyMap<string, Permission>>> = {
  Query: queryPermissions,
  Mutation: mutationPermissions,
  Subscription: subscriptionPermissions,
};

/** Fields of the schema that the permission table does not know; the server does not start with one. */
export class MissingPermissionEntry extends Error {
  constructor(field: string) {
    super(`${field} has no entry in auth/permission-table.ts: say there who may use it.`);
  }
}

/**
 * Holds every field of the roots, and every way to a thing, to the permission table. What is refused is a
 * `ForbiddenError` where the field's result can be one, else an error with the code FORBIDDEN.
 */
export class PermissionPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const permission = this.#permissionOf(field);
    if (permission === 'node') return checkIds(resolver);
    if (permission === 'thing') return checkThing(resolver);
    if (permission === undefined || permission === 'ANYONE') return resolver;
    const isTyped = (field.pothosOptions as { errors?: { types?: readonly unknown[] } }).errors?.types?.includes(
      ForbiddenFailure,
    );
    return (parent, args, context, info) => {
      const missing = findMissingPermission((context as GraphContext).identity, permission);
      if (missing === undefined) return resolver(parent, args, context, info);
      throw isTyped ? new ForbiddenFailure(missing) : forbidden(missing);
    };
  }

  override wrapSubscribe(
    subscriber: GraphQLFieldResolver<unknown, Types['Context'], object> | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> | undefined {
    if (!subscriber || field.parentType !== 'Subscription') return subscriber;
    const permission = this.#permissionOf(field) as Permission;
    return (parent, args, context, info) => {
      const missing = findMissingPermission((context as GraphContext).identity, permission);
      if (missing !== undefined) throw forbidden(missing);
      return subscriber(parent, args, context, info);
    };
  }

  #permissionOf(field: PothosOutputFieldConfig<Types>): Permission | 'node' | 'thing' | undefined {
    const table = tables[field.parentType];
    if (!table) return 'thing';
    if (field.parentType === 'Query' && (field.name === 'node' || field.name === 'nodes')) return 'node';
    const permission = table.get(field.name);
    if (permission === undefined) throw new MissingPermissionEntry(`${field.parentType}.${field.name}`);
    return permission;
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

/** `node` and `nodes`: what the types of the ids need, before anything is looked for. */
function checkIds<Types extends SchemaTypes>(resolver: Resolver<Types>): Resolver<Types> {
  return (parent, args, context, info) => {
    const { id, ids } = args as { readonly id?: unknown; readonly ids?: readonly unknown[] };
    for (const each of ids ?? [id]) {
      const permission = nodePermissions.get(typenameOf(each));
      const missing = permission && findMissingPermission((context as GraphContext).identity, permission);
      if (missing !== undefined) throw forbidden(missing);
    }
    return resolver(parent, args, context, info);
  };
}

function typenameOf(id: unknown): string {
  try {
    return splitGlobalId(String(id)).typename;
  } catch {
    return '';
  }
}

/** A field of a thing that leads to another one: from a run to a budget, say. People may look at everything. */
function checkThing<Types extends SchemaTypes>(resolver: Resolver<Types>): Resolver<Types> {
  return (parent, args, context, info) => {
    const { identity } = context as GraphContext;
    if (identity.apiKeyId !== undefined && !identity.scopes.has('READ')) {
      const missing = missingForThing(info, context as GraphContext);
      if (missing !== undefined) throw forbidden(missing);
    }
    return resolver(parent, args, context, info);
  };
}

function missingForThing(info: GraphQLResolveInfo, { identity }: GraphContext): string | undefined {
  const permission = nodePermissions.get(getNamedType(info.returnType).name);
  // What a mutation just made or changed may be seen by whoever was allowed to.
  if (permission === undefined || info.operation.operation === 'mutation') return undefined;
  return findMissingPermission(identity, permission);
}

SchemaBuilder.registerPlugin('permissions', PermissionPlugin);
