import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { send } from '../testing/graph-client.ts';
import { createKey } from '../testing/other-team.ts';
import { openSocket, sendBySocket } from '../testing/raw-socket.ts';
import { signInCookie } from '../testing/sign-in.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const persistedText = 'query Who {\n  viewer {\n    accessRole\n    __typename\n  }\n}';
const persistedId = 'sha256:0123456789abcdef';

let server: TestServer;
let cookie: string;
let viewerKey: string;
beforeAll(async () => {
  server = await startTestServer({
    isWithoutSimulator: true,
    persistedDocuments: new Map([[persistedId, persistedText]]),
    environment: { SWITCHYARD_PERSISTED_ONLY: 'true', SWITCHYARD_SOCKETS_PER_ADDRESS: '6' },
  });
  cookie = await signInCookie(server);
  const team = await server.services.prisma.team.findFirstOrThrow();
  viewerKey = (await createKey(server.services, { teamId: team.id }, ['READ'])).key;
});
afterAll(() => server.stop());

/** Sends as a browser's page would: with the session's cookie and no key. */
const bySession = (body: object, headers: Record<string, string> = {}) =>
  fetch(server.graphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: server.url, ...headers },
    body: JSON.stringify(body),
  });

describe('where only persisted documents are taken', () => {
  test('a session sends them by id or as text, and nothing else', async () => {
    expect(await (await bySession({ documentId: persistedId })).json()).toMatchObject({
      data: { viewer: { accessRole: 'OWNER' } },
    });
    expect((await bySession({ query: persistedText.replaceAll(/\s+/g, ' ') })).status).toBe(200);
    const refused = await bySession({ query: '{ viewer { accessRole } }' });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    const byGet = await fetch(`${server.graphUrl}?query=${encodeURIComponent('{ viewer { accessRole } }')}`, {
      headers: { cookie },
    });
    expect(byGet.status).toBe(403);
  });

  test('a session on a socket as well', async () => {
    const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws', { headers: { cookie, origin: server.url } });
    const messages: { type: string; id?: string }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"connection_init"}');
    await expect.poll(() => messages[0]?.type).toBe('connection_ack');
    const ask = (id: string, query: string) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));
    ask('1', '{ viewer { accessRole } }');
    ask('2', persistedText);
    const first = (id: string) => messages.find((message) => message.id === id);
    await expect
      .poll(() => first('1'))
      .toMatchObject({ type: 'error', payload: [{ extensions: { code: 'FORBIDDEN' } }] });
    await expect.poll(() => first('2')).toMatchObject({ type: 'next' });
    socket.terminate();
  });

  test('a key sends what it likes', async () => {
    expect((await send(server, '{ viewer { accessRole } }')).status).toBe(200);
  });
});

describe('pages of other sites', () => {
  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://localhost:1' }],
    ['no origin at all', { origin: 'null' }],
  ])('may not act with the cookies of a session: %s', async (_what, headers) => {
    const answer = await bySession({ documentId: persistedId }, headers);
    expect(answer.status).toBe(403);
  });

  test.each(['cross-site', 'same-site'])('also where the browser tells no origin, only %s', async (site) => {
    const get = (headers: Record<string, string>) =>
      fetch(`${server.graphUrl}?query=${encodeURIComponent(persistedText)}`, { headers: { cookie, ...headers } });
    expect((await get({ 'sec-fetch-site': site })).status).toBe(403);
    expect((await get({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });
});

describe('the schema', () => {
  test('is told to who may run or manage, not to viewers, over HTTP and the socket', async () => {
    expect((await send(server, getIntrospectionQuery())).errors).toBeUndefined();
    const hidden = [
      '{ __schema { types { name } } }',
      '{ ...F } fragment F on Query { ... { __type(name: "Query") { name } } }',
      'query IntrospectionQuery { ...__schema } fragment __schema on Query { __schema { types { name } } }',
    ];
    const viewer = { ...server, key: viewerKey };
    for (const query of hidden) {
      const answer = await send(viewer, query);
      expect(answer.data ?? null).toBeNull();
      expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      const message = await sendBySocket(viewer, query);
      expect(JSON.stringify(message)).toContain('FORBIDDEN');
    }
    expect((await send(viewer, '{ __typename viewer { accessRole } }')).errors).toBeUndefined();
  });

  test('and neither is it by suggestions in errors', async () => {
    const documents = [
      ['{ viewr { accessRole } }', {}],
      ['query($order: Int) { models(first: $order, fist: 1) { totalCount } }', {}],
      ['query($filter: CallRecordFilter) { callRecords(filter: $filter) { totalCount } }', { filter: { mode: 1 } }],
    ] as const;
    for (const [query, variables] of documents) {
      const told = await send(server, query, variables);
      const hidden = await send({ ...server, key: viewerKey }, query, variables);
      expect(told.errors, query).toBeDefined();
      expect(hidden.errors, query).toBeDefined();
      expect(hidden.text).not.toContain('Did you mean');
      expect(JSON.stringify(await sendBySocket({ ...server, key: viewerKey }, query, variables))).not.toContain(
        'Did you mean',
      );
    }
    expect((await send(server, '{ viewr { accessRole } }')).text).toContain('Did you mean');
  });
});

describe('bodies', () => {
  const large = 'x'.repeat(1_100_000);
  test('over a megabyte are for what carries files and pictures, and for who may send them', async () => {
    const ordinary = await send(server, 'query($x: ID!) { node(id: $x) { id } }', {
      x: large,
    });
    expect([ordinary.status, ordinary.errors?.[0]?.extensions.code]).toEqual([413, 'BAD_USER_INPUT']);
    const preview =
      'query($content: String!) { previewDatasetImport(content: $content, format: JSONL) { __typename } }';
    expect((await send(server, preview, { content: large })).status).not.toBe(413);
    const asViewer = await send({ ...server, key: viewerKey }, preview, { content: large });
    expect(asViewer.status).toBe(413);
  });
});

describe('sockets', () => {
  test('of one address are so many and no more, whoever opens them; closed ones count no longer', async () => {
    const silent = Array.from({ length: 6 }, () => {
      const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws');
      socket.on('error', () => {});
      return socket;
    });
    const closeCodes = silent.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('open', resolve))));
    const refused = new WebSocket(server.socketUrl, 'graphql-transport-ws');
    const status = await new Promise((resolve) => {
      refused.on('error', () => {});
      refused.once('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(status).toBe(429);
    // None of them says who it is: all are closed after the wait for it.
    expect(await Promise.all(closeCodes)).toEqual(Array(6).fill(4408));
    const connection = await openSocket(server);
    expect(connection.isAccepted).toBe(true);
    connection.socket.terminate();
  }, 15_000);
});
