import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask, type GraphAnswer, send } from '../testing/graph-client.ts';
import { createTeam } from '../testing/other-team.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ isWithoutSimulator: true });
});
afterAll(() => server.stop());

describe('what foreign pages could send is refused', () => {
  const mutation = 'mutation { stopLane(input: { laneId: "x" }) { __typename } }';
  const post = (contentType: string, body: string) =>
    fetch(server.graphUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': contentType },
      body,
    });

  test.each([
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`],
    [
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"${mutation}"}\r\n--x--`,
    ],
    ['text/plain', JSON.stringify({ query: mutation })],
    ['application/graphql', mutation],
    ['', JSON.stringify({ query: mutation })],
  ])('as %s', async (contentType, body) => {
    expect((await post(contentType, body)).status).toBe(415);
  });

  test('a mutation by GET', async () => {
    const response = await fetch(`${server.graphUrl}?query=${encodeURIComponent(mutation)}`, {
      headers: { authorization: `Bearer ${server.key}` },
    });
    expect(response.status).toBe(405);
  });

  test('batches, other methods, and bodies that are no operation', async () => {
    for (const body of [
      '[{"query":"{__typename}"}]',
      'null',
      '"x"',
      '{',
      '{}',
      '{"query":1}',
      '{"query":"{__typename}","variables":[]}',
    ]) {
      expect((await post('application/json', body)).status, body).toBe(400);
    }
    const headers = { authorization: `Bearer ${server.key}` };
    expect((await fetch(server.graphUrl, { method: 'PUT', headers })).status).toBe(405);
  });
});

describe('the bucket of an identity', () => {
  let small: TestServer;
  beforeAll(async () => {
    small = await startTestServer({
      isWithoutSimulator: true,
      environment: { SWITCHYARD_GRAPH_BUCKET_POINTS: '100', SWITCHYARD_GRAPH_RESTORE_PER_SECOND: '1' },
    });
  });
  afterAll(() => small.stop());

  test('tells what is left, gives back what was not used, and refuses with 429 and Retry-After', async () => {
    const query = '{ viewer { scopes } }';
    const first = await send(small, query);
    expect(first.extensions.cost).toMatchObject({
      actualQueryCost: expect.any(Number),
      throttleStatus: { maximumAvailable: 100 },
    });
    expect(first.headers.get('x-ratelimit-limit')).toBe('100');
    let last: GraphAnswer = first;
    for (let count = 0; count < 120 && last.status === 200; count += 1)
      last = await send(small, '{ viewer { accessRole } installation { version } }');
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(last.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    const other = await createTeam(small.services, 'Others');
    expect((await send(small, query, {}, { key: other.key })).status).toBe(200);
  });
});

test.runIf(inject('testDatabaseUrl') === '')(
  'a failing database leaks nothing, is told as INTERNAL with a request id, and health tells',
  async () => {
    const broken = await startTestServer({ isWithoutSimulator: true });
    try {
      await ask(broken, '{ viewer { accessRole } }');
      await broken.services.database.close();
      const answer = await send(broken, '{ comparisons { totalCount } }');
      if (answer.status === 503) {
        expect(answer.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL' });
      } else {
        expect(answer.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', requestId: expect.stringMatching(/^req_/) });
        expect(broken.log.text).toContain(String(answer.errors?.[0]?.extensions.requestId));
      }
      expect(answer.text).not.toMatch(/prisma|PGlite|node_modules|closed/i);
      expect((await fetch(`${broken.url}/readyz`)).status).toBe(503);
      expect((await fetch(`${broken.url}/healthz`)).status).toBe(200);
      expect(broken.log.text).not.toContain(broken.key);
    } finally {
      await broken.stop().catch(() => {});
    }
  },
);
