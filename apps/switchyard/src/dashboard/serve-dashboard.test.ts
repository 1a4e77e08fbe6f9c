import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDashboard } from './load-dashboard.ts';
import { chooseEncoding, serveDashboard } from './serve-dashboard.ts';

const inlineScript = 'self.__next_f=self.__next_f||[];self.__next_f.push(["é"])';
const page = (title: string) =>
  `<html><script src="/_next/static/chunks/a1.js"></script><script>${inlineScript}</script><title>${title}</title></html>`;
const longScript = `const text = "${'switchyard '.repeat(500)}";`;

const folder = mkdtempSync(join(tmpdir(), 'switchyard-dashboard-'));
const outside = join(folder, 'secret.txt');
const out = join(folder, 'out');
let server: Server;
let port = 0;

beforeAll(async () => {
  mkdirSync(join(out, '_next/static/chunks'), { recursive: true });
  mkdirSync(join(out, 'team'), { recursive: true });
  writeFileSync(outside, 'secret');
  writeFileSync(join(out, 'index.html'), page('home'));
  writeFileSync(join(out, 'compare.html'), page('compare'));
  writeFileSync(join(out, 'compare.txt'), '1:"flight"');
  writeFileSync(join(out, 'team/index.html'), page('team'));
  writeFileSync(join(out, '404.html'), page('not found'));
  writeFileSync(join(out, '_next/static/chunks/a1.js'), longScript);
  server = createServer(serveDashboard(loadDashboard(out)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A raw request: `fetch` would tidy up the path and decompress. */
const send = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.once('error', reject).end();
  });

describe('serveDashboard', () => {
  it.each([
    ['/', 'home'],
    ['/?from=mail', 'home'],
    ['/compare', 'compare'],
    ['/compare?id=1#x', 'compare'],
    ['/team', 'team'],
  ])('answers %s with its page', async (path, title) => {
    const { status, headers, body } = await send(path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body.toString()).toContain(`<title>${title}</title>`);
  });

  it('answers the data of a page as text', async () => {
    expect((await send('/compare.txt?_rsc=1')).headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it.each([
    ['/compare/', '/compare'],
    ['/compare.html', '/compare'],
    ['/team/', '/team'],
    ['/index.html', '/'],
  ])('redirects %s to %s', async (path, location) => {
    const answer = await send(path);
    expect([answer.status, answer.headers.location]).toEqual([308, location]);
  });

  it('answers unknown paths with the 404 page', async () => {
    for (const path of ['/nothing', '/404', '/_next/static/nothing.js', '//example.com/', '//example.com/compare/']) {
      const { status, headers, body } = await send(path);
      expect(status).toBe(404);
      expect(headers.location).toBeUndefined();
      expect(body.toString()).toContain('not found');
    }
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/_next/../../secret.txt',
    '/..\\secret.txt',
    '/%00/../secret.txt',
    `/${outside}`,
  ])('does not leave the folder: %s', async (path) => {
    const { status, body } = await send(path);
    expect(status).toBe(404);
    expect(body.toString()).not.toContain('secret');
  });

  it('refuses a path that cannot be decoded and methods that change things', async () => {
    expect((await send('/%E0%A4%A')).status).toBe(400);
    const posted = await send('/compare', {}, 'POST');
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const got = await send('/compare');
    const head = await send('/compare', {}, 'HEAD');
    expect(head.body).toHaveLength(0);
    expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' });
  });

  it('lets hashed files be kept for ever and everything else be asked for again', async () => {
    expect((await send('/_next/static/chunks/a1.js')).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    );
    expect((await send('/compare')).headers['cache-control']).toBe('no-cache');
  });

  it('answers 304 to who has the same content in the same encoding', async () => {
    const { headers } = await send('/compare');
    const again = await send('/compare', { 'if-none-match': `"other", W/${headers.etag}` });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
    expect((await send('/compare', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('compresses by what the client takes, with one entity tag each', async () => {
    const path = '/_next/static/chunks/a1.js';
    const plain = await send(path);
    const zipped = await send(path, { 'accept-encoding': 'gzip' });
    const brotli = await send(path, { 'accept-encoding': 'gzip, br' });
    expect(gunzipSync(zipped.body).toString()).toBe(longScript);
    expect(brotliDecompressSync(brotli.body).toString()).toBe(longScript);
    expect(new Set([plain, zipped, brotli].map(({ headers }) => headers.etag)).size).toBe(3);
    expect([plain, zipped, brotli].every(({ headers }) => headers.vary === 'Accept-Encoding')).toBe(true);
    expect(Number(brotli.headers['content-length'])).toBe(brotli.body.length);
  });

  it('allows only the inline scripts that were built in', async () => {
    const { headers } = await send('/compare', { host: 'localhost:4400' });
    const policy = headers['content-security-policy'] ?? '';
    const hash = createHash('sha256').update(inlineScript, 'utf8').digest('base64');
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(policy).toContain("connect-src 'self' ws://localhost:4400 wss://localhost:4400;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  it('puts nothing of a strange Host header into the policy', async () => {
    const { headers } = await send('/compare', { host: 'evil.com; script-src *' });
    expect(headers['content-security-policy']).not.toContain('evil');
  });

  it('says so when the dashboard is not built', async () => {
    expect(loadDashboard(join(folder, 'missing'))).toBeUndefined();
  });
});

describe('chooseEncoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0', 'gzip'],
    ['*', 'br'],
    ['identity', 'identity'],
    ['GZIP', 'gzip'],
  ])('%s → %s', (header, expected) => expect(chooseEncoding(header)).toBe(expected));
});
