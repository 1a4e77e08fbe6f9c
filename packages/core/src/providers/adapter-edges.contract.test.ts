import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderType } from '../catalog/index.ts';
import { silentLog } from '../kernel/index.ts';
import { systemClock } from '../kernel/system.ts';
import type { ProviderError } from '../spec/index.ts';
import { ask, readParts, summarise } from '../testing/read-parts.ts';
import { startTestServer, type TestServer } from '../testing/replay-server.ts';
import { createModelAdapter, type ProviderConnection, providerProfiles } from './index.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const deps = { clock: systemClock, log: silentLog };
const connect = (type: ProviderType, more: Partial<ProviderConnection> = {}) =>
  createModelAdapter(
    {
      id: `${type}-1`,
      type,
      baseUrl: server?.url ?? 'http://127.0.0.1:9',
      apiKey: 'key-for-this-test-0123456789',
      addressPolicy: 'allow-private',
      ...more,
    },
    deps,
  );

const models: Partial<Record<ProviderType, string>> = {
  openai: 'gpt-4o',
  anthropic: 'claude-haiku-4-5',
  google: 'gemini-2.5-flash',
};
const outcome = async (type: ProviderType, more: Partial<ProviderConnection> = {}) =>
  summarise(await readParts(connect(type, more), ask(models[type] ?? 'm', 'Hello')));

const openAiStream = [
  { choices: [{ index: 0, delta: { content: 'Hi' } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 1 } },
]
  .map((event) => `data: ${JSON.stringify(event)}\n\n`)
  .join('');

const serve = async (handle: (request: IncomingMessage, response: ServerResponse) => void) => {
  server = await startTestServer((request, response) => {
    request.resume();
    request.on('end', () => handle(request, response));
  });
};

describe('createModelAdapter', () => {
  it.each(['openai', 'anthropic', 'google', 'huggingface', 'cohere'] as const)(
    'says which variable to set when %s has no key',
    async (type) => {
      const adapter = createModelAdapter(
        { id: type, type, baseUrl: 'https://example.com', addressPolicy: 'public-only' },
        deps,
      );
      for (const error of [
        (await readParts(adapter, ask('m', 'x'))).thrown,
        await adapter.testConnection(new AbortController().signal).catch((thrown: unknown) => thrown),
      ]) {
        expect((error as ProviderError).details).toMatchObject({
          kind: 'auth',
          providerCode: 'key-missing',
          provider: type,
        });
        expect((error as ProviderError).message).toContain(providerProfiles[type].keyVariable);
        expect((error as ProviderError).message).toContain(providerProfiles[type].keyPageUrl);
      }
    },
  );

  it('refuses an endpoint inside the network before anything is sent', async () => {
    let reached = false;
    await serve((_, response) => {
      reached = true;
      response.end();
    });
    const { thrown } = await readParts(connect('custom', { addressPolicy: 'public-only' }), ask('m', 'x'));
    expect((thrown as ProviderError).details).toMatchObject({
      kind: 'invalid-request',
      providerCode: 'address-refused',
    });
    expect(reached).toBe(false);
  });

  it.each(['openai', 'anthropic', 'google'] as const)('sends %s only its own headers and its own key', async (type) => {
    process.env.OPENAI_CUSTOM_HEADERS = 'x-leak: 1';
    process.env.ANTHROPIC_CUSTOM_HEADERS = 'x-leak: 1';
    process.env.OPENAI_ORG_ID = 'org-leak';
    let headers: IncomingMessage['headers'] = {};
    await serve((request, response) => {
      headers = request.headers;
      response.writeHead(500).end();
    });
    await outcome(type, { headers: { 'X-Team': 'blue' } });
    for (const name of ['OPENAI_CUSTOM_HEADERS', 'ANTHROPIC_CUSTOM_HEADERS', 'OPENAI_ORG_ID']) delete process.env[name];
    const { name, prefix } = providerProfiles[type].keyHeader;
    expect(headers).toMatchObject({
      [name]: `${prefix}key-for-this-test-0123456789`,
      'x-team': 'blue',
      'content-type': 'application/json',
    });
    expect(Object.keys(headers).filter((header) => /leak|stainless|organization|guarded/.test(header))).toEqual([]);
    expect(JSON.stringify(headers)).not.toMatch(/org-leak|kept-by/);
  });

  it('sends no key header to a provider without a key', async () => {
    let headers: IncomingMessage['headers'] = {};
    await serve((request, response) => {
      headers = request.headers;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(openAiStream);
    });
    const adapter = createModelAdapter(
      { id: 'ollama', type: 'ollama', baseUrl: server?.url ?? '', addressPolicy: 'allow-private' },
      deps,
    );
    expect(summarise(await readParts(adapter, ask('m', 'x'))).text).toBe('Hi');
    expect(headers).not.toHaveProperty('authorization');
  });

  it('leaves the global fetch alone', async () => {
    const original = globalThis.fetch;
    let calls = 0;
    globalThis.fetch = (...args) => {
      calls += 1;
      return original(...args);
    };
    try {
      for (const type of ['openai', 'anthropic', 'google'] as const) await outcome(type);
      expect(calls).toBe(0);
    } finally {
      globalThis.fetch = original;
    }
  });

  it('reads a whole answer from an endpoint that does not stream', async () => {
    await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          model: 'm',
          choices: [{ index: 0, message: { content: 'all at once' }, finish_reason: 'stop' }],
        }),
      ),
    );
    expect(await outcome('custom')).toMatchObject({ text: 'all at once', isComplete: true });
  });

  it('tells an error that comes as JSON with status 200', async () => {
    await serve((_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { message: 'Insufficient credits', code: 402 } })),
    );
    expect(await outcome('custom')).toMatchObject({ isThrown: true, errorKind: 'quota' });
  });

  it('uses one connection for one call after another, also when bytes follow the end marker late', async () => {
    const sockets = new Set<Socket>();
    await serve((request, response) => {
      sockets.add(request.socket);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`${openAiStream}data: [DONE]\n\n`);
      setTimeout(() => response.end(': bye\n\n'), 5);
    });
    for (let turn = 0; turn < 4; turn += 1) {
      expect(await outcome('custom')).toMatchObject({ text: 'Hi', isComplete: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(sockets.size).toBe(1);
  });

  it('throws content-filter for a prompt that Gemini refuses with status 200', async () => {
    await serve((_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(
          'data: {"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}}\n\n',
        ),
    );
    expect(await outcome('google')).toMatchObject({ isThrown: true, errorKind: 'content-filter' });
  });

  it('reads events of Anthropic’s format that lack their event line', async () => {
    const events = [
      { type: 'message_start', message: { model: 'c', usage: { input_tokens: 2, output_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
    ];
    await serve((_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')),
    );
    expect(await outcome('anthropic')).toMatchObject({
      text: 'Hi',
      isComplete: true,
      usage: { inputTokens: 2, outputTokens: 3 },
    });
  });

  it('keeps the rate limits that a refusal told, beside the wait', async () => {
    await serve((_, response) =>
      response
        .writeHead(429, {
          'content-type': 'application/json',
          'x-ratelimit-limit-tokens': '1000',
          'x-ratelimit-remaining-tokens': '0',
          'x-ratelimit-reset-tokens': '6m0s',
          'retry-after': '1',
          'retry-after-ms': '2500',
        })
        .end('{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}'),
    );
    const { thrown } = await readParts(connect('openai'), ask('gpt-4o', 'x'));
    expect((thrown as ProviderError).details).toMatchObject({
      kind: 'rate-limit',
      retryAfterMs: 2_500,
      rateLimits: [{ bucket: 'tokens', limit: 1_000, remaining: 0, resetsInMs: 360_000 }],
    });
  });

  it('says where else vectors are made when Hugging Face’s own router is asked', async () => {
    const router = connect('huggingface', { baseUrl: 'https://router.huggingface.co/v1' });
    const error = await router
      .embed?.({ model: 'BAAI/bge-m3', inputs: ['x'] }, new AbortController().signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'invalid-request', message: expect.stringContaining('HF_BASE_URL') });
  });

  it('keeps what it says about a failing endpoint short and free of pages', async () => {
    await serve((_, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end(`<html>${'x'.repeat(500_000)}</html>`),
    );
    const { thrown } = await readParts(connect('custom'), ask('m', 'x'));
    expect((thrown as ProviderError).message).toBe('Custom endpoint answered with status 502.');
  });
});
