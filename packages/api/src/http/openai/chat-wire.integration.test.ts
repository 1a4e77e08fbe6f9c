import type { FaultInput } from '@switchyard/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LooseJson } from '../../testing/graph-client.ts';
import { fetchOpenAi, readEvents } from '../../testing/openai-client.ts';
import { createKey } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const model = 'openai/gpt-4o-mini';
const basic = { model, messages: [{ role: 'user', content: 'Why is the sky blue?' }] };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ deadlines: { firstTokenMs: 1_500, idleMs: 1_000, totalMs: 20_000 } });
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const ask = (body: object, headers?: Record<string, string>) =>
  fetchOpenAi(server, 'chat/completions', { ...basic, ...body }, headers);
const askStream = (body: object = {}) => ask({ stream: true, ...body });
const fault = (input: FaultInput) => server.simulator.control.addFault(input);
const headersOf = (response: Response, ...names: string[]) => names.map((name) => response.headers.get(name));

describe('a stream on the wire', () => {
  test('is framed as OpenAI frames it, with usage and cost in a last chunk', async () => {
    const response = await askStream({ stream_options: { include_usage: true } });
    expect(response.status).toBe(200);
    expect(headersOf(response, 'content-type', 'x-switchyard-provider', 'x-switchyard-origin')).toEqual([
      'text/event-stream; charset=utf-8',
      'openai',
      'simulated',
    ]);
    expect(headersOf(response, 'x-switchyard-model', 'x-accel-buffering')).toEqual([model, 'no']);
    expect(response.headers.get('x-request-id')).toMatch(/^req_\w{26}$/);
    const events = (await readEvents(response)) as LooseJson[];
    expect(events.pop()).toBe('[DONE]');
    const usage = events.pop();
    expect(usage).toMatchObject({
      object: 'chat.completion.chunk',
      choices: [],
      usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) },
      switchyard: { cost_usd: expect.stringMatching(/^0\.0*[1-9]\d*$/) },
    });
    const { prompt_tokens: input, completion_tokens: output } = usage.usage;
    expect(Number(usage.switchyard.cost_usd)).toBeCloseTo((input * 0.15 + output * 0.6) / 1e6, 9);
    expect(events[0].choices).toEqual([
      { index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null },
    ]);
    expect(events.at(-1).choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(events.filter((event) => event.choices[0].finish_reason !== null)).toHaveLength(1);
    expect(events.every((event) => event.usage === null && event.id === usage.id)).toBe(true);
    expect(new Set(events.map((event) => event.model))).toEqual(new Set(['gpt-4o-mini-2024-07-18']));
  });

  test('says nothing of usage when nobody asked', async () => {
    const events = (await readEvents(await askStream())) as LooseJson[];
    expect(events.pop()).toBe('[DONE]');
    expect(events.every((event) => !('usage' in event) && event.choices.length === 1)).toBe(true);
  });

  test.each<[string, FaultInput, string]>([
    ['a cut', { kind: 'cut', afterTokens: 10 }, 'provider_invalid_response'],
    ['a cut just before the end', { kind: 'cut', afterTokens: 1_000_000 }, 'provider_invalid_response'],
    ['silence', { kind: 'stall', afterTokens: 10 }, 'provider_timeout'],
  ])('that fails by %s ends with an error and without [DONE]', async (_what, input, code) => {
    fault(input);
    const response = await askStream({ stream_options: { include_usage: true } });
    expect(response.status).toBe(200);
    const events = (await readEvents(response)) as LooseJson[];
    expect(events.at(-1)).toEqual({ error: { message: expect.any(String), type: 'server_error', param: null, code } });
    expect(events.slice(0, -1).every((event) => event.choices[0].finish_reason === null)).toBe(true);
    expect(events).not.toContain('[DONE]');
  });

  test('that fails before its first word has a status of its own', async () => {
    fault({ kind: 'silent' });
    const response = await askStream();
    expect([response.status, response.headers.get('content-type')]).toEqual([504, 'application/json; charset=utf-8']);
  });

  test('with nothing in it is still a whole answer', async () => {
    fault({ kind: 'content-filter' });
    const events = (await readEvents(await askStream())) as LooseJson[];
    expect(events.map((event) => event.choices?.[0].finish_reason ?? event)).toEqual([
      events[0],
      'content_filter',
      '[DONE]',
    ]);
  });

  test('of a vendor that tells no usage is counted by us, and says so', async () => {
    fault({ kind: 'missing-usage' });
    const events = (await readEvents(await askStream({ stream_options: { include_usage: true } }))) as LooseJson[];
    const counted = { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) };
    expect(events.at(-2)).toMatchObject({ choices: [], usage: counted, switchyard: { is_estimated: true } });
    server.simulator.control.reset();
    fault({ kind: 'missing-usage' });
    const whole = await ask({});
    expect(Number(whole.headers.get('x-switchyard-cost-usd'))).toBeGreaterThan(0);
    expect(await whole.json()).toMatchObject({ usage: counted, switchyard: { is_estimated: true } });
  });

  test('ends within a second when its key is revoked', async () => {
    fault({ kind: 'rate', tokensPerSecond: 20 });
    const { teamId } = await server.services.prisma.apiKey.findFirstOrThrow();
    const { keyId, key } = await createKey(server.services, { teamId }, ['RUN']);
    const response = await ask({ stream: true }, { authorization: `Bearer ${key}` });
    await server.services.prisma.apiKey.update({ where: { id: keyId }, data: { revokedAt: new Date() } });
    const events = (await readEvents(response)) as LooseJson[];
    expect(events.at(-1)).toMatchObject({ error: { code: 'invalid_api_key' } });
  });
});

describe('refusals', () => {
  test('stand where OpenAI puts them', async () => {
    fault({ kind: 'refusal' });
    const whole = (await (await ask({})).json()) as LooseJson;
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: null } });
    expect(whole.choices[0].message.refusal).not.toBe('');
    const events = (await readEvents(await askStream())) as LooseJson[];
    expect(events.at(-2).choices[0].delta.refusal).toMatch(/./);
  });

  test('of parameters are told as warnings', async () => {
    const answer = await ask({ model: 'openai/gpt-5-mini', temperature: 0.2 });
    expect(((await answer.json()) as LooseJson).switchyard.warnings).toMatchObject([{ setting: 'temperature' }]);
  });
});

describe("a provider's failure", () => {
  test.each<[FaultInput, number, string | null, string]>([
    [{ kind: 'error', status: 401 }, 502, 'provider_auth', 'server_error'],
    [{ kind: 'error', status: 500 }, 502, 'provider_error', 'server_error'],
    [{ kind: 'error', status: 503 }, 503, 'provider_overloaded', 'server_error'],
    [{ kind: 'reset' }, 502, 'provider_unreachable', 'server_error'],
    [{ kind: 'silent' }, 504, 'provider_timeout', 'server_error'],
    [{ kind: 'error', code: 'invalid-request' }, 400, null, 'invalid_request_error'],
    [{ kind: 'error', code: 'context-length' }, 400, 'context_length_exceeded', 'invalid_request_error'],
    [{ kind: 'error', code: 'content-filter' }, 400, 'content_filter', 'invalid_request_error'],
    [{ kind: 'error', code: 'model-not-found' }, 404, 'model_not_found', 'invalid_request_error'],
    [{ kind: 'error', code: 'quota' }, 429, 'insufficient_quota', 'insufficient_quota'],
    [{ kind: 'error', status: 429, retryAfterSeconds: 7 }, 429, 'rate_limit_exceeded', 'rate_limit_error'],
  ])('%j is %i %s', async (input, status, code, type) => {
    fault(input);
    for (const stream of [false, true]) {
      const response = await ask({ stream });
      expect(response.status).toBe(status);
      const { error } = (await response.json()) as LooseJson;
      expect(error).toEqual({ message: expect.stringMatching(/./), type, param: null, code });
      expect(headersOf(response, 'x-switchyard-provider', 'x-switchyard-origin')).toEqual(['openai', 'simulated']);
      if (code === 'rate_limit_exceeded') expect(response.headers.get('retry-after')).toBe('7');
    }
  });

  test('is told in its own words', async () => {
    fault({ kind: 'error', status: 400, code: 'context-length', message: 'Too long by 7 tokens.' });
    expect(((await (await ask({})).json()) as LooseJson).error.message).toContain('Too long by 7 tokens.');
  });
});
