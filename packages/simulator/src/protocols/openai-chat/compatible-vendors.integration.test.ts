import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../index.ts';
import { fetchLoose, isComplete, jsonOf, readStream, sendChat, textOf } from '../../testing/wire-client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
});
afterAll(() => simulator.stop());

describe.each(['ollama', 'huggingface', 'cohere', 'custom'] as const)('%s', (vendor) => {
  test('streams a complete answer with usage in the right place', async () => {
    const stream = await readStream(await sendChat(simulator, { vendor, stream: true }));
    expect(isComplete(vendor, stream)).toBe(true);
    expect(textOf(stream).length).toBeGreaterThan(100);
    const withUsage = jsonOf(stream).filter((chunk) => chunk.usage != null);
    expect(withUsage).toHaveLength(1);
    const inFinishChunk = vendor === 'huggingface' || vendor === 'cohere';
    expect(withUsage[0].choices).toHaveLength(inFinishChunk ? 1 : 0);
    if (inFinishChunk) expect(withUsage[0].choices[0].finish_reason).toBe('stop');
  });

  test('lists models for a good key and refuses a bad one in its own form', async () => {
    const url = `${simulator.baseUrls[vendor]}/models`;
    const models = await (await fetchLoose(url, { headers: { authorization: 'Bearer good' } })).json();
    expect(models.data.length).toBeGreaterThan(0);
    const refused = await fetchLoose(url, { headers: { authorization: 'Bearer bad-key' } });
    expect(refused.status).toBe(401);
    const body = await refused.json();
    if (vendor === 'huggingface') expect(body).toEqual({ error: 'Invalid username or password.' });
    else if (vendor === 'cohere') expect(body).toMatchObject({ message: 'invalid api token' });
    else expect(body.error.message).toEqual(expect.any(String));
  });
});

test('thinking models show reasoning in their own field', async () => {
  const field = async (vendor: 'ollama' | 'huggingface', model: string, name: string, body = {}): Promise<string> =>
    jsonOf(await readStream(await sendChat(simulator, { vendor, model, stream: true, body })))
      .map((chunk) => chunk.choices[0]?.delta[name] ?? '')
      .join('');
  expect(await field('ollama', 'qwen3:8b', 'reasoning')).not.toBe('');
  expect(await field('huggingface', 'openai/gpt-oss-120b', 'reasoning')).not.toBe('');
  expect(await field('huggingface', 'deepseek-ai/DeepSeek-V3.1', 'reasoning_content')).toBe('');
  expect(
    await field('huggingface', 'deepseek-ai/DeepSeek-V3.1', 'reasoning_content', { reasoning_effort: 'low' }),
  ).not.toBe('');
});

test('ollama works without a key, has no rate headers, lists tags and continues a prefill', async () => {
  const url = `${simulator.baseUrls.ollama}/chat/completions`;
  const ask = async (messages: unknown): Promise<{ response: Response; text: string }> => {
    const response = await fetchLoose(url, { method: 'POST', body: JSON.stringify({ model: 'llama3.2', messages }) });
    return { response, text: (await response.json()).choices[0].message.content };
  };
  const question = { role: 'user', content: 'Explain tides' };
  const { response, text } = await ask([question]);
  expect([...response.headers.keys()].some((name) => name.startsWith('x-ratelimit'))).toBe(false);
  const beginning = text.slice(0, 60);
  expect(beginning + (await ask([question, { role: 'assistant', content: beginning }])).text).toBe(text);
  const tags = await (await fetchLoose(`${simulator.url}/ollama/api/tags`)).json();
  expect(tags.models.map((model: { name: string }) => model.name)).toContain('llama3.2:latest');
});

test('an unknown model is 400 at Hugging Face and 404 elsewhere', async () => {
  const statuses = await Promise.all(
    (['ollama', 'huggingface', 'cohere', 'custom'] as const).map(
      async (vendor) => (await sendChat(simulator, { vendor, model: 'nope' })).status,
    ),
  );
  expect(statuses).toEqual([404, 400, 404, 404]);
});
