import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { APIError, createOpenAiClient, type OpenAI } from '../../testing/openai-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const model = 'openai/gpt-4o-mini';
const messages = [{ role: 'user' as const, content: 'Why is the sky blue?' }];
const png = '89504e470d0a1a0a0000000d49484452';
const imageUrl = `data:image/png;base64,${Buffer.from(png, 'hex').toString('base64')}`;
const weather: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

let server: TestServer;
let client: OpenAI;
beforeAll(async () => {
  server = await startTestServer();
  client = createOpenAiClient(server);
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const upstream = () => server.simulator.control.requests().filter((request) => request.method === 'POST');
const upstreamBody = () => upstream()[0]?.body as Record<string, unknown>;

/** The records of the calls that were made since the last time this was asked. */
async function takeRecords() {
  await server.services.callRecords.flush();
  const rows = await server.services.prisma.callRecord.findMany({ orderBy: { startedAt: 'asc' } });
  await server.services.prisma.callRecord.deleteMany();
  return rows;
}

describe('a whole answer', () => {
  test('comes with served model, usage and cost, and leaves one record under its request id', async () => {
    await takeRecords();
    const { data, response, request_id } = await client.chat.completions.create({ model, messages }).withResponse();
    const [choice] = data.choices;
    expect(choice).toMatchObject({ index: 0, finish_reason: 'stop', message: { role: 'assistant', refusal: null } });
    expect(choice?.message.content?.length).toBeGreaterThan(20);
    expect(data).toMatchObject({ object: 'chat.completion', id: expect.stringMatching(/^chatcmpl-\w{26}$/) });
    expect(data.model).toMatch(/^gpt-4o-mini/);
    const { prompt_tokens: input = 0, completion_tokens: output = 0, total_tokens: total } = data.usage ?? {};
    expect([input > 0, output > 0, total]).toEqual([true, true, input + output]);
    const costUsd = response.headers.get('x-switchyard-cost-usd');
    expect(Number(costUsd)).toBeCloseTo((input * 0.15 + output * 0.6) / 1e6, 9);
    const records = await takeRecords();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ source: 'openai-compatible', sourceId: request_id, outcome: 'succeeded' });
    expect([records[0]?.inputTokens, records[0]?.outputTokens, records[0]?.apiKeyId === null]).toEqual([
      input,
      output,
      false,
    ]);
  });

  test('is made with the parameters that were given', async () => {
    await client.chat.completions.create({
      model,
      messages: [{ role: 'developer', content: 'Be short.' }, ...messages],
      max_completion_tokens: 50,
      temperature: 0.4,
      top_p: 0.9,
      frequency_penalty: 0.1,
      presence_penalty: -0.2,
      seed: 7,
      stop: ['END', 'FIN'],
      user: 'ignored',
      logit_bias: { 50256: -100 },
    });
    expect(upstreamBody()).toMatchObject({
      messages: [{ role: 'system', content: 'Be short.' }, ...messages],
      temperature: 0.4,
      top_p: 0.9,
      frequency_penalty: 0.1,
      presence_penalty: -0.2,
      seed: 7,
      stop: ['END', 'FIN'],
    });
    expect(JSON.stringify(upstreamBody())).toContain('50');
    expect(upstreamBody()).not.toHaveProperty('user');
  });

  test('thinks as hard as it is told to, and says what it thought', async () => {
    const answer = await client.chat.completions.create({
      model: 'anthropic/claude-haiku-4-5',
      messages,
      reasoning_effort: 'high',
    });
    expect(answer.choices[0]?.message).toMatchObject({ reasoning_content: expect.stringMatching(/./) });
    expect(answer.choices[0]?.message.content).not.toBe('');
  });
});

describe('a stream', () => {
  test('brings the same text as the whole answer, and usage when asked for', async () => {
    const whole = await client.chat.completions.create({ model, messages, seed: 3 });
    await takeRecords();
    const runner = client.chat.completions.stream({
      model,
      messages,
      seed: 3,
      stream_options: { include_usage: true },
    });
    let deltas = '';
    runner.on('content', (delta) => {
      deltas += delta;
    });
    const final = await runner.finalChatCompletion();
    expect(final.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: deltas, role: 'assistant' } });
    expect(deltas).toBe(whole.choices[0]?.message.content);
    expect(final.usage?.completion_tokens).toBe(whole.usage?.completion_tokens);
    expect(await takeRecords()).toMatchObject([{ source: 'openai-compatible', outcome: 'succeeded' }]);
  });

  test('of reasoning brings thoughts before the text', async () => {
    const stream = await client.chat.completions.create({
      model: 'anthropic/claude-haiku-4-5',
      messages,
      reasoning_effort: 'high',
      stream: true,
    });
    const seen = new Set<string>();
    for await (const { choices } of stream) {
      const delta = choices[0]?.delta as { content?: string; reasoning_content?: string } | undefined;
      if (delta?.reasoning_content) seen.add('reasoning');
      if (delta?.content) seen.add('content');
    }
    expect([...seen]).toEqual(['reasoning', 'content']);
  });

  test.each([
    ['cut', { kind: 'cut', afterTokens: 10 }],
    ['reset', { kind: 'cut', afterTokens: 10, mode: 'rst' }],
    ['garbage', { kind: 'malformed', afterTokens: 10, fatal: true }],
    ["the provider's own error event", { kind: 'stream-error', afterTokens: 10, message: 'The GPU caught fire.' }],
  ] as const)('that breaks off (%s) is an error and never a clean end', async (what, fault) => {
    await takeRecords();
    server.simulator.control.addFault(fault);
    let text = '';
    const reading = (async () => {
      for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? '';
        expect(chunk.choices[0]?.finish_reason ?? null).toBeNull();
      }
    })();
    const error = await reading.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ type: 'server_error' });
    if (what.includes('own')) expect((error as APIError).message).toContain('The GPU caught fire.');
    expect(text).not.toBe('');
    expect(await takeRecords()).toMatchObject([{ outcome: 'failed' }]);
  });
});

describe('tools', () => {
  const question = { role: 'user' as const, content: 'What is the weather in Paris and Oslo?' };

  test('are called, several at once, and their answers are taken back', async () => {
    const asked = { model, messages: [question], tools: [weather], tool_choice: 'auto' as const };
    const first = await client.chat.completions.create(asked);
    const message = first.choices[0]?.message;
    expect(first.choices[0]?.finish_reason).toBe('tool_calls');
    expect(message?.content).toBeNull();
    const calls = (message?.tool_calls ?? []).filter((call) => call.type === 'function');
    expect(calls.map((call) => JSON.parse(call.function.arguments).city)).toEqual(['Paris', 'Oslo']);
    const results = calls.map((call) => ({ role: 'tool' as const, tool_call_id: call.id, content: 'Sunny.' }));
    const second = await client.chat.completions.create({
      ...asked,
      messages: [question, message as never, ...results],
    });
    expect(second.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(second.choices[0]?.message.content).not.toBe('');
  });

  test.each(['anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'])('go to %s and back', async (other) => {
    const first = await client.chat.completions.create({ model: other, messages: [question], tools: [weather] });
    const message = first.choices[0]?.message;
    const results = (message?.tool_calls ?? []).map(({ id }) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: [{ type: 'text' as const, text: 'Sunny.' }],
    }));
    expect(results.length).toBeGreaterThan(0);
    const second = await client.chat.completions.create({
      model: other,
      messages: [question, message as never, ...results],
      tools: [weather],
    });
    expect(second.choices[0]).toMatchObject({ finish_reason: 'stop' });
  });

  test('come through a stream, one index each', async () => {
    const runner = client.chat.completions.stream({ model, messages: [question], tools: [weather] });
    const final = await runner.finalChatCompletion();
    expect(final.choices[0]?.finish_reason).toBe('tool_calls');
    expect(final.choices[0]?.message.tool_calls).toHaveLength(2);
  });

  test('can be required by name, one at a time', async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [question],
      tools: [weather],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      parallel_tool_calls: false,
    });
    expect(answer.choices[0]?.message.tool_calls).toHaveLength(1);
    expect(upstreamBody()).toMatchObject({
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      parallel_tool_calls: false,
    });
  });
});

describe('structured output', () => {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string' }, people: { type: 'integer' } },
    required: ['city', 'people'],
    additionalProperties: false,
  };

  test.each([model, 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'])('%s keeps to a schema', async (id) => {
    const answer = await client.chat.completions.parse({
      model: id,
      messages: [{ role: 'user', content: 'Name a city and its population as JSON.' }],
      response_format: { type: 'json_schema', json_schema: { name: 'city', schema, strict: true } },
    });
    expect(Object.keys(answer.choices[0]?.message.parsed ?? {}).sort()).toEqual(['city', 'people']);
  });

  test('any JSON', async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Name a city as JSON.' }],
      response_format: { type: 'json_object' },
    });
    expect(typeof JSON.parse(answer.choices[0]?.message.content ?? '')).toBe('object');
  });
});

test('images go along, as data and by address', async () => {
  const web = 'https://example.com/cat.png';
  await client.chat.completions.create({
    model,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What do these show?' },
          { type: 'image_url', image_url: { url: imageUrl, detail: 'low' } },
          { type: 'image_url', image_url: { url: web } },
        ],
      },
    ],
  });
  const sent = JSON.stringify(upstreamBody());
  expect([sent.includes(imageUrl), sent.includes(web)]).toEqual([true, true]);
});
