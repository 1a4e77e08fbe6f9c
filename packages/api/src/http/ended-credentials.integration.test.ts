import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startComparison } from '../testing/comparison-documents.ts';
import { ask, type LooseJson } from '../testing/graph-client.ts';
import { createKey } from '../testing/other-team.ts';
import { signInCookie } from '../testing/sign-in.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

/** From the end of a credential to the last thing that was sent; generous, because the machine may be busy. */
const endsWithinMs = 3_000;

let server: TestServer;
let teamId: string;
let comparisonId: string;
beforeAll(async () => {
  // In real time an answer takes longer than this test.
  server = await startTestServer({ speed: 1 });
  server.simulator.control.addFault({ kind: 'silent' });
  teamId = (await server.services.prisma.team.findFirstOrThrow()).id;
  comparisonId = (await startComparison(server, ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'])).id;
});
afterAll(async () => {
  await ask(server, `mutation { stopComparison(input: { comparisonId: "${comparisonId}" }) { __typename } }`);
  await server.stop();
});

const subscription = () => `subscription { comparisonEvents(comparisonId: "${comparisonId}") { __typename } }`;

/** Follows the comparison on a socket; `closed` is the code it was closed with. */
async function follow(headers: Record<string, string>, authorization?: string) {
  const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws', { headers });
  const messages: LooseJson[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init', payload: authorization ? { authorization } : {} }));
  await expect.poll(() => messages[0]?.type, { timeout: 10_000 }).toBe('connection_ack');
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: subscription() } }));
  await expect.poll(() => messages.some(({ type }) => type === 'next'), { timeout: 10_000 }).toBe(true);
  return { closed };
}

/** Follows it by server-sent events; `ended` resolves when the connection is cut. */
async function followByEvents(headers: Record<string, string>) {
  const response = await fetch(server.graphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', origin: server.url, ...headers },
    body: JSON.stringify({ query: subscription() }),
  });
  expect(response.status).toBe(200);
  const reader = response.body?.getReader();
  await reader?.read();
  const ended = (async () => {
    try {
      while (!(await reader?.read())?.done);
    } catch {}
    return 'ended';
  })();
  return { ended };
}

const within = <Value>(promise: Promise<Value>): Promise<Value | 'still open'> =>
  Promise.race([
    promise,
    new Promise<'still open'>((resolve) => setTimeout(() => resolve('still open'), endsWithinMs)),
  ]);

describe('open streams end when their credential does', () => {
  test('a session that is signed out, over the socket and as server-sent events', async () => {
    const cookie = await signInCookie(server);
    const [{ closed }, { ended }] = [await follow({ cookie, origin: server.url }), await followByEvents({ cookie })];
    await fetch(`${server.url}/api/auth/sign-out`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, origin: server.url },
      body: '{}',
    });
    expect(await within(closed)).toBe(4403);
    expect(await within(ended)).toBe('ended');
  });

  test('a session that was ended elsewhere, by its row', async () => {
    const cookie = await signInCookie(server);
    const { closed } = await follow({ cookie, origin: server.url });
    await server.services.prisma.session.deleteMany();
    expect(await within(closed)).toBe(4403);
  });

  test('a person who may do less than when the stream began', async () => {
    const cookie = await signInCookie(server);
    const { closed } = await follow({ cookie, origin: server.url });
    const member = await server.services.prisma.member.findFirstOrThrow({ where: { teamId } });
    await server.services.prisma.member.update({ where: { id: member.id }, data: { role: 'viewer' } });
    expect(await within(closed)).toBe(4403);
    await server.services.prisma.member.update({ where: { id: member.id }, data: { role: 'owner' } });
  });

  test('a key that expires in the middle, over the socket, as events and on /v1', async () => {
    const expiresAt = new Date(Date.now() + 4_000);
    const { key } = await createKey(server.services, { teamId }, ['READ', 'RUN'], expiresAt);
    const authorization = `Bearer ${key}`;
    const [{ closed }, { ended }] = await Promise.all([follow({}, authorization), followByEvents({ authorization })]);
    const chat = await Promise.race([
      fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({
          model: 'openai/gpt-4o-mini',
          stream: true,
          messages: [{ role: 'user', content: 'Hi' }],
        }),
      }).then((response) => response.text()),
      new Promise<string>((resolve) => setTimeout(() => resolve('still open'), 4_000 + endsWithinMs)),
    ]);
    expect(chat).not.toBe('still open');
    expect(await within(closed)).toBe(4403);
    expect(await within(ended)).toBe('ended');
  }, 20_000);
});
