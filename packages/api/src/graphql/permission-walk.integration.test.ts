import {
  type ExecutionResult,
  execute,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  parse,
  subscribe,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMissingPermission } from '../auth/check-permission.ts';
import {
  httpPermissions,
  keyPermissions,
  mutationPermissions,
  nodePermissions,
  type Permission,
  queryPermissions,
  subscriptionPermissions,
} from '../auth/permission-table.ts';
import { sampleValue } from '../testing/sample-input.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { createWalkers, type Walker } from '../testing/walking-identities.ts';
import type { GraphContext } from './context.ts';
import { encodeId } from './global-id.ts';
import { GraphBucket } from './limits/graph-bucket.ts';
import { schema } from './schema.ts';

type Fields = Readonly<Record<string, GraphQLField<unknown, GraphContext>>>;
const fieldsOf = (type: GraphQLObjectType | null | undefined): Fields => type?.getFields() ?? {};
const node = schema.getType('Node');
const nodeTypes = isInterfaceType(node) ? schema.getPossibleTypes(node).map(({ name }) => name) : [];

let server: TestServer;
let walkers: readonly Walker[];
let contextOf: (walker: Walker) => GraphContext;

beforeAll(async () => {
  server = await startTestServer();
  const { services } = server;
  const { teamId } = await services.prisma.member.findFirstOrThrow();
  walkers = await createWalkers(server, teamId);
  contextOf = ({ identity }) => ({
    ...{ identity, services, requestId: 'req_walk', signal: undefined },
    bucket: new GraphBucket(services.clock, 1e9, 1e9),
  });
});
afterAll(() => server.stop());

/** One document with all `fields`, each under its own name, with values that fit its arguments. */
function documentOf(operation: 'query' | 'mutation' | 'subscription', fields: Fields, id: string) {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const selections = Object.values(fields).map((field) => {
    const given = field.args.filter((argument) => String(argument.type).endsWith('!'));
    const passed = given.map((argument) => {
      const variable = `${field.name}_${argument.name}`;
      declared.push(`$${variable}: ${argument.type}`);
      variables[variable] = sampleValue(argument.type, id);
      return `${argument.name}: $${variable}`;
    });
    const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
    return `${field.name}${passed.length > 0 ? `(${passed.join(', ')})` : ''} ${selection}`;
  });
  const head = declared.length > 0 ? `(${declared.join(', ')})` : '';
  return { document: parse(`${operation}${head} { ${selections.join('\n')} }`), variables };
}

/** Whether a field was refused for want of a right, by an error or by its typed result. */
function isForbidden({ data, errors }: ExecutionResult, field: string): boolean {
  const isRefused = errors?.some(({ path, extensions }) => path?.[0] === field && extensions.code === 'FORBIDDEN');
  const result = data?.[field] as { readonly __typename?: string } | null | undefined;
  return isRefused === true || result?.__typename === 'ForbiddenError';
}

/** What went otherwise than the table says. */
async function walk(
  operation: 'query' | 'mutation',
  fields: Fields,
  table: ReadonlyMap<string, Permission>,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const walker of walkers) {
    // One field at a time: a field that fails must not take the answers of the others along.
    for (const field of Object.values(fields)) {
      const { document, variables } = documentOf(operation, { [field.name]: field }, encodeId('Nothing', 'none_1'));
      const contextValue = contextOf(walker);
      const answer = await execute({ schema, document, variableValues: variables, contextValue });
      const needed = [table.get(field.name), walker.identity.apiKeyId ? keyPermissions.get(field.name) : undefined];
      const may = needed.every((permission) => permission === undefined || walker.may(permission));
      const invalid = answer.errors?.find(({ path }) => path === undefined);
      if (invalid) wrong.push(`${field.name}: the walk asks wrongly: ${invalid.message}`);
      else if (isForbidden(answer, field.name) === may)
        wrong.push(`${walker.name}: ${operation} ${field.name} is ${may ? 'refused' : 'allowed'}`);
    }
  }
  return wrong;
}

describe('the table and the schema name the same', () => {
  test.each([
    ['queries', schema.getQueryType(), queryPermissions],
    ['mutations', schema.getMutationType(), mutationPermissions],
    ['subscriptions', schema.getSubscriptionType(), subscriptionPermissions],
  ] as const)('%s', (_kind, type, table) => {
    expect([...table.keys()].sort()).toEqual(Object.keys(fieldsOf(type)).sort());
  });

  test('types of things', () => {
    expect([...nodePermissions.keys()].sort()).toEqual([...nodeTypes].sort());
    expect([...keyPermissions.keys()].filter((name) => !mutationPermissions.has(name))).toEqual([]);
  });
});

describe('what somebody may is what the table says', () => {
  test('queries', async () => {
    const { node: _one, nodes: _many, ...fields } = fieldsOf(schema.getQueryType());
    expect(await walk('query', fields, queryPermissions)).toEqual([]);
  });

  test('subscriptions', async () => {
    const wrong: string[] = [];
    for (const walker of walkers) {
      for (const field of Object.values(fieldsOf(schema.getSubscriptionType()))) {
        const { document, variables } = documentOf('subscription', { [field.name]: field }, encodeId('Run', 'none'));
        const contextValue = contextOf(walker);
        const answer = await subscribe({ schema, document, variableValues: variables, contextValue });
        if ('errors' in answer === false) await (answer as AsyncGenerator).return(undefined);
        const errors = 'errors' in answer ? (answer as ExecutionResult).errors : undefined;
        const isRefused = errors?.some(({ extensions }) => extensions.code === 'FORBIDDEN') === true;
        const may = walker.may(subscriptionPermissions.get(field.name) ?? 'OWNER');
        if (isRefused === may) wrong.push(`${walker.name}: ${field.name} is ${may ? 'refused' : 'allowed'}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('things by their ids, one and several', async () => {
    const documents = {
      node: parse('query($id: ID!) { node(id: $id) { id } }'),
      nodes: parse('query($id: ID!) { nodes(ids: [$id]) { id } }'),
    };
    const wrong: string[] = [];
    for (const walker of walkers) {
      for (const type of nodeTypes) {
        const variableValues = { id: encodeId(type, 'none_1') };
        const may = walker.may(nodePermissions.get(type) ?? 'OWNER');
        for (const [field, document] of Object.entries(documents)) {
          const answer = await execute({ schema, document, variableValues, contextValue: contextOf(walker) });
          if (isForbidden(answer, field) === may) wrong.push(`${walker.name}: ${field} of ${type}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('things by every way that leads from one to another', async () => {
    const wrong: string[] = [];
    let ways = 0;
    for (const type of Object.values(schema.getTypeMap())) {
      const isRoot = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(
        type as GraphQLObjectType,
      );
      if (!isObjectType(type) || isRoot || type.name.endsWith('Edge')) continue;
      for (const field of Object.values(fieldsOf(type))) {
        const permission = nodePermissions.get(thingBehind(field));
        if (permission === undefined || permission === 'ANYONE') continue;
        ways += 1;
        for (const walker of walkers) {
          const refused = await isRefusedBeyond(type, field, contextOf(walker));
          if (refused === walker.may(permission))
            wrong.push(`${walker.name}: ${type.name}.${field.name} is ${refused ? 'refused' : 'allowed'}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(ways).toBeGreaterThan(30);
  });
});

function thingBehind(field: GraphQLField<unknown, GraphContext>): string {
  const named = getNamedType(field.type);
  const edges = isObjectType(named) && named.name.endsWith('Connection') ? named.getFields().edges : undefined;
  const edge = edges && getNamedType(edges.type);
  const found = isObjectType(edge) ? edge.getFields().node : undefined;
  return found ? getNamedType(found.type).name : named.name;
}

/** Whether the way is closed before anything is looked for; a thing that is none makes what is open fail otherwise. */
async function isRefusedBeyond(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, GraphContext>,
  context: GraphContext,
): Promise<boolean> {
  const info = {
    ...{ fieldName: field.name, returnType: field.type, parentType: type, schema, fragments: {}, variableValues: {} },
    operation: { operation: 'query', selectionSet: { selections: [] } },
    path: { prev: undefined, key: field.name, typename: type.name },
    ...{ fieldNodes: [], rootValue: undefined, cacheControl: undefined },
  };
  try {
    await field.resolve?.({}, {}, context, info as never);
    return false;
  } catch (error) {
    return (error as { extensions?: { code?: string } }).extensions?.code === 'FORBIDDEN';
  }
}

describe('beside the graph', () => {
  const bodies: Readonly<Record<string, object>> = {
    'POST:/v1/chat/completions': { model: 'none/none', messages: [{ role: 'user', content: 'x' }] },
    'POST:/v1/embeddings': { model: 'none/none', input: 'x' },
    'POST:/api/feedback': {},
  };

  test('what a key or person may is what the table says', async () => {
    const wrong: string[] = [];
    const ways = [...httpPermissions].flatMap(([way, permission]) =>
      walkers.map((walker) => ({ way, permission, walker })),
    );
    for (const { way, permission, walker } of ways) {
      const [method = '', path = ''] = way.split(':');
      const body = bodies[way];
      const response = await fetch(server.url + path.replace('{model}', 'none%2Fnone'), {
        method,
        headers: { ...walker.headers, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isRefused = [401, 403].includes(response.status) && !text.includes('no_eligible_model');
      // Programs come to some entrances with keys only.
      const isForKeys = response.status === 401 && walker.identity.apiKeyId === undefined;
      if (isForKeys ? walker.headers.cookie === undefined : isRefused === walker.may(permission))
        wrong.push(`${walker.name}: ${way} answers ${response.status}`);
    }
    expect(wrong).toEqual([]);
  });
});

// Last: who made a team of their own, or left this one, is somebody else afterwards.
describe('what somebody may do is what the table says', () => {
  test('mutations', async () => {
    const { leaveTeam, ...others } = fieldsOf(schema.getMutationType());
    // Who has left may no more.
    expect(await walk('mutation', { ...others, ...(leaveTeam && { leaveTeam }) }, mutationPermissions)).toEqual([]);
  });
});

test('a refusal says what is missing, for every level in every area', () => {
  const [viewer] = walkers.filter(({ name }) => name.endsWith('VIEWER'));
  for (const permission of new Set([...queryPermissions.values(), ...mutationPermissions.values()])) {
    const missing = viewer && findMissingPermission(viewer.identity, permission);
    if (viewer && !viewer.may(permission)) expect(missing).toMatch(/Ask an owner/);
  }
});
