import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../index.ts';
import { fetchLoose, jsonOf, readStream, sendChat, textOf } from '../../testing/wire-client.ts';
import { countTokens } from '../../tokens/count-tokens.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
});
afterAll(() => simulator.stop());

describe('streaming', () => {
  test('role chunk, content, finish, usage, [DONE], in this order', async () => {
    const response = await sendChat(simulator, { vendor: 'openai', stream: true });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
    expect(response.headers.get('openai-processing-ms')).toMatch(/^\d+$/);
    expect(response.headers.get('x-ratelimit-reset-tokens')).toMatch(/^(\d+m)?[\d.]+(s|ms)$/);
    expect(response.headers.get('x-switchyard-simulated')).toBe('1');
    const stream = await readStream(response);
    const chunks = jsonOf(stream);
    expect(chunks[0].choices[0]).toEqual({
      index: 0,
      delta: { role: 'assistant', content: '', refusal: null },
      logprobs: null,
      finish_reason: null,
    });
    expect(chunks[0]).toMatchObject({
      object: 'chat.completion.chunk',
      service_tier: 'default',
      model: 'gpt-4o-mini-2024-07-18',
      usage: null,
    });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks.at(-2).choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks.at(-1).choices).toEqual([]);
    expect(chunks.at(-1).usage.completion_tokens).toBe(countTokens(textOf(stream)));
    expect(stream.events.at(-1)?.data).toBe('[DONE]');
  });

  test('no usage anywhere unless asked for', async () => {
    const stream = await readStream(
      await sendChat(simulator, { vendor: 'openai', stream: true, body: { stream_options: null } }),
    );
    expect(jsonOf(stream).some((chunk) => 'usage' in chunk)).toBe(false);
  });

  test('the streamed text is the text of the whole answer', async () => {
    const streamed = textOf(await readStream(await sendChat(simulator, { vendor: 'openai', stream: true })));
    const whole = await (await sendChat(simulator, { vendor: 'openai' })).json();
    expect(whole.choices[0].message.content).toBe(streamed);
    expect(whole.usage.prompt_tokens_details).toEqual({ cached_tokens: 0, audio_tokens: 0 });
  });

  test('parallel tool calls: id and name first, then fragments of arguments that fit the schema', async () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const tools = [
      { type: 'function', function: { name: 'get_weather', description: 'Weather of a city', parameters } },
    ];
    const call = {
      vendor: 'openai',
      stream: true,
      prompt: 'What is the weather in Paris and Rome?',
      body: { tools },
    } as const;
    const chunks = jsonOf(await readStream(await sendChat(simulator, call)));
    const deltas = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(deltas[0]).toMatchObject({ index: 0, type: 'function', function: { name: 'get_weather', arguments: '' } });
    const texts = [0, 1].map((index) =>
      deltas
        .filter((delta) => delta.index === index)
        .map((delta) => delta.function.arguments)
        .join(''),
    );
    expect(texts.map((text) => JSON.parse(text))).toEqual([{ city: 'Paris' }, { city: 'Rome' }]);
    expect(chunks.some((chunk) => chunk.choices[0]?.finish_reason === 'tool_calls')).toBe(true);
    const single = jsonOf(
      await readStream(await sendChat(simulator, { ...call, body: { tools, parallel_tool_calls: false } })),
    );
    expect(
      single.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []).every((delta) => delta.index === 0),
    ).toBe(true);
  });
});

describe('parameters', () => {
  const refused = async (model: string, body: Record<string, unknown>): Promise<unknown> => {
    const response = await sendChat(simulator, { vendor: 'openai', model, body });
    return { status: response.status, ...(await response.json()).error };
  };

  test('reasoning models refuse max_tokens and temperature', async () => {
    for (const model of ['gpt-5', 'gpt-6-sol', 'o4-mini']) {
      expect(await refused(model, { max_tokens: 10 })).toEqual({
        status: 400,
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        type: 'invalid_request_error',
        param: 'max_tokens',
        code: 'unsupported_parameter',
      });
      expect(await refused(model, { temperature: 0.2 })).toMatchObject({
        status: 400,
        param: 'temperature',
        code: 'unsupported_value',
      });
    }
  });

  test('a limit ends the answer with finish reason length, reasoning counted in', async () => {
    const old = await (await sendChat(simulator, { vendor: 'openai', body: { max_tokens: 12 } })).json();
    expect(old.choices[0].finish_reason).toBe('length');
    expect(old.usage.completion_tokens).toBe(12);
    const reasoning = await (
      await sendChat(simulator, { vendor: 'openai', model: 'gpt-5', body: { max_completion_tokens: 20 } })
    ).json();
    expect(reasoning.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: '' } });
    expect(reasoning.usage).toMatchObject({
      completion_tokens: 20,
      completion_tokens_details: { reasoning_tokens: 20 },
    });
  });

  test('reasoning effort moves reasoning tokens', async () => {
    const tokens = async (effort: string): Promise<number> => {
      const body = await (
        await sendChat(simulator, { vendor: 'openai', model: 'gpt-5', body: { reasoning_effort: effort } })
      ).json();
      return body.usage.completion_tokens_details.reasoning_tokens;
    };
    expect(await tokens('minimal')).toBe(0);
    expect(await tokens('high')).toBeGreaterThan(await tokens('low'));
  });

  test('n, stop and seed', async () => {
    const several = await (await sendChat(simulator, { vendor: 'openai', body: { n: 3 } })).json();
    expect(several.choices.map((choice: { index: number }) => choice.index)).toEqual([0, 1, 2]);
    expect(
      new Set(several.choices.map((choice: { message: { content: string } }) => choice.message.content)).size,
    ).toBe(3);
    const stopped = await (await sendChat(simulator, { vendor: 'openai', body: { stop: ['.'] } })).json();
    expect(stopped.choices[0].message.content).not.toContain('.');
    const [first, second, other] = await Promise.all(
      [7, 7, 8].map(
        async (seed) =>
          (await (await sendChat(simulator, { vendor: 'openai', body: { seed } })).json()).choices[0].message.content,
      ),
    );
    expect(first).toBe(second);
    expect(first).not.toBe(other);
  });

  test('json_schema gives JSON that fits', async () => {
    const schema = {
      type: 'object',
      properties: { rating: { type: 'integer', minimum: 1, maximum: 5 }, tone: { enum: ['kind', 'harsh'] } },
      required: ['rating', 'tone'],
    };
    const response_format = { type: 'json_schema', json_schema: { name: 'review', strict: true, schema } };
    const body = await (await sendChat(simulator, { vendor: 'openai', body: { response_format } })).json();
    const value = JSON.parse(body.choices[0].message.content);
    expect(value.rating).toBeGreaterThanOrEqual(1);
    expect(value.rating).toBeLessThanOrEqual(5);
    expect(['kind', 'harsh']).toContain(value.tone);
  });

  test('a long repeated prompt is served from the cache in steps of 128', async () => {
    const prompt = 'The quick brown fox jumps over the lazy dog. '.repeat(200);
    const cached = async (): Promise<number> =>
      (await (await sendChat(simulator, { vendor: 'openai', prompt })).json()).usage.prompt_tokens_details
        .cached_tokens;
    expect(await cached()).toBe(0);
    const second = await cached();
    expect(second).toBeGreaterThan(1024);
    expect(second % 128).toBe(0);
  });
});

describe('refusals', () => {
  test.each([
    ['unknown model', { model: 'gpt-99' }, 404, 'model_not_found'],
    ['rejected key', { key: 'sk-invalid-key-0000' }, 401, 'invalid_api_key'],
    ['context too long', { prompt: 'word '.repeat(140_000) }, 400, 'context_length_exceeded'],
    ['no messages', { body: { messages: [] } }, 400, null],
    ['wrong role', { body: { messages: [{ role: 'boss', content: 'x' }] } }, 400, null],
    ['policy', { model: 'gpt-5', prompt: 'trigger content policy' }, 400, 'invalid_prompt'],
  ])('%s', async (_name, call, status, code) => {
    const response = await sendChat(simulator, { vendor: 'openai', ...call });
    expect(response.status).toBe(status);
    expect((await response.json()).error).toMatchObject({ type: 'invalid_request_error', code });
  });

  test('older models fill the refusal field', async () => {
    const body = await (await sendChat(simulator, { vendor: 'openai', prompt: 'trigger content policy' })).json();
    expect(body.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: null, refusal: expect.stringContaining('sorry') },
    });
  });

  test('no key and no JSON', async () => {
    const url = `${simulator.baseUrls.openai}/chat/completions`;
    expect((await fetchLoose(url, { method: 'POST', body: '{}' })).status).toBe(401);
    const broken = await fetchLoose(url, { method: 'POST', body: '{"model":', headers: { authorization: 'Bearer k' } });
    expect(broken.status).toBe(400);
  });

  test('models and embeddings', async () => {
    const headers = { authorization: 'Bearer k' };
    const models = await (await fetchLoose(`${simulator.baseUrls.openai}/models`, { headers })).json();
    expect(models.data.map((model: { id: string }) => model.id)).toContain('gpt-6-sol');
    const embed = async (input: string): Promise<number[]> => {
      const body = JSON.stringify({ model: 'text-embedding-3-small', input, dimensions: 256 });
      return (
        await (await fetchLoose(`${simulator.baseUrls.openai}/embeddings`, { method: 'POST', headers, body })).json()
      ).data[0].embedding;
    };
    const dot = (left: number[], right: number[]): number =>
      left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
    const [tides, moon, invoice] = [
      await embed('tides and the moon'),
      await embed('the moon moves tides'),
      await embed('quarterly invoice totals'),
    ];
    expect(dot(tides, tides)).toBeCloseTo(1, 4);
    expect(dot(tides, moon)).toBeGreaterThan(dot(tides, invoice));
  });
});
