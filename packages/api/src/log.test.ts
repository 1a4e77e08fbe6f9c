import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSettings } from './env.ts';
import { createLog } from './log.ts';
import { secretsOf } from './observability/redact-line.ts';
import { inScope, noteTeam, outsideScopes, type RequestScope } from './observability/request-scope.ts';

function record(secrets: readonly string[] = []) {
  const lines: string[] = [];
  const log = createLog('debug', secrets, { write: (line) => lines.push(line) });
  return { log, lines, read: () => lines.map((line) => JSON.parse(line)) };
}

describe('a log line', () => {
  test('names what it belongs to, through everything that was waited for', async () => {
    const { log, read } = record();
    const place = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true };
    const scope: RequestScope = { requestId: 'req_1', trace: place };
    await inScope(scope, async () => {
      noteTeam('team_1');
      await wait(1);
      log.warn({ provider: 'openai' }, 'slow');
      await inScope({ ...scope, runId: 'run_1', stepId: 'draft', callId: 'call_1' }, async () =>
        log.info({}, 'inside'),
      );
      outsideScopes(() => log.info({}, 'of nobody'));
    });
    log.info({}, 'after');
    const [slow, inside, ofNobody, after] = read();
    expect(slow).toMatchObject({ requestId: 'req_1', teamId: 'team_1', traceId: place.traceId, provider: 'openai' });
    expect(inside).toMatchObject({ requestId: 'req_1', runId: 'run_1', stepId: 'draft', callId: 'call_1' });
    for (const line of [ofNobody, after]) expect(line).not.toHaveProperty('requestId');
  });

  test('two requests at once never get each other’s ids', async () => {
    const { log, read } = record();
    const serve = (id: number) =>
      inScope({ requestId: `req_${id}` }, async () => {
        for (let turn = 0; turn < 5; turn += 1) {
          await Promise.resolve();
          log.info({ own: `req_${id}` }, 'turn');
        }
      });
    await Promise.all(Array.from({ length: 20 }, (_, id) => serve(id)));
    for (const line of read()) expect(line.requestId).toBe(line.own);
  });
});

describe('secrets', () => {
  const canary = 'plain-looking-canary';
  test.each([
    ['a value that is known', { url: `https://x/?k=${canary}` }],
    ['a known value in a stack', { error: new Error(`refused ${canary}`).stack }],
    ['a key by its shape', { error: 'bad key sk-proj-abcdefghijklmnop1234' }],
    ['a bearer', { error: 'sent Authorization: Bearer abcdefghijk.lmnop' }],
    ['a password in a URL', { error: 'postgresql://app:hunter22@db/x' }],
    ['a field by its name', { headers: { authorization: 'opaque-value-1', 'X-Api-Key': 'opaque-value-2' } }],
    ['a field by its name, deep down', { a: { b: [{ apiKey: 'opaque-"quoted\\ value' }] } }],
  ])('%s does not come into the log', (_what, fields) => {
    const { log, lines, read } = record([canary]);
    log.error(fields, `failed with ${canary}`);
    expect(read()).toHaveLength(1);
    for (const hidden of [canary, 'abcdefghijk', 'hunter22', 'opaque-']) expect(lines.join('')).not.toContain(hidden);
    expect(lines.join('')).toContain('[redacted]');
  });

  test('whatever the secret is, its line stays JSON and does not hold it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 40 }), fc.string(), (secret, rest) => {
        fc.pre(!'[redacted]'.includes(secret) && !rest.includes(secret) && !secret.includes('redacted'));
        const { log, lines } = record([secret]);
        log.info({ value: `${rest} ${secret} ${rest}`, plain: 1 }, 'x');
        const line = JSON.parse(lines[0] ?? '');
        expect(line.plain).toBe(1);
        expect(line.value).not.toContain(secret);
      }),
    );
  });

  test('those of the settings are known', () => {
    const settings = readSettings(
      {
        OPENAI_API_KEY: 'openai-key-canary',
        SWITCHYARD_SECRET: 'x'.repeat(32),
        DATABASE_URL: 'postgresql://app:pass%20canary@db/x',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=otlp-canary',
        MY_VENDOR_TOKEN: 'file-canary',
      },
      '/data',
    );
    expect(secretsOf(settings)).toEqual(
      expect.arrayContaining(['openai-key-canary', 'x'.repeat(32), 'pass canary', 'otlp-canary', 'file-canary']),
    );
  });
});
