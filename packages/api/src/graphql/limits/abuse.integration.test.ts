import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startComparison } from '../../testing/comparison-documents.ts';
import { ask, type LooseJson, send } from '../../testing/graph-client.ts';
import { createTeam } from '../../testing/other-team.ts';
import { openSocket, sendBySocket } from '../../testing/raw-socket.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'];
const knownCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'COST_LIMIT_EXCEEDED',
  'RATE_LIMITED',
  'PERSISTED_DOCUMENT_NOT_FOUND',
  'INTERNAL',
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    environment: { SWITCHYARD_SUBSCRIPTIONS_PER_SOCKET: '3', SWITCHYARD_SOCKETS_PER_IDENTITY: '4' },
  });
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const nest = (levels: number): string =>
  levels === 0
    ? 'id'
    : `edges { node { equivalents { ${'equivalents { '.repeat(levels)} id ${'} '.repeat(levels)} } } }`;
const aliases = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: __typename`).join(' ');
const bomb = [
  'query { ...F0 }',
  ...Array.from(
    { length: 30 },
    (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} ...F${index + 1} }`,
  ),
  'fragment F30 on Query { __typename }',
].join('\n');

const hostile: readonly (readonly [string, string, string])[] = [
  ['too deep', `{ models(first: 1) { ${nest(10)} } }`, 'COST_LIMIT_EXCEEDED'],
  ['too many aliases', `{ ${aliases(31)} }`, 'COST_LIMIT_EXCEEDED'],
  ['too many fields', `{ ${'__typename '.repeat(1_001)} }`, 'COST_LIMIT_EXCEEDED'],
  ['too many directives', `{ __typename ${'@include(if: true) '.repeat(51)} }`, 'COST_LIMIT_EXCEEDED'],
  [
    'too many operations',
    Array.from({ length: 11 }, (_, index) => `query Q${index} { __typename }`).join(' '),
    'COST_LIMIT_EXCEEDED',
  ],
  ['too many tokens', `{ ${'__typename '.repeat(5_000)} }`, 'BAD_USER_INPUT'],
  ['a bomb of fragments', bomb, 'COST_LIMIT_EXCEEDED'],
  [
    'a cycle of fragments',
    'query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    'COST_LIMIT_EXCEEDED',
  ],
  [
    'a fragment named __schema around something deep',
    `query { ...__schema } fragment __schema on Query { models(first: 1) { ${nest(10)} } }`,
    'COST_LIMIT_EXCEEDED',
  ],
  [
    'a page that costs too much',
    '{ comparisons(first: 100) { edges { node { lanes { id output usage { inputTokens } } } } } }',
    'COST_LIMIT_EXCEEDED',
  ],
  ['many ids', `{ nodes(ids: [${'"VXNlcjox",'.repeat(600)}]) { id __typename } }`, 'COST_LIMIT_EXCEEDED'],
  ['many ids that are none', `{ nodes(ids: [${'"x",'.repeat(600)}]) { id } }`, 'BAD_USER_INPUT'],
  ['a cursor that is none', '{ comparisons(after: "x") { totalCount edges { cursor } } }', 'BAD_USER_INPUT'],
  ['an unknown field', '{ nothing }', 'BAD_USER_INPUT'],
  ['no GraphQL at all', 'hello', 'BAD_USER_INPUT'],
];

describe('hostile documents are refused before anything is executed', () => {
  test.each(hostile)('%s, over HTTP', async (_what, query, code) => {
    const answer = await send(server, query);
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors?.map((error) => error.extensions.code)).toContain(code);
    for (const error of answer.errors ?? []) expect(knownCodes).toContain(error.extensions.code);
    expect(answer.text).not.toMatch(/node_modules|at .*\.ts/);
  });

  test.each(hostile)('%s, over the socket', async (_what, query, code) => {
    const answer = await sendBySocket(server, query);
    const errors = answer.type === 'error' ? answer.payload : answer.payload.errors;
    expect(answer.payload.data ?? null).toBeNull();
    expect(errors.map((error: LooseJson) => error.extensions.code)).toContain(code);
  });

  test('a page of more than 100 is refused, whichever list; 100 are given', async () => {
    for (const list of ['models', 'comparisons']) {
      for (const args of ['first: 101', 'last: 101']) {
        const answer = await send(server, `{ ${list}(${args}) { edges { cursor } } }`);
        expect(answer.errors?.[0]?.extensions.code, list).toBe('BAD_USER_INPUT');
      }
      const byDefault = await send(server, `query($n: Int = 101) { ${list}(first: $n) { edges { cursor } } }`);
      expect(byDefault.errors?.[0]?.extensions.code, list).toBe('BAD_USER_INPUT');
      expect((await send(server, `{ ${list}(first: 100) { edges { cursor } } }`)).errors).toBeUndefined();
    }
  });

  test('the page size of a variable counts, also by default', async () => {
    const query = 'query($n: Int = 100) { comparisons(first: $n) { edges { node { lanes { id output } } } } }';
    expect((await send(server, query)).errors?.[0]?.extensions.code).toBe('COST_LIMIT_EXCEEDED');
    expect((await send(server, query, { n: 5 })).errors).toBeUndefined();
    expect((await send(server, query, { n: 100 })).errors?.[0]?.extensions.code).toBe('COST_LIMIT_EXCEEDED');
  });

  test('the pages the dashboard shows are within the limits', async () => {
    const history =
      '{ comparisons { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id title state lanes { id modelId state } } } } }';
    expect((await send(server, history)).errors).toBeUndefined();
    const catalogue =
      '{ models(first: 100) { edges { node { modelId displayName isAvailable contextWindowTokens price { inputPerMillionUsd } } } } }';
    expect((await send(server, catalogue)).errors).toBeUndefined();
  });

  test('introspection as tools send it works for those who are signed in', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    expect((await send(server, getIntrospectionQuery())).errors).toBeUndefined();
  });
});

describe('sizes and counts', () => {
  test('a body that is too large is 413, and the client gets to read it', async () => {
    const body = JSON.stringify({ query: '{ __typename }', variables: { x: 'y'.repeat(65 * 1024 * 1024) } });
    const response = await fetch(server.graphUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(413);
  });

  test('a socket message that is too large closes the socket with 1009', async () => {
    const connection = await openSocket(server);
    connection.send({ id: '1', type: 'subscribe', payload: { query: `{ __typename } # ${'x'.repeat(300 * 1024)}` } });
    expect(await connection.closed).toBe(1009);
  });

  test('a socket holds so many operations and no more', async () => {
    server.simulator.control.addFault({ kind: 'silent' });
    const { id } = await startComparison(server, models);
    const connection = await openSocket(server);
    const query = `subscription { comparisonEvents(comparisonId: "${id}") { __typename } }`;
    for (const index of [1, 2, 3, 4]) connection.send({ id: `${index}`, type: 'subscribe', payload: { query } });
    const refusal = () => connection.messages.find((message) => message.type === 'error');
    await expect.poll(refusal).toMatchObject({ id: '4', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
    connection.socket.terminate();
    await expect.poll(() => server.services.comparisonHub.subscriberCount).toBe(0);
    await ask(server, `mutation { stopComparison(input: { comparisonId: "${id}" }) { __typename } }`);
  });

  test('an identity opens so many sockets and no more; closed ones count no longer', async () => {
    const open = await Promise.all([1, 2, 3, 4].map(() => openSocket(server)));
    expect(open.map((connection) => connection.isAccepted)).toEqual([true, true, true, true]);
    expect(await (await openSocket(server)).closed).toBe(4429);
    for (const connection of open) connection.socket.terminate();
    await expect.poll(async () => (await sendBySocket(server, '{ __typename }')).type, { timeout: 5_000 }).toBe('next');
  });

  test('sockets that leave while they are being accepted are not counted for ever', async () => {
    const stranger = await createTeam(server.services, 'Impatient');
    for (let round = 0; round < 12; round += 1) {
      const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws');
      socket.on('error', () => {});
      await new Promise((resolve) => socket.on('open', resolve));
      server.services.identities.invalidate();
      socket.send(
        JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${stranger.key}` } }),
        () => socket.terminate(),
      );
      await new Promise((resolve) => socket.on('close', resolve));
    }
    await expect
      .poll(
        async () => {
          const connection = await openSocket(server, stranger.key);
          connection.socket.terminate();
          return connection.isAccepted;
        },
        { timeout: 5_000 },
      )
      .toBe(true);
  });
});
