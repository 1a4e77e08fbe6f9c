import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, send } from '../../testing/graph-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const document = /* GraphQL */ `
  mutation Complete($input: CompleteInput!) {
    complete(input: $input) {
      __typename
      ... on CompleteSuccess { text toolCalls { toolName } warnings { message } origin }
      ... on ValidationError { issues { path } }
      ... on NoEligibleModelError { rejected { modelId } }
    }
  }
`;
const model = 'openai/gpt-4o-mini';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const complete = async (input: object) => (await ask(server, document, { input })).complete;
const outcome = () => server.simulator.control.requests().find((request) => request.method === 'POST')?.outcome;

test('answers a conversation, in JSON when asked to', async () => {
  const messages = [
    { role: 'USER', content: 'Name a city.' },
    { role: 'ASSISTANT', content: 'Lisbon.' },
    { role: 'USER', content: 'Another.' },
  ];
  const answer = await complete({
    model,
    messages,
    jsonOutput: {
      schema: {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
        additionalProperties: false,
      },
    },
  });
  expect(answer).toMatchObject({ __typename: 'CompleteSuccess', origin: 'SIMULATED' });
  expect(JSON.parse(answer.text)).toEqual({ city: expect.any(String) });
});

test.each([
  ['neither prompt nor messages', {}, ['input', 'prompt']],
  ['both', { prompt: 'x', messages: [{ role: 'USER', content: 'x' }] }, ['input', 'prompt']],
  ['an empty prompt', { prompt: '' }, ['input', 'prompt']],
  ['no message', { messages: [] }, ['input', 'messages']],
  [
    'images beside messages',
    { messages: [{ role: 'USER', content: 'x' }], images: [{ mediaType: 'image/gif', dataBase64: 'R0lGODlh' }] },
    ['input', 'images'],
  ],
])('%s is a typed error', async (_what, input, path) => {
  const result = await complete({ model, ...input });
  expect(result).toMatchObject({ __typename: 'ValidationError', issues: [{ path }] });
});

test('an unknown model is a typed error', async () => {
  expect(await complete({ model: 'openai/none', prompt: 'x' })).toMatchObject({
    rejected: [{ modelId: 'openai/none' }],
  });
});

test('a client that goes away over HTTP ends the call upstream', async () => {
  server.simulator.control.addFault({ kind: 'silent' });
  const abort = new AbortController();
  const asked = fetch(server.graphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.key}` },
    body: JSON.stringify({ query: document, variables: { input: { model, prompt: 'x' } } }),
    signal: abort.signal,
  }).catch(() => {});
  await expect.poll(outcome).toBe('open');
  abort.abort();
  await asked;
  await expect.poll(outcome).toBe('aborted');
});

test('a client that goes away on the socket ends the call upstream', async () => {
  server.simulator.control.addFault({ kind: 'silent' });
  const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws');
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${server.key}` } })),
  );
  socket.on('message', (data) => {
    if (!String(data).includes('connection_ack')) return;
    const payload = { query: document, variables: { input: { model, prompt: 'x' } } };
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  });
  await expect.poll(outcome).toBe('open');
  socket.terminate();
  await expect.poll(outcome).toBe('aborted');
});

test('a server that stops lets calls in flight finish, and keeps their records', async () => {
  server.simulator.control.addFault({ kind: 'latency', delayMs: 600, vendor: 'openai' });
  const asked = send(server, document, { input: { model, prompt: 'x' } });
  await expect.poll(outcome).toBe('open');
  await server.stopServer(5_000);
  expect((await asked).data.complete.__typename).toBe('CompleteSuccess');
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  expect(server.log.lines.filter((line) => line.level === 'error')).toEqual([]);
});
