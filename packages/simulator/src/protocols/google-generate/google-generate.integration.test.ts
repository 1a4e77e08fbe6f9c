import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../index.ts';
import { fetchLoose, jsonOf, type LooseJson, readStream, sendChat, textOf } from '../../testing/wire-client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
});
afterAll(() => simulator.stop());

const ask = async (call: LooseJson = {}): Promise<LooseJson> =>
  (await sendChat(simulator, { vendor: 'google', ...call })).json();

test('every chunk has usage, the last the finish reason; no [DONE]', async () => {
  const response = await sendChat(simulator, { vendor: 'google', stream: true });
  const raw = await response.clone().text();
  expect(raw.startsWith('data: {')).toBe(true);
  expect(raw.endsWith('}\r\n\r\n')).toBe(true);
  expect(raw).not.toContain('[DONE]');
  const stream = await readStream(response);
  const chunks = jsonOf(stream);
  expect(
    chunks.every((chunk) => chunk.usageMetadata.promptTokenCount > 0 && chunk.modelVersion === 'gemini-2.5-flash-lite'),
  ).toBe(true);
  expect(chunks.map((chunk) => chunk.candidates[0].finishReason).filter(Boolean)).toEqual(['STOP']);
  expect(chunks.at(-1).candidates[0].finishReason).toBe('STOP');
  expect((await ask()).candidates[0].content.parts[0].text).toBe(textOf(stream));
});

test('thoughts are counted apart and shown on demand', async () => {
  const hidden = await ask({ model: 'gemini-2.5-pro' });
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, totalTokenCount } = hidden.usageMetadata;
  expect(thoughtsTokenCount).toBeGreaterThan(10);
  expect(totalTokenCount).toBe(promptTokenCount + candidatesTokenCount + thoughtsTokenCount);
  expect(hidden.candidates[0].content.parts).toHaveLength(1);
  const shown = await ask({
    model: 'gemini-2.5-pro',
    body: { generationConfig: { thinkingConfig: { includeThoughts: true } } },
  });
  expect(shown.candidates[0].content.parts[0].thought).toBe(true);
  const none = await ask({
    model: 'gemini-2.5-flash',
    body: { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } },
  });
  expect(none.usageMetadata.thoughtsTokenCount).toBeUndefined();
});

test('function calls come whole; schema in upper-case types', async () => {
  const functionDeclarations = [
    {
      name: 'get_weather',
      description: 'weather',
      parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] },
    },
  ];
  const call = { prompt: 'weather in Oslo and Rome', body: { tools: [{ functionDeclarations }] } };
  const stream = jsonOf(await readStream(await sendChat(simulator, { vendor: 'google', stream: true, ...call })));
  const calls = stream.flatMap((chunk) => chunk.candidates[0].content?.parts ?? []).filter((part) => part.functionCall);
  expect(calls.map((part) => part.functionCall.args)).toEqual([{ city: 'Oslo' }, { city: 'Rome' }]);
  const responseSchema = {
    type: 'ARRAY',
    minItems: 2,
    items: { type: 'OBJECT', properties: { score: { type: 'NUMBER' } }, required: ['score'] },
  };
  const structured = await ask({
    body: { generationConfig: { responseMimeType: 'application/json', responseSchema } },
  });
  const value = JSON.parse(structured.candidates[0].content.parts[0].text);
  expect(value.length).toBeGreaterThanOrEqual(2);
  expect(value[0].score).toEqual(expect.any(Number));
});

test('limits, blocked prompts and the array form', async () => {
  expect((await ask({ body: { generationConfig: { maxOutputTokens: 8 } } })).candidates[0].finishReason).toBe(
    'MAX_TOKENS',
  );
  const blocked = await ask({ prompt: 'trigger safety filter' });
  expect(blocked.promptFeedback.blockReason).toBe('PROHIBITED_CONTENT');
  expect(blocked.candidates).toBeUndefined();
  const url = `${simulator.baseUrls.google}/v1beta/models/gemini-2.5-flash-lite:streamGenerateContent?key=k`;
  const body = JSON.stringify({ contents: [{ parts: [{ text: 'Explain tides' }] }] });
  const array = await (await fetchLoose(url, { method: 'POST', body })).json();
  expect(array.at(-1).candidates[0].finishReason).toBe('STOP');
});

test('a bad key is 400, a missing one 403, an unknown model 404', async () => {
  const bad = await sendChat(simulator, { vendor: 'google', key: 'invalid' });
  expect(bad.status).toBe(400);
  expect((await bad.json()).error).toMatchObject({
    code: 400,
    status: 'INVALID_ARGUMENT',
    details: [{ reason: 'API_KEY_INVALID' }, {}],
  });
  expect((await sendChat(simulator, { vendor: 'google', key: '' })).status).toBe(403);
  expect((await sendChat(simulator, { vendor: 'google', model: 'gemini-0' })).status).toBe(404);
});

test('models, countTokens and embedContent', async () => {
  const base = `${simulator.baseUrls.google}/v1beta`;
  const headers = { 'x-goog-api-key': 'k' };
  const { models } = await (await fetchLoose(`${base}/models`, { headers })).json();
  expect(models.map((model: LooseJson) => model.name)).toContain('models/gemini-3.8-flash');
  const post = async (path: string, body: unknown): Promise<LooseJson> =>
    (await fetchLoose(base + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  expect(
    (await post('/models/gemini-2.5-pro:countTokens', { contents: [{ parts: [{ text: 'hello' }] }] })).totalTokens,
  ).toBeGreaterThan(0);
  expect(
    (await post('/models/gemini-embedding-001:embedContent', { content: { parts: [{ text: 'hello' }] } })).embedding
      .values,
  ).toHaveLength(3072);
});
