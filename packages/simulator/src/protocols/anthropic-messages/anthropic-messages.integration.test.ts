import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../index.ts';
import { fetchLoose, jsonOf, type LooseJson, readStream, sendChat, textOf } from '../../testing/wire-client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
});
afterAll(() => simulator.stop());

const ask = async (call: LooseJson = {}): Promise<LooseJson> =>
  (await sendChat(simulator, { vendor: 'anthropic', ...call })).json();

test('events of a streamed message, their names equal to their types', async () => {
  const response = await sendChat(simulator, { vendor: 'anthropic', stream: true });
  expect(response.headers.get('request-id')).toMatch(/^req_011C/);
  expect(response.headers.get('anthropic-ratelimit-output-tokens-reset')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const stream = await readStream(response);
  const names = stream.events.map(({ event }) => event);
  expect(names.slice(0, 3)).toEqual(['message_start', 'content_block_start', 'ping']);
  expect(names.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
  const events = jsonOf(stream);
  expect(events.every((event, index) => event.type === names[index])).toBe(true);
  expect(events[0].message).toMatchObject({
    type: 'message',
    role: 'assistant',
    content: [],
    stop_reason: null,
    model: 'claude-haiku-4-5-20251001',
  });
  expect(events[0].message.usage.output_tokens).toBeLessThan(5);
  const last = events.at(-2);
  expect(last.delta).toEqual({ stop_reason: 'end_turn', stop_sequence: null });
  expect(last.usage.output_tokens).toBeGreaterThan(50);
  expect((await ask()).content[0].text).toBe(textOf(stream));
});

test('thinking block with signature before the text, counted in output tokens', async () => {
  const body = { max_tokens: 8000, thinking: { type: 'enabled', budget_tokens: 2048 } };
  const events = jsonOf(
    await readStream(
      await sendChat(simulator, { vendor: 'anthropic', model: 'claude-sonnet-4-5', stream: true, body }),
    ),
  );
  const starts = events.filter((event) => event.type === 'content_block_start');
  expect(starts.map((event) => event.content_block.type)).toEqual(['thinking', 'text']);
  const kinds = events
    .filter((event) => event.type === 'content_block_delta' && event.index === 0)
    .map((event) => event.delta.type);
  expect(new Set(kinds.slice(0, -1))).toEqual(new Set(['thinking_delta']));
  expect(kinds.at(-1)).toBe('signature_delta');
  expect(events.at(-2).usage.output_tokens_details.thinking_tokens).toBeGreaterThan(10);
});

test('tool use: input as JSON fragments, stop reason tool_use', async () => {
  const tools = [
    {
      name: 'get_weather',
      description: 'weather',
      input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ];
  const prompt = 'What is the weather in Oslo?';
  const events = jsonOf(
    await readStream(await sendChat(simulator, { vendor: 'anthropic', stream: true, prompt, body: { tools } })),
  );
  expect(events.find((event) => event.type === 'content_block_start').content_block).toMatchObject({
    type: 'tool_use',
    name: 'get_weather',
    input: {},
  });
  const json = events.map((event) => event.delta?.partial_json ?? '').join('');
  expect(JSON.parse(json)).toEqual({ city: 'Oslo' });
  expect(events.at(-2).delta.stop_reason).toBe('tool_use');
  const answered = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '12 degrees' }] },
  ];
  expect((await ask({ body: { tools, messages: answered } })).content[0].text).toContain('12 degrees');
});

test('cache control: written the first time, read the second, excluded from input_tokens', async () => {
  const system = [
    { type: 'text', text: 'You are helpful. '.repeat(600), cache_control: { type: 'ephemeral', ttl: '1h' } },
  ];
  const call = { model: 'claude-sonnet-4-5', body: { system } };
  const first = (await ask(call)).usage;
  expect(first.cache_creation_input_tokens).toBeGreaterThan(1024);
  expect(first.cache_creation.ephemeral_1h_input_tokens).toBe(first.cache_creation_input_tokens);
  expect(first.cache_read_input_tokens).toBe(0);
  const second = (await ask(call)).usage;
  expect(second).toMatchObject({
    cache_read_input_tokens: first.cache_creation_input_tokens,
    cache_creation_input_tokens: 0,
    input_tokens: first.input_tokens,
  });
});

describe('prefill', () => {
  const messages = (content: string): unknown => [
    { role: 'user', content: 'Explain tides to a child' },
    { role: 'assistant', content },
  ];

  test('goes on with the text', async () => {
    const whole = (await ask({ model: 'claude-sonnet-4-5' })).content[0].text as string;
    const beginning = whole.slice(0, 80).trimEnd();
    const rest = (await ask({ model: 'claude-sonnet-4-5', body: { messages: messages(beginning) } })).content[0]
      .text as string;
    expect(`${beginning} ${rest}`.replace(/\s+/g, ' ')).toBe(whole.replace(/\s+/g, ' '));
  });

  test('is refused by newer models, with thinking, and with trailing space', async () => {
    const refused = await ask({ model: 'claude-opus-5-5', body: { messages: messages('Tides') } });
    expect(refused.error.message).toBe(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
    expect((await ask({ body: { messages: messages('Tides ') } })).error.message).toContain('trailing whitespace');
  });
});

test.each([
  ['no max_tokens', { body: { max_tokens: undefined } }, 400, 'invalid_request_error', 'max_tokens: Field required'],
  [
    'too many',
    { body: { max_tokens: 1e6 } },
    400,
    'invalid_request_error',
    'max_tokens: 1000000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001',
  ],
  ['unknown model', { model: 'claude-0' }, 404, 'not_found_error', 'model: claude-0'],
  ['rejected key', { key: 'bad' }, 401, 'authentication_error', 'invalid x-api-key'],
  [
    'too long',
    { prompt: 'word '.repeat(200_000) },
    400,
    'invalid_request_error',
    expect.stringMatching(/^prompt is too long: \d+ tokens > 200000 maximum$/),
  ],
  [
    'manual thinking on an adaptive model',
    { model: 'claude-sonnet-5', body: { thinking: { type: 'enabled', budget_tokens: 1024 } } },
    400,
    'invalid_request_error',
    expect.stringContaining('thinking.type.adaptive'),
  ],
])('refuses: %s', async (_name, call, status, type, message) => {
  const response = await sendChat(simulator, { vendor: 'anthropic', ...(call as object) });
  expect(response.status).toBe(status);
  const body = await response.json();
  expect(body).toEqual({ type: 'error', error: { type, message }, request_id: response.headers.get('request-id') });
});

test('needs the version header; stop sequences and limits have their reasons; models are listed', async () => {
  const url = simulator.baseUrls.anthropic;
  const headers = { 'x-api-key': 'k' };
  expect((await fetchLoose(`${url}/v1/messages`, { method: 'POST', headers, body: '{}' })).status).toBe(400);
  expect(await ask({ body: { stop_sequences: ['.'] } })).toMatchObject({
    stop_reason: 'stop_sequence',
    stop_sequence: '.',
  });
  expect(await ask({ body: { max_tokens: 9 } })).toMatchObject({ stop_reason: 'max_tokens' });
  expect(await ask({ prompt: 'trigger content policy' })).toMatchObject({ stop_reason: 'refusal' });
  const models = await (await fetchLoose(`${url}/v1/models?limit=2`, { headers })).json();
  expect(models).toMatchObject({ has_more: true, data: [{ type: 'model' }, { type: 'model' }] });
});
