import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LooseJson } from '../../testing/graph-client.ts';
import { fetchOpenAi } from '../../testing/openai-client.ts';
import { createKey } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { testOwner } from '../../testing/test-settings.ts';

const user = { role: 'user', content: 'Hello.' };
const basic = { model: 'openai/gpt-4o-mini', messages: [user] };
const tool = { type: 'function', function: { name: 'f' } };
const withParts = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const withImage = (url: unknown) => withParts({ type: 'image_url', image_url: { url } });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  expect(server.simulator.control.requests().filter((request) => request.method === 'POST')).toEqual([]);
  await server.stop();
});

const errorOf = async (response: Response): Promise<LooseJson> => ((await response.json()) as LooseJson).error;

describe('requests that cannot be meant are refused before any model is called', () => {
  test.each<[string, object, string | null, RegExp]>([
    ['no model', { model: undefined }, 'model', /model/],
    ['no messages', { messages: [] }, 'messages', /messages/],
    ['only instructions', { messages: [{ role: 'system', content: 'x' }] }, 'messages', /at least one/],
    ['an unknown role', { messages: [{ role: 'wizard', content: 'x' }] }, 'messages.0.role', /system, developer, user/],
    ['several choices', { n: 2 }, 'n', /Only one choice/],
    ['legacy functions', { functions: [{ name: 'f' }] }, 'functions', /use tools/],
    ['a legacy function call', { function_call: 'auto' }, 'function_call', /use tool_choice/],
    ['sound', { modalities: ['text', 'audio'] }, 'modalities.1', /Only text/],
    ['a wrong type', { temperature: 'hot' }, 'temperature', /temperature/],
    ['too hot', { temperature: 3 }, 'temperature', /temperature/],
    ['too many stops', { stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', /stop/],
    ['a custom tool', { tools: [{ type: 'custom', custom: { name: 'f' } }] }, 'tools.0.type', /function/],
    [
      'a choice of no tool',
      { tools: [tool], tool_choice: { type: 'function', function: { name: 'g' } } },
      'tool_choice',
      /"g"/,
    ],
    ['an unknown format', { response_format: { type: 'xml' } }, 'response_format.type', /json_schema/],
    [
      'an unknown part',
      withParts({ type: 'input_audio', input_audio: {} }),
      'messages.0.content.0.type',
      /text or image_url/,
    ],
    ['a local image', withImage('file:///etc/passwd'), 'messages.0.content.0.image_url.url', /http\(s\)/],
    ['broken base64', withImage('data:image/png;base64,no!'), 'messages.0.content.0.image_url.url', /base64/],
    ['not base64', withImage('data:image/png,abc'), 'messages.0.content.0.image_url.url', /data URL/],
    ['a lying image', withImage('data:image/png;base64,AAAA'), 'messages.0.content.0.image_url.url', /not an image/],
    [
      'an answer to no call',
      { messages: [user, { role: 'tool', tool_call_id: 'c1', content: 'x' }] },
      'messages.1.tool_call_id',
      /"c1"/,
    ],
  ])('%s', async (_what, body, param, message) => {
    const response = await fetchOpenAi(server, 'chat/completions', { ...basic, ...body });
    expect(response.status).toBe(400);
    const error = await errorOf(response);
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
    expect(error.message).toMatch(message);
  });

  test.each<[string, string | object, Record<string, string>, number]>([
    ['not JSON', '{"model":', {}, 400],
    ['not an object', '[]', {}, 400],
    ['a form', 'model=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', JSON.stringify(basic), { 'content-type': 'text/plain' }, 415],
  ])('%s', async (_what, body, headers, status) => {
    const response = await fetchOpenAi(server, 'chat/completions', body, headers);
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error' });
  });

  test('a body beyond the limit', async () => {
    const response = await fetchOpenAi(server, 'chat/completions', `"${'x'.repeat(64 * 1024 * 1024)}"`);
    expect(response.status).toBe(413);
    expect((await errorOf(response)).message).toContain('64 MB');
  });
});

describe('identity', () => {
  test.each(['', 'Bearer sk-unknown', 'Basic c2s6c2s='])('"%s" is nobody', async (authorization) => {
    for (const [path, body] of [['chat/completions', basic], ['models'], ['anything']] as const) {
      const response = await fetchOpenAi(server, path, body, { authorization });
      expect(response.status).toBe(401);
      expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key' });
    }
  });

  test('a session is not accepted here', async () => {
    const signedIn = await fetch(`${server.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify(testOwner),
    });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    expect(cookie).not.toBe('');
    const response = await fetchOpenAi(server, 'models', undefined, { authorization: '', cookie });
    expect(response.status).toBe(401);
  });

  test('scopes hold: RUN to ask a model, READ to list them', async () => {
    const { teamId } = await server.services.prisma.apiKey.findFirstOrThrow();
    const reader = await createKey(server.services, { teamId }, ['READ']);
    const runner = await createKey(server.services, { teamId }, ['RUN']);
    const status = async (key: string, path: string, body?: object) =>
      (await fetchOpenAi(server, path, body, { authorization: `Bearer ${key}` })).status;
    expect(await status(reader.key, 'models')).toBe(200);
    expect(await status(reader.key, 'chat/completions', basic)).toBe(403);
    expect(await status(runner.key, 'models')).toBe(403);
  });
});

test('a failure of our own is told in the same form, without its details', async () => {
  vi.spyOn(server.services.identities, 'resolve').mockRejectedValueOnce(new Error('password=hunter2'));
  const response = await fetchOpenAi(server, 'chat/completions', basic);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
  const error = await errorOf(response);
  expect(error).toMatchObject({ type: 'server_error', code: 'internal' });
  expect(JSON.stringify(error)).not.toContain('hunter2');
});

test('paths and methods that do not exist are told apart', async () => {
  const missing = await fetchOpenAi(server, 'completions', basic);
  expect([missing.status, (await errorOf(missing)).code]).toEqual([404, 'unknown_url']);
  const wrong = await fetchOpenAi(server, 'chat/completions');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
});

test('a model id may be written with its slash', async () => {
  for (const id of ['openai/gpt-4o-mini', 'openai%2Fgpt-4o-mini']) {
    const found = await fetchOpenAi(server, `models/${id}`);
    expect(await found.json()).toMatchObject({ id: 'openai/gpt-4o-mini', object: 'model', owned_by: 'openai' });
  }
  for (const id of ['openai/nothing', '%', 'nothing']) {
    expect((await fetchOpenAi(server, `models/${id}`)).status).toBe(404);
  }
});
