import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createOpenAiClient, type OpenAI } from '../../testing/openai-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const model = 'openai/gpt-4o-mini';
const messages = [{ role: 'user' as const, content: 'Why is the sky blue?' }];
let server: TestServer;
let client: OpenAI;
beforeAll(async () => {
  server = await startTestServer();
  client = createOpenAiClient(server);
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const upstream = () => server.simulator.control.requests().filter((request) => request.method === 'POST');

/** The records of the calls that were made since the last time this was asked. */
async function takeRecords() {
  await server.services.callRecords.flush();
  const rows = await server.services.prisma.callRecord.findMany({ orderBy: { startedAt: 'asc' } });
  await server.services.prisma.callRecord.deleteMany();
  return rows;
}

describe('models', () => {
  test('can be listed and looked up', async () => {
    const listed: OpenAI.Model[] = [];
    for await (const entry of client.models.list()) listed.push(entry);
    expect(listed.length).toBeGreaterThan(10);
    // Seven vendors, and Switchyard's own names: auto and the roles.
    expect(new Set(listed.map((entry) => entry.owned_by)).size).toBe(8);
    expect(listed.filter((entry) => entry.owned_by === 'switchyard').map(({ id }) => id)).toContain('auto');
    const found = await client.models.retrieve(model);
    expect(found).toMatchObject({
      id: model,
      object: 'model',
      owned_by: 'openai',
      switchyard: { origin: 'simulated' },
    });
    expect(listed).toContainEqual(found);
    await expect(client.models.retrieve('openai/nothing')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });

  test('of every provider answer, whole and streamed', async () => {
    const { providers } = server.services;
    for (const instance of providers.instances) {
      const id = providers.modelsOf(instance)[0]?.modelId ?? '';
      const whole = await client.chat.completions.create({ model: id, messages });
      expect(whole.choices[0]?.message.content, id).not.toBe('');
      const streamed = await client.chat.completions.stream({ model: id, messages }).finalContent();
      expect(streamed, id).not.toBe('');
    }
    expect(new Set(upstream().map((request) => request.vendor)).size).toBe(7);
  });
});

describe('errors', () => {
  test('a bad key', async () => {
    const stranger = createOpenAiClient(server, { apiKey: 'sk-wrong' });
    const asking = stranger.chat.completions.create({ model, messages });
    await expect(asking).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
    await expect(asking).rejects.not.toThrow(/sk-wrong/);
    expect(upstream()).toEqual([]);
  });

  test('an unknown model', async () => {
    await expect(client.chat.completions.create({ model: 'openai/gpt-99', messages })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
      message: expect.stringContaining('offers no model "gpt-99"'),
    });
  });

  test('a rate limit says when to come back, and the client does', async () => {
    server.simulator.control.addFault({ kind: 'error', status: 429, retryAfterSeconds: 1, times: 1 });
    const patient = createOpenAiClient(server, { maxRetries: 1 });
    const answer = await patient.chat.completions.create({ model, messages });
    expect(answer.choices[0]?.message.content).not.toBe('');
    const [first, second] = upstream();
    expect((second?.startedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThanOrEqual(950);
  });

  test('used-up credit and a refused key of ours are not tried again', async () => {
    const stubborn = createOpenAiClient(server, { maxRetries: 3 });
    for (const [code, status] of [
      ['insufficient_quota', 429],
      ['invalid_api_key', 502],
    ] as const) {
      server.simulator.control.reset();
      server.simulator.control.addFault({
        kind: 'error',
        status: status === 429 ? 429 : 401,
        body: { error: { message: 'No.', type: code, code } },
      });
      await expect(stubborn.chat.completions.create({ model, messages })).rejects.toMatchObject({ status });
      expect(upstream()).toHaveLength(1);
    }
  });
});

describe('a client that goes away', () => {
  test.each([true, false])('takes the upstream call with it (stream: %s)', async (isStream) => {
    await takeRecords();
    server.simulator.control.addFault({ kind: 'stall', afterTokens: 5 });
    const stop = new AbortController();
    const asked = { model, messages };
    const asking = isStream
      ? (async () => {
          const stream = await client.chat.completions.create({ ...asked, stream: true }, { signal: stop.signal });
          for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
        })()
      : client.chat.completions.create(asked, { signal: stop.signal });
    if (!isStream) {
      await expect.poll(() => upstream()[0]?.tokensSent, { interval: 5 }).toBe(5);
      stop.abort();
    }
    await asking.then(
      () => {},
      () => {},
    );
    await expect.poll(() => upstream()[0]?.outcome, { interval: 5 }).toBe('aborted');
    await expect.poll(async () => (await takeRecords()).map((row) => row.outcome)).toEqual(['cancelled']);
  });
});
