import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, send } from '../testing/graph-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { testOwner } from '../testing/test-settings.ts';
import { hashApiKey } from './api-key.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const signIn = async (password: string = testOwner.password) =>
  fetch(`${server.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ email: testOwner.email, password }),
  });

const signInCookie = async (): Promise<string> => {
  const response = await signIn();
  expect(response.status).toBe(200);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
};

const askByCookie = (cookie: string, headers: Record<string, string> = {}) =>
  fetch(server.graphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, ...headers },
    body: JSON.stringify({ query: '{ viewer { accessRole user { email } } }' }),
  });

/** Opens a socket and tells how it was closed, or `open` when it was accepted. */
const connect = (options: { headers?: Record<string, string>; authorization?: string }) =>
  new Promise<string>((resolve) => {
    const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws', { headers: options.headers ?? {} });
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: options.authorization } })),
    );
    socket.on('message', (data) => {
      if (!String(data).includes('connection_ack')) return;
      resolve('open');
      socket.terminate();
    });
    socket.on('close', (code) => resolve(String(code)));
    socket.on('error', (error) => resolve(error.message));
  });

describe('anonymous', () => {
  test.each(['/graphql', '/graphql?query={viewer{accessRole}}', '/metrics'])('%s is 401', async (path) => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${server.url}${path}`, {
        method,
        ...(method === 'POST' && { headers: { 'content-type': 'application/json' }, body: '{"query":"{__typename}"}' }),
      });
      expect(response.status).toBe(401);
      expect(await response.text()).toContain('UNAUTHENTICATED');
    }
  });

  test.each(['/healthz', '/readyz', '/api/auth/setup', '/api/auth/get-session'])('%s answers', async (path) => {
    expect((await fetch(`${server.url}${path}`)).status).toBe(200);
  });

  test.each([
    'list-sessions',
    'update-user',
    'delete-user',
    'two-factor/send-otp',
    'two-factor/get-totp-uri',
    'revoke-sessions',
    'update-user',
    'link-social',
    'forget-password',
    'reset-password/token',
    'verify-email',
    'sign-in/social',
    'callback/google',
    'error',
    'ok',
    'sign-up/email/',
    '../auth/list-sessions',
    'organization/create',
    '',
  ])('/api/auth/%s is not there', async (path) => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${server.url}/api/auth/${path}`, { method });
      expect(response.status).toBe(404);
    }
  });

  test('an unknown path, a wrong key and a key in the wrong form are refused', async () => {
    expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
    for (const authorization of ['Bearer wrong', `Basic ${server.key}`, server.key, 'Bearer']) {
      expect((await send(server, '{ __typename }', {}, { headers: { authorization } })).status).toBe(401);
    }
  });

  test('a cookie that spells the hash of a key is not the key', async () => {
    await ask(server, '{ __typename }');
    const response = await askByCookie(hashApiKey(server.key));
    expect(response.status).toBe(401);
  });

  test('a socket without or with a wrong credential is closed', async () => {
    expect(await connect({})).toBe('4401');
    expect(await connect({ authorization: 'Bearer wrong' })).toBe('4401');
  });

  test('a sign-in form of a megabyte is refused', async () => {
    const body = JSON.stringify({ email: 'a@b.c', password: 'x'.repeat(100 * 1024) });
    const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(413);
  });
});

describe('sessions', () => {
  test('a wrong password and an unknown address get the same refusal', async () => {
    const wrong = await signIn('not the password');
    expect(wrong.status).toBe(401);
  });

  test('the cookie works over HTTP and on the socket, until sign-out', async () => {
    const cookie = await signInCookie();
    const answer = await askByCookie(cookie, { origin: server.url });
    expect(await answer.json()).toMatchObject({
      data: { viewer: { accessRole: 'OWNER', user: { email: testOwner.email } } },
    });
    expect(await connect({ headers: { cookie, origin: server.url } })).toBe('open');
    const closed = new Promise<number>((resolve) => {
      const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws', { headers: { cookie } });
      socket.on('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('close', resolve);
    });
    const out = await fetch(`${server.url}/api/auth/sign-out`, {
      method: 'POST',
      headers: { cookie, origin: server.url, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(out.status).toBe(200);
    expect((await askByCookie(cookie)).status).toBe(401);
    expect([4401, 4403]).toContain(await closed);
  });

  test('the cookie is out of reach of scripts and of other sites', async () => {
    const [cookie] = (await signIn()).headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
  });

  test('pages of other sites are refused on HTTP, on the socket and at sign-in', async () => {
    const cookie = await signInCookie();
    for (const origin of ['https://evil.example', 'null', 'http://localhost:1']) {
      expect((await askByCookie(cookie, { origin })).status).toBe(403);
      expect(await connect({ headers: { cookie, origin } })).toContain('403');
      expect(await connect({ headers: { origin }, authorization: `Bearer ${server.key}` })).toContain('403');
    }
  });

  test('a second sign-up is refused', async () => {
    const response = await fetch(`${server.url}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ name: 'Second', email: 'second@switchyard.test', password: 'long enough password' }),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'SIGN_UP_CLOSED' });
    expect(await server.services.prisma.user.count()).toBe(1);
  });
});
