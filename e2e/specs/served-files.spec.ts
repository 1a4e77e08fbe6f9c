import { expect, test } from '../stack/test.ts';

test('pages are served with a strict content security policy', async ({ request }) => {
  const response = await request.get('/compare');
  const policy = response.headers()['content-security-policy'] ?? '';
  expect(policy).toMatch(/script-src 'self'( 'sha256-[\w+/=]+')+;/);
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(policy).toContain("frame-ancestors 'none'");
});

test('hashed files may be kept for ever, pages not', async ({ page, stack }) => {
  const answer = await page.request.get(`${stack.url}/compare`);
  expect(answer.headers()['cache-control']).toBe('no-cache');
  const script = /\/_next\/static\/[^"]+\.js/.exec(await answer.text())?.[0];
  const asset = await page.request.get(`${stack.url}${script}`);
  expect(asset.headers()['cache-control']).toContain('immutable');
});

test('nothing but health and sign-in answers anonymously', async ({ request }) => {
  expect((await request.get('/healthz')).status()).toBe(200);
  expect((await request.get('/readyz')).status()).toBe(200);
  const graph = await request.post('/graphql', { data: { query: '{ viewer { team { name } } }' } });
  expect((await graph.json()).errors[0].extensions.code).toBe('UNAUTHENTICATED');
});
