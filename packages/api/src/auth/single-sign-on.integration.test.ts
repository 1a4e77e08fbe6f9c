import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestBrowser } from '../testing/test-browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { testOwner } from '../testing/test-settings.ts';
import { createPasswordReset } from './password-reset.ts';
import { SingleSignOn } from './single-sign-on.ts';

/** People of the identity provider by the name they sign in with there. */
const people: Record<string, { email: string; email_verified: boolean; name: string }> = {
  owner: { email: testOwner.email, email_verified: true, name: 'Olivia Owner' },
  invited: { email: 'invited@people.test', email_verified: true, name: 'Ines Invited' },
  uninvited: { email: 'uninvited@people.test', email_verified: true, name: 'Udo' },
  unverified: { email: 'unverified@people.test', email_verified: false, name: 'Una' },
  elsewhere: { email: 'someone@elsewhere.test', email_verified: true, name: 'Elsa' },
  local: { email: 'local@people.test', email_verified: true, name: 'Lola' },
  welcome: { email: 'welcome@people.test', email_verified: true, name: 'Wanda' },
};

const freePort = async () => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
};

let issuer: string;
let identityProvider: Server;
let ports: readonly [number, number];
beforeAll(async () => {
  ports = [await freePort(), await freePort()];
  const listening = createServer();
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  issuer = `http://localhost:${(listening.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'switchyard',
        client_secret: 'canary-secret-of-the-client',
        redirect_uris: ports.map((port) => `http://localhost:${port}/api/auth/callback/sso`),
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people[sub] }) }),
    cookies: { keys: ['a key of a test'] },
  });
  listening.on('request', provider.callback());
  identityProvider = listening;
});
afterAll(async () => {
  identityProvider.closeAllConnections();
  await new Promise((resolve) => identityProvider.close(resolve));
});

const environment = (port: number): Record<string, string> => ({
  PORT: String(port),
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: 'switchyard',
  OIDC_CLIENT_SECRET: 'canary-secret-of-the-client',
  OIDC_NAME: 'Example',
  OIDC_ALLOWED_DOMAINS: 'people.test, switchyard.test',
});

/** Signs in at the provider and answers the address that it sends the browser back to. */
const visitProvider = async (login: string, address: string): Promise<string> => {
  const browser = new TestBrowser({ url: issuer });
  let next = address;
  for (let steps = 0; steps < 12; steps += 1) {
    if (!next.startsWith(issuer)) return next;
    let response = await browser.fetch(next);
    const html = await response.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
    if (prompt !== undefined) {
      response = await browser.fetch(next, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ prompt, login, password: 'x' }).toString(),
      });
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The provider shows ${response.status}: ${html.slice(0, 300)}`);
    next = new URL(location, next).href;
  }
  throw new Error('The provider sends the browser in circles.');
};

const begin = async (browser: TestBrowser): Promise<string> => (await browser.auth('sign-in/oauth2', {})).body.url;

/** Comes back from the provider; where the browser ends up. */
const comeBack = async (browser: TestBrowser, address: string): Promise<URL> => {
  const response = await browser.fetch(address);
  await response.text();
  return new URL(response.headers.get('location') ?? 'http://nowhere/', address);
};

const signIn = async (browser: TestBrowser, login: string) =>
  comeBack(browser, await visitProvider(login, await begin(browser)));

const viewer = async (browser: TestBrowser) =>
  (await browser.graph('{ viewer { accessRole user { email name } } }')).data?.viewer;

describe('with invitations', () => {
  let server: TestServer;
  let owner: TestBrowser;
  beforeAll(async () => {
    server = await startTestServer({ environment: environment(ports[0]) });
    owner = new TestBrowser(server);
    await owner.signIn(testOwner.email, testOwner.password);
  });
  afterAll(() => server.stop());

  const invite = async (email: string, accessRole: string) =>
    owner.change('inviteMember', { email, accessRole }, '... on InvitationSuccess { link }');

  test('somebody invited comes in with PKCE, state and nonce, becomes what the invitation says, and comes again', async () => {
    const browser = new TestBrowser(server);
    expect((await browser.auth('ways')).body).toEqual({
      needsOwner: false,
      password: true,
      sso: { id: 'sso', name: 'Example' },
      mail: false,
    });
    await invite('invited@people.test', 'DEVELOPER');
    const url = new URL(await begin(browser));
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('nonce')).toMatch(/.{20}/);
    browser.clear();
    expect((await signIn(browser, 'invited')).pathname).toBe('/');
    const person = { accessRole: 'DEVELOPER', user: { email: 'invited@people.test', name: 'Ines Invited' } };
    expect(await viewer(browser)).toEqual(person);
    const again = new TestBrowser(server);
    await signIn(again, 'invited');
    expect(await viewer(again)).toEqual(person);
    const sessions = (await again.graph('{ sessions { signInMethod } viewer { hasPassword } }')).data;
    expect(sessions.sessions.map((each: { signInMethod: string }) => each.signInMethod)).toEqual(['sso', 'sso']);
    expect(sessions.viewer.hasPassword).toBe(false);
    const accounts = await server.services.prisma.account.findMany({ where: { providerId: 'sso' } });
    expect(accounts.map((each) => [each.accessToken, each.refreshToken, each.idToken])).toEqual([[null, null, null]]);
  });

  test('the owner, whose address is confirmed on both sides, is the same person as before', async () => {
    const browser = new TestBrowser(server);
    await signIn(browser, 'owner');
    expect(await viewer(browser)).toMatchObject({ accessRole: 'OWNER', user: { email: testOwner.email } });
    expect(await server.services.prisma.user.count({ where: { email: testOwner.email } })).toBe(1);
  });

  test.each([
    ['uninvited', 'NOT_INVITED'],
    ['unverified', 'email_not_verified'],
    ['elsewhere', 'domain_not_allowed'],
  ])('%s is sent back to the sign-in page with %s', async (login, code) => {
    if (login !== 'uninvited') await invite(people[login]?.email ?? '', 'VIEWER');
    const browser = new TestBrowser(server);
    const end = await signIn(browser, login);
    expect([end.pathname, end.searchParams.get('error')]).toEqual(['/sign-in', code]);
    expect(await viewer(browser)).toBeUndefined();
    expect(await server.services.prisma.user.count({ where: { email: people[login]?.email ?? '' } })).toBe(0);
  });

  test('an account whose address nobody confirmed here is not taken over', async () => {
    const { link } = await invite('local@people.test', 'VIEWER');
    const local = new TestBrowser(server);
    const token = new URL(link).searchParams.get('token');
    await local.auth('accept-invitation', { token, name: 'Local', password: 'plain words of a river' });
    const browser = new TestBrowser(server);
    expect((await signIn(browser, 'local')).searchParams.get('error')).toBe('account_not_linked');
    expect(await viewer(browser)).toBeUndefined();
  });

  test('a wrong state, nonce, issuer, or a code of somebody else gives no session', async () => {
    const attempt = async (damage: (url: URL) => void, damageBack: (url: URL) => void, other?: string) => {
      const browser = new TestBrowser(server);
      const there = new URL(await begin(browser));
      damage(there);
      const back = new URL(other ?? (await visitProvider('invited', there.href)));
      damageBack(back);
      const end = await comeBack(browser, back.href);
      expect(await viewer(browser)).toBeUndefined();
      expect(end.pathname).toBe('/sign-in');
      return end.searchParams.get('error');
    };
    const none = () => {};
    expect(await attempt(none, (url) => url.searchParams.set('state', 'x'.repeat(32)))).toMatch(/state|restart/);
    expect(await attempt((url) => url.searchParams.set('nonce', 'of-another-sign-in'), none)).toBe(
      'unable_to_get_user_info',
    );
    expect(await attempt(none, (url) => url.searchParams.set('iss', 'https://evil.example'))).toBe('issuer_mismatch');
    const theirs = new URL(await visitProvider('owner', await begin(new TestBrowser(server))));
    // The code of another browser with the own state: PKCE binds it to that browser.
    expect(await attempt(none, (url) => url.searchParams.set('code', theirs.searchParams.get('code') ?? ''))).toBe(
      'invalid_code',
    );
    // The whole answer of another browser: its state is not this one's.
    expect(await attempt(none, none, theirs.href)).toMatch(/state/);
  });

  test('a provider that calls itself something else is not believed', async () => {
    const { settings, auth, log } = server.services;
    const asked = { ...settings.singleSignOn, issuer: issuer.replace('localhost', '127.0.0.1') } as never;
    expect(await new SingleSignOn(asked, auth, log).prepare()).toBe(false);
  });

  test('nobody is sent to another site afterwards', async () => {
    for (const callbackURL of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      const browser = new TestBrowser(server);
      const { url } = (await browser.auth('sign-in/oauth2', { callbackURL })).body;
      const end = await comeBack(browser, await visitProvider('invited', url));
      expect(end.origin).toBe(`http://localhost:${ports[0]}`);
    }
  });
});

test('without passwords: new people of an allowed domain come in, and the operator has a way in', async () => {
  const server = await startTestServer({
    environment: { ...environment(ports[1]), OIDC_ONLY: 'true', OIDC_DEFAULT_ROLE: 'viewer' },
  });
  try {
    const browser = new TestBrowser(server);
    expect((await browser.signIn(testOwner.email, testOwner.password)).body.code).toBe('PASSWORD_OFF');
    await signIn(browser, 'welcome');
    expect(await viewer(browser)).toMatchObject({ accessRole: 'VIEWER', user: { email: 'welcome@people.test' } });
    const owner = await server.services.prisma.user.findUniqueOrThrow({ where: { email: testOwner.email } });
    const byPerson = await createPasswordReset(server.services, owner.id, 'person');
    const rescue = new TestBrowser(server);
    const newPassword = 'the identity provider is away';
    const reset = (token: string) => rescue.auth('reset-password', { token, newPassword });
    expect((await reset(byPerson.token)).body.code).toBe('RESET_LINK_VOID');
    const byOperator = await createPasswordReset(server.services, owner.id, 'operator');
    expect((await reset(byOperator.token)).body).toEqual({ isSignedIn: true });
    expect(await viewer(rescue)).toMatchObject({ accessRole: 'OWNER' });
    expect(server.log.text).not.toContain('canary-secret-of-the-client');
  } finally {
    await server.stop();
  }
});
