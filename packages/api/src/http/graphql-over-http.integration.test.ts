import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ isWithoutSimulator: true });
});
afterAll(() => server.stop());

/** Fetches with the key of an app; everything else is as the audit wants it. */
const fetchWithKey: typeof fetch = (url, init) => {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${server.key}`);
  return fetch(url, { ...init, headers });
};

const audits = serverAudits({ url: () => server.graphUrl, fetchFn: fetchWithKey });

describe('the graphql-http audit', () => {
  test.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
});
