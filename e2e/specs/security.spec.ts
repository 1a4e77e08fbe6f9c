import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { owner } from '../stack/owner.ts';
import { routes } from '../stack/routes.ts';
import { expect, signIn, test } from '../stack/test.ts';

declare global {
  interface Window {
    violations?: string[];
    scriptRan?: string[];
  }
}

const collectViolations = () => {
  window.violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
    window.violations?.push(`${effectiveDirective} refused ${blockedURI} ${sample}`);
  });
};

test('no page breaks the content security policy that it is served with', async ({ page, stack }) => {
  const told: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) told.push(`${page.url()}: ${message.text()}`);
  });
  await page.addInitScript(collectViolations);
  await signIn(page, stack.url);
  for (const { path } of routes) {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    told.push(...(await page.evaluate(() => window.violations ?? [])).map((violation) => `${path}: ${violation}`));
  }
  expect(told).toEqual([]);
});

test('a script that got into a page does not run, however it came', async ({ page, stack }) => {
  await page.addInitScript(collectViolations);
  await signIn(page, stack.url);
  await page.goto('/models');
  await page.waitForLoadState('networkidle');
  await page.evaluate(async () => {
    window.scriptRan = [];
    const place = document.createElement('div');
    document.body.append(place);
    const inline = document.createElement('script');
    inline.textContent = 'window.scriptRan.push("inline")';
    place.append(inline);
    const fromData = document.createElement('script');
    fromData.src = 'data:text/javascript,window.scriptRan.push("data")';
    place.append(fromData);
    const foreign = document.createElement('script');
    foreign.src = 'https://evil.example/x.js';
    place.append(foreign);
    const handler = document.createElement('div');
    handler.innerHTML =
      '<img src="/nothing.png" onerror="window.scriptRan.push(\'handler\')"><a href="javascript:window.scriptRan.push(\'link\')">x</a>';
    place.append(handler);
    handler.querySelector('a')?.click();
    const base = document.createElement('base');
    base.href = 'https://evil.example/';
    document.head.append(base);
    // Texts that become code, outside of what the tests' own debugger runs, which may evaluate anything.
    (setTimeout as (code: string) => void)('window.scriptRan.push("timer")');
    setTimeout(() => {
      new Function('window.scriptRan.push("eval")')();
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  expect(await page.evaluate(() => window.scriptRan)).toEqual([]);
  expect(await page.evaluate(() => document.baseURI)).toContain(stack.url);
  const refused = (await page.evaluate(() => window.violations)) ?? [];
  for (const directive of ['script-src-elem', 'script-src-attr', 'base-uri'])
    expect(refused.join('\n')).toContain(directive);
});

test('pages and answers say how browsers should treat them', async ({ page, stack }) => {
  const headers = (await page.request.get(`${stack.url}/compare`)).headers();
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  });
  expect(headers['permissions-policy']).toContain('camera=()');
  const answer = await page.request.get(`${stack.url}/graphql`);
  expect(answer.headers()['x-content-type-options']).toBe('nosniff');
});

test('the session cookie is out of reach for scripts and for requests of other sites', async ({
  page,
  stack,
  context,
}) => {
  await signIn(page, stack.url);
  const cookies = (await context.cookies()).filter(({ name }) => name.includes('session'));
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
});

test.describe('a page of another origin', () => {
  let foreign: Server;
  let port: number;
  test.beforeAll(async () => {
    foreign = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>foreign</title><body></body>');
    });
    await new Promise<void>((resolve) => foreign.listen(0, resolve));
    port = (foreign.address() as AddressInfo).port;
  });
  test.afterAll(() => void foreign.close());

  const query = 'mutation M { createApiKey(input: { name: "stolen", scopes: [READ] }) { __typename } }';

  // Another port is the same site to a browser: there even cookies with SameSite are sent.
  for (const host of ['localhost', '127.0.0.1']) {
    test(`on ${host} has no effect with a visitor's session, whatever it sends`, async ({ page, stack }) => {
      await signIn(page, stack.url);
      const countKeys = async (): Promise<number> => {
        const answer = await page.request.post(`${stack.url}/graphql`, {
          headers: { authorization: `Bearer ${owner.apiKey}`, 'content-type': 'application/json' },
          data: { query: '{ viewer { team { apiKeys { id } } } }' },
        });
        return (await answer.json()).data.viewer.team.apiKeys.length;
      };
      const before = await countKeys();
      await page.goto(`http://${host}:${port}/`);
      const outcomes = await page.evaluate(
        async ({ url, query }) => {
          const graph = `${url}/graphql`;
          const body = JSON.stringify({ query });
          const done: string[] = [];
          const submit = async (enctype: string, method: string, fields: Record<string, string>) => {
            const frame = document.createElement('iframe');
            frame.name = `f${Math.random()}`;
            const form = document.createElement('form');
            Object.assign(form, { action: graph, method, enctype, target: frame.name });
            for (const [name, value] of Object.entries(fields)) {
              const input = document.createElement('input');
              Object.assign(input, { type: 'hidden', name, value });
              form.append(input);
            }
            document.body.append(frame, form);
            const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
            form.submit();
            await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, 3_000))]);
            done.push(`${method} ${enctype}`);
          };
          await submit('application/x-www-form-urlencoded', 'post', { query });
          await submit('multipart/form-data', 'post', { operations: body, query });
          await submit('text/plain', 'post', { [body.slice(0, -1)]: '","x":"y"}' });
          await submit('application/x-www-form-urlencoded', 'get', { query });
          const send = async (what: string, init: RequestInit) => {
            const text = await fetch(graph, { method: 'POST', credentials: 'include', body, ...init }).then(
              (response) => response.text(),
              () => 'failed',
            );
            done.push(`${what}: ${text.includes('CreateApiKeySuccess') ? 'SUCCEEDED' : 'refused'}`);
          };
          await send('text/plain without cors', { mode: 'no-cors', headers: { 'content-type': 'text/plain' } });
          await send('form without cors', {
            mode: 'no-cors',
            body: new URLSearchParams({ query }),
          });
          await send('json with cors', { headers: { 'content-type': 'application/json' } });
          await send('a blob without cors', { mode: 'no-cors', body: new Blob([body]) });
          navigator.sendBeacon(graph, new Blob([body], { type: 'text/plain' }));
          await new Promise<void>((resolve) => {
            const socket = new WebSocket(graph.replace('http', 'ws'), 'graphql-transport-ws');
            socket.onopen = () => {
              done.push('socket: OPENED');
              socket.send(JSON.stringify({ type: 'connection_init' }));
              setTimeout(() => {
                socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
                setTimeout(resolve, 500);
              }, 500);
            };
            socket.onerror = () => {
              done.push('socket: refused');
              resolve();
            };
          });
          return done;
        },
        { url: stack.url, query },
      );
      expect(outcomes.filter((outcome) => /SUCCEEDED|OPENED/.test(outcome))).toEqual([]);
      expect(outcomes).toHaveLength(9);
      expect(await countKeys()).toBe(before);
      // The same words from the dashboard's own page do something: it was the origin that was refused.
      await page.goto(`${stack.url}/models`);
      await page.evaluate(async (sent) => {
        await fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: sent }),
        });
      }, query);
      expect(await countKeys()).toBe(before + 1);
    });
  }
});
