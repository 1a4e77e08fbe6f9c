import { expect, it } from 'vitest';
import { ProviderError, type ProviderErrorKind } from '../../spec/index.ts';
import { ask, readParts, summarise } from '../read-parts.ts';
import { startTestServer } from '../replay-server.ts';
import { type ContractSubject, canaryKey } from './contract-subject.ts';

const kindByProblem: readonly (readonly [string, ProviderErrorKind, ProviderErrorKind?])[] = [
  ['invalid-request', 'invalid-request'],
  ['unsupported-parameter', 'invalid-request'],
  ['too-large', 'invalid-request'],
  ['invalid-key', 'auth'],
  ['permission', 'auth'],
  ['quota', 'quota'],
  ['rate-limit', 'rate-limit'],
  ['model-not-found', 'model-not-found'],
  ['context-length', 'context-length'],
  ['content-filter', 'content-filter'],
  ['server', 'server'],
  // Google words it as UNAVAILABLE, which is what it says when it is overloaded.
  ['bad-gateway', 'server', 'overloaded'],
  ['overloaded', 'overloaded'],
  ['gateway-timeout', 'timeout'],
  ['timeout', 'timeout'],
];

/** How failures before the answer are told. */
export function describeFailures(subject: ContractSubject): void {
  const call = () => ask(subject.model, 'Describe the tides.');
  const thrownBy = async (adapter = subject.adapter()) => (await readParts(adapter, call())).thrown;

  it.each(kindByProblem)('throws the problem %s as %s, after one request', async (code, kind, orKind) => {
    subject.simulator().control.clearRequests();
    subject.inject({ kind: 'error', code: code as 'quota', vendor: subject.vendor });
    const error = await thrownBy();
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).details).toMatchObject({ model: subject.model });
    expect([kind, orKind]).toContain((error as ProviderError).kind);
    expect((error as ProviderError).message.length).toBeGreaterThan(5);
    expect(subject.simulator().control.requests()).toHaveLength(1);
  });

  it.each([
    [{ retryAfterSeconds: 7 }, 7_000],
    [{ retryAfterSeconds: 1, retryAfterMs: 2_500 }, 2_500],
    [{ retryAfterSeconds: 3, retryAfterMs: 0 }, 3_000],
  ])('takes the longest wait hint of %j', async (hints, leastMs) => {
    subject.inject({ kind: 'error', code: 'rate-limit', vendor: subject.vendor, ...hints });
    const { retryAfterMs } = ((await thrownBy()) as ProviderError).details;
    expect(retryAfterMs).toBeGreaterThanOrEqual(leastMs - 5);
    expect(retryAfterMs).toBeLessThanOrEqual(leastMs + 1_000);
  });

  it('reads a wait hint that is a date', async () => {
    subject.inject({
      kind: 'error',
      code: 'rate-limit',
      vendor: subject.vendor,
      retryAfterSeconds: 30,
      retryAfterDate: true,
    });
    const { retryAfterMs } = ((await thrownBy()) as ProviderError).details;
    expect(retryAfterMs).toBeGreaterThan(27_000);
    expect(retryAfterMs).toBeLessThanOrEqual(31_000);
  });

  it('throws network for a reset before the headers and for a port nobody listens on', async () => {
    subject.inject({ kind: 'reset', vendor: subject.vendor });
    expect(await thrownBy()).toMatchObject({ kind: 'network' });
    expect(await thrownBy(subject.createAdapter({ baseUrl: 'http://127.0.0.1:9', apiKey: canaryKey }))).toMatchObject({
      kind: 'network',
    });
  });

  it('says no secret in any error', async () => {
    const server = await startTestServer((request, response) => {
      const echo = `Incorrect API key provided: ${canaryKey.slice(0, 9)}*******${canaryKey.slice(-4)}. You sent ${JSON.stringify(request.headers)} ${canaryKey}`;
      response.writeHead(401, { 'content-type': 'application/json', 'x-request-id': 'req_1' });
      response.end(
        JSON.stringify({
          error: { message: echo, code: echo, type: 'authentication_error', status: 'UNAUTHENTICATED' },
        }),
      );
    });
    try {
      const adapter = subject.createAdapter({ baseUrl: server.url, apiKey: canaryKey });
      const errors = [
        await thrownBy(adapter),
        await adapter.testConnection(new AbortController().signal).catch((error: unknown) => error),
      ];
      for (const error of errors) {
        expect(error).toMatchObject({ kind: 'auth' });
        const said = [
          JSON.stringify(error),
          (error as Error).message,
          (error as Error).stack,
          JSON.stringify((error as ProviderError).details),
          String((error as Error).cause),
        ].join(' ');
        for (const secret of [
          canaryKey,
          canaryKey.slice(-4),
          canaryKey.slice(3, 12),
          Buffer.from(canaryKey).toString('base64'),
        ])
          expect(said).not.toContain(secret);
      }
    } finally {
      await server.stop();
    }
  });

  it('follows no redirect and sends the key to its own origin only', async () => {
    let reached = 0;
    const elsewhere = await startTestServer((_, response) => {
      reached += 1;
      response.end();
    });
    const server = await startTestServer((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
    try {
      expect(await thrownBy(subject.createAdapter({ baseUrl: server.url, apiKey: canaryKey }))).toMatchObject({
        kind: 'invalid-request',
      });
      expect(reached).toBe(0);
    } finally {
      await Promise.all([elsewhere.stop(), server.stop()]);
    }
  });

  it.each([
    ['text/html', '<html><body>Sign in to the network</body></html>'],
    ['text/event-stream', ''],
    ['text/event-stream', 'this is not an event stream\n\n'],
    ['application/json', '{"hello":"world"}'],
    ['application/json', 'not json'],
  ])('throws invalid-response for an answer of %s that is none: %s', async (contentType, body) => {
    const server = await startTestServer((_, response) =>
      response.writeHead(200, { 'content-type': contentType }).end(body),
    );
    try {
      expect(await thrownBy(subject.createAdapter({ baseUrl: server.url, apiKey: canaryKey }))).toMatchObject({
        kind: 'invalid-response',
      });
    } finally {
      await server.stop();
    }
  });

  it('lists the models of the vendor as a test of the connection, and throws for a bad key', async () => {
    const { models } = await subject.adapter().testConnection(new AbortController().signal);
    expect(models.join(' ')).toContain(subject.model.split(':')[0]);
    const refused = subject.createAdapter({
      baseUrl: subject.simulator().baseUrls[subject.vendor],
      apiKey: 'sk-invalid-key-000000',
    });
    await expect(refused.testConnection(new AbortController().signal)).rejects.toMatchObject({ kind: 'auth' });
    expect(summarise(await readParts(refused, call()))).toMatchObject({ errorKind: 'auth', isThrown: true });
  });
}
