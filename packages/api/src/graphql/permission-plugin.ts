import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver, GraphQLOutputType, GraphQLResolveInfo } from 'graphql';
import { getNamedType, isObjectType } from 'graphql';
import { findMissingPermission } from '../auth/check-permission.ts';
import type { Identity } from '../auth/identity.ts';
import {
  mutationPermissions,
  nodePermissions,
  type Permission,
  queryPermissions,
  subscriptionPermissions,
} from '../auth/permission-table.ts';
import { actAs } from '../observability/acting.ts';
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
  /** What is refused without a typed result is refused before its arguments are read: who may not, learns nothing by them. */
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    if (!tables[field.parentType]) return field;
    const permission = this.#permissionOf(field);
    if (permission === 'node' || permission === 'thing' || permission === 'ANYONE' || isTyped(field)) return field;
    const hasOrigin = field.parentType === 'Query' && 'origin' in field.args;
    const check = (args: Record<string, unknown>, context: Types['Context']) => {
      const missing = findMissingPermission((context as GraphContext).identity, permission ?? 'OWNER');
      if (missing !== undefined) throw forbidden(missing);
      return hasOrigin ? holdToOrigin((context as GraphContext).identity, args) : args;
    };
    return { ...field, argMappers: [check, ...(field.argMappers ?? [])] };
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const permission = this.#permissionOf(field);
    if (field.parentType === 'Mutation') resolver = inOwnName(resolver, field.name);
    if (permission === 'node') return checkIds(resolver);
    if (permission === 'thing') return checkThing(resolver);
    if (permission === undefined || permission === 'ANYONE') return resolver;
    const hasType = isTyped(field);
    return (parent, args, context, info) => {
      const missing = findMissingPermission((context as GraphContext).identity, permission);
      if (missing === undefined) return resolver(parent, args, context, info);
      throw hasType ? new ForbiddenFailure(missing) : forbidden(missing);
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

/** What a key for live or simulated providers alone reads is of its origin. */
function holdToOrigin({ dataOrigin }: Identity, args: Record<string, unknown>): Record<string, unknown> {
  if (dataOrigin === undefined || args.origin === dataOrigin) return args;
  if (args.origin == null) return { ...args, origin: dataOrigin };
  throw forbidden(`This API key is for ${dataOrigin.toLowerCase()} providers: ask with the origin ${dataOrigin}.`);
}

/** Whether the field's result can tell of a want of rights itself. */
function isTyped<Types extends SchemaTypes>({ pothosOptions }: PothosOutputFieldConfig<Types>): boolean {
  const { errors } = pothosOptions as { errors?: { types?: readonly unknown[] } };
  return errors?.types?.includes(ForbiddenFailure) === true;
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

/** What a mutation writes is told as the doing of who asked for it. */
function inOwnName<Types extends SchemaTypes>(resolver: Resolver<Types>, action: string): Resolver<Types> {
  return (parent, args, context, info) => {
    const { userId, apiKeyId } = (context as GraphContext).identity;
    const actor = { kind: apiKeyId === undefined ? 'PERSON' : 'KEY', userId, apiKeyId, action } as const;
    return actAs(actor, () => resolver(parent, args, context, info));
  };
}

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

/** Of an id as it was sent, or as it was read on the way here. */
function typenameOf(id: unknown): string {
  if (typeof id === 'object' && id !== null && 'typename' in id) return String(id.typename);
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
    if ((identity.apiKeyId !== undefined || identity.restriction !== undefined) && !identity.scopes.has('READ')) {
      const missing = missingForThing(info, context as GraphContext);
      if (missing !== undefined) throw forbidden(missing);
    }
    return resolver(parent, args, context, info);
  };
}

function missingForThing(info: GraphQLResolveInfo, { identity }: GraphContext): string | undefined {
  const permission = nodePermissions.get(thingOf(info.returnType));
  if (permission === undefined || isOwnResult(info)) return undefined;
  return findMissingPermission(identity, permission);
}

/** The type of thing that a field leads to: itself, in a list, or through the pages of one. */
function thingOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isObjectType(named) || !named.name.endsWith('Connection')) return named.name;
  const edges = named.getFields().edges;
  const edge = edges && getNamedType(edges.type);
  const node = isObjectType(edge) ? edge.getFields().node : undefined;
  return node ? getNamedType(node.type).name : named.name;
}

/** What a mutation just made or changed may be seen by whoever was allowed to; not what that leads to in turn. */
function isOwnResult({ operation, path }: GraphQLResolveInfo): boolean {
  if (operation.operation !== 'mutation') return false;
  let depth = 0;
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev) {
    if (typeof at.key === 'string') depth += 1;
  }
  return depth <= 2;
}

SchemaBuilder.registerPlugin('permissions', PermissionPlugin);
