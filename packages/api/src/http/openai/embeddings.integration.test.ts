import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { APIError, createOpenAiClient, fetchOpenAi, type OpenAI } from '../../testing/openai-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const model = 'openai/text-embedding-3-small';
const texts = ['tides and the moon', 'the moon moves tides', 'quarterly invoice totals'];

let server: TestServer;
let client: OpenAI;
beforeAll(async () => {
  server = await startTestServer();
  client = createOpenAiClient(server);
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const upstream = () => server.simulator.control.requests().filter((request) => request.method === 'POST');
const dot = (left: readonly number[] = [], right: readonly number[] = []) =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);

async function takeRecords() {
  await server.services.callRecords.flush();
  const rows = await server.services.prisma.callRecord.findMany({ orderBy: { startedAt: 'asc' } });
  await server.services.prisma.callRecord.deleteMany();
  return rows;
}

describe('the official client', () => {
  test('gets vectors with usage, served model and cost, and leaves one record under its request id', async () => {
    await takeRecords();
    const { data, response, request_id } = await client.embeddings.create({ model, input: texts }).withResponse();
    const [tides, moon, invoice] = data.data.map((row) => row.embedding);
    expect([data.object, data.data.map((row) => row.index), tides?.length]).toEqual(['list', [0, 1, 2], 1_536]);
    expect(dot(tides, tides)).toBeCloseTo(1, 4);
    expect(dot(tides, moon)).toBeGreaterThan(dot(tides, invoice) + 0.2);
    expect(data.model).toBe('text-embedding-3-small');
    expect(data.usage.prompt_tokens).toBeGreaterThan(8);
    expect(data.usage.total_tokens).toBe(data.usage.prompt_tokens);
    const costUsd = response.headers.get('x-switchyard-cost-usd');
    expect(Number(costUsd)).toBeCloseTo((data.usage.prompt_tokens * 0.02) / 1e6, 9);
    expect([
      response.headers.get('x-switchyard-provider'),
      response.headers.get('x-switchyard-model'),
      response.headers.get('x-switchyard-origin'),
      response.headers.get('x-switchyard-attempts'),
    ]).toEqual(['openai', model, 'simulated', '1']);
    expect(await takeRecords()).toMatchObject([
      {
        source: 'openai-compatible',
        sourceId: request_id,
        outcome: 'succeeded',
        modelId: model,
        inputTokens: data.usage.prompt_tokens,
        outputTokens: 0,
      },
    ]);
  });

  test('marks its call with tags, role and step, so that the budgets on them count it', async () => {
    await takeRecords();
    const headers = { 'x-switchyard-tags': 'search, eu', 'x-switchyard-role': 'finder', 'x-switchyard-step': 'index' };
    await client.embeddings.create({ model, input: 'tides' }, { headers });
    expect(await takeRecords()).toMatchObject([{ tags: ['search', 'eu'], role: 'finder', stepId: 'index' }]);
  });

  test('gets the same numbers as base64, its default, and as floats', async () => {
    const asked = { model, input: 'tides', dimensions: 64 } as const;
    const floats = await client.embeddings.create({ ...asked, encoding_format: 'float' });
    const decoded = await client.embeddings.create(asked);
    expect(floats.data[0]?.embedding).toHaveLength(64);
    expect(decoded.data[0]?.embedding).toEqual(floats.data[0]?.embedding);
  });

  test.each([
    'google/gemini-embedding-001',
    'cohere/embed-v4.0',
    'ollama/nomic-embed-text',
    'huggingface/BAAI/bge-m3',
    'custom/demo-embedding',
  ])('gets vectors of %s', async (id) => {
    const { data, usage } = await client.embeddings.create({ model: id, input: texts });
    const [tides, moon, invoice] = data.map((row) => row.embedding);
    expect(dot(tides, moon)).toBeGreaterThan(dot(tides, invoice) + 0.2);
    expect(usage.prompt_tokens).toBeGreaterThan(8);
  });

  test('gets a refusal that names other models from a vendor that makes no vectors', async () => {
    const error = await client.embeddings
      .create({ model: 'anthropic/claude-haiku-4-5', input: 'x' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect((error as APIError).message).toContain('openai/text-embedding-3-small');
    expect(upstream()).toHaveLength(0);
  });

  test('is rescued from a failure that passes, and told of one that does not', async () => {
    server.simulator.control.addFault({ kind: 'error', code: 'server', times: 1, path: 'embeddings' });
    const { data, response } = await client.embeddings.create({ model, input: 'x' }).withResponse();
    expect([data.data.length, response.headers.get('x-switchyard-attempts')]).toEqual([1, '2']);
    server.simulator.control.reset();
    server.simulator.control.addFault({ kind: 'error', code: 'quota', path: 'embeddings' });
    const error = await client.embeddings.create({ model, input: 'x' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 429, code: 'insufficient_quota' });
    expect(upstream()).toHaveLength(1);
  });

  test('takes the upstream call with it when it goes away', async () => {
    await takeRecords();
    server.simulator.control.addFault({ kind: 'silent', path: 'embeddings' });
    const gone = new AbortController();
    const asking = client.embeddings.create({ model, input: 'x' }, { signal: gone.signal }).catch((error) => error);
    while (upstream().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    gone.abort();
    expect(await asking).toMatchObject({ message: 'Request was aborted.' });
    for (let turn = 0; turn < 400 && upstream()[0]?.outcome === 'open'; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(upstream()).toMatchObject([{ outcome: 'aborted' }]);
    let records = await takeRecords();
    for (let turn = 0; turn < 100 && records.length === 0; turn += 1) records = await takeRecords();
    expect(records).toMatchObject([{ outcome: 'cancelled' }]);
  });
});

describe('a raw request', () => {
  const post = (body: unknown, headers?: Record<string, string>) => fetchOpenAi(server, 'embeddings', body, headers);

  test('takes token ids, one list or many, and gives floats unless told otherwise', async () => {
    for (const [input, tokens, count] of [
      [[1, 2, 3], 3, 1],
      [[[1, 2], [3]], 3, 2],
    ] as const) {
      const answer = await post({ model, input });
      expect(await answer.json()).toMatchObject({
        data: Array.from({ length: count }, () => ({ embedding: expect.any(Array) })),
        usage: { prompt_tokens: tokens },
      });
    }
  });

  test('tells what happened otherwise than asked', async () => {
    const answer = await post({ model: 'cohere/embed-v4.0', input: 'x', dimensions: 64, user: 'somebody' });
    expect(await answer.json()).toMatchObject({
      switchyard: { model: 'cohere/embed-v4.0', attempts: 1, warnings: [{ setting: 'dimensions' }] },
    });
    expect(upstream()[0]?.body).not.toHaveProperty('user');
  });

  test('counts the usage that nobody reported, and says so', async () => {
    server.simulator.control.addFault({ kind: 'missing-usage', path: 'embeddings' });
    const answer = await post({ model, input: 'x' });
    const body = await answer.json();
    expect(body).toMatchObject({ usage: { prompt_tokens: 8, total_tokens: 8 }, switchyard: { is_estimated: true } });
    expect(Number(answer.headers.get('x-switchyard-cost-usd'))).toBeGreaterThan(0);
  });

  test.each([
    [{ model }, 'input'],
    [{ model, input: '' }, 'input'],
    [{ model, input: [] }, 'input'],
    [{ model, input: ['x', ''] }, 'input.1'],
    [{ model, input: ['x', 7] }, 'input.1'],
    [{ model, input: [[1], 'x'] }, 'input.1'],
    [{ model, input: [[1], [-1]] }, 'input.1.0'],
    [{ model, input: { text: 'x' } }, 'input'],
    [{ model, input: Array.from({ length: 2_049 }, () => 'x') }, 'input'],
    [{ model, input: 'x', dimensions: 0 }, 'dimensions'],
    [{ model, input: 'x', encoding_format: 'hex' }, 'encoding_format'],
    [{ input: 'x' }, 'model'],
    [[], null],
  ])('with %j is refused and shown the place', async (body, param) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { type: string; param: string | null; message: string } };
    expect([error.type, error.param]).toEqual(['invalid_request_error', param]);
    expect(error.message.length).toBeGreaterThan(10);
    expect(upstream()).toHaveLength(0);
  });

  test('for a model nobody offers, without a key, or with GET is refused as chats are', async () => {
    const unknown = await post({ model: 'openai/nothing', input: 'x' });
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
    const stranger = await post({ model, input: 'x' }, { authorization: 'Bearer sk-none' });
    expect(stranger.status).toBe(401);
    const got = await fetchOpenAi(server, 'embeddings');
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    expect(got.headers.get('x-request-id')).toMatch(/^req_/);
  });

  test('to a chat model brings the words of the vendor', async () => {
    const answer = await post({ model: 'openai/gpt-4o', input: 'x' });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
    expect(upstream()).toHaveLength(1);
  });
});

test('no list of models to talk to offers one that makes vectors', () => {
  const offered = server.services.providers.models('team').map(({ modelId }) => modelId);
  expect(offered.filter((id) => id.includes('embed'))).toEqual([]);
});
