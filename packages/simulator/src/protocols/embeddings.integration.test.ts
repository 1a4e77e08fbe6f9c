import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type FaultInput, type Simulator, startSimulator } from '../index.ts';
import { fetchLoose, type LooseJson, type LooseResponse } from '../testing/wire-client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
});
afterEach(() => simulator.control.reset());
afterAll(() => simulator.stop());

const models = {
  openai: 'text-embedding-3-small',
  google: 'gemini-embedding-001',
  ollama: 'nomic-embed-text',
  huggingface: 'BAAI/bge-m3',
  cohere: 'embed-v4.0',
  custom: 'demo-embedding',
} as const;
type Vendor = keyof typeof models;

function post(vendor: Vendor, inputs: readonly unknown[], more: LooseJson = {}): Promise<LooseResponse> {
  const base = simulator.baseUrls[vendor];
  const send = (url: string, headers: Record<string, string>, body: unknown) =>
    fetchLoose(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (vendor !== 'google')
    return send(`${base}/embeddings`, { authorization: 'Bearer k' }, { model: models[vendor], input: inputs, ...more });
  const requests = inputs.map((text) => ({ content: { parts: [{ text }] }, ...more }));
  return send(`${base}/v1beta/models/${models.google}:batchEmbedContents`, { 'x-goog-api-key': 'k' }, { requests });
}
const vectorsOf = (body: LooseJson): number[][] =>
  body.embeddings?.map((entry: LooseJson) => entry.values) ?? body.data.map((row: LooseJson) => row.embedding);
const tokensOf = (body: LooseJson): number | undefined =>
  body.usage?.prompt_tokens ?? body.usageMetadata?.promptTokenCount;
const dot = (left: number[] = [], right: number[] = []) =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);

describe.each(Object.keys(models) as Vendor[])('%s', (vendor) => {
  test('gives each text the same unit vector every time, like texts near, and counts tokens', async () => {
    const texts = ['tides and the moon', 'the moon moves tides', 'quarterly invoice totals'];
    const body = await (await post(vendor, texts)).json();
    const [tides, moon, invoice] = vectorsOf(body);
    expect(dot(tides, tides)).toBeCloseTo(1, 4);
    expect(dot(tides, moon)).toBeGreaterThan(dot(tides, invoice) + 0.2);
    expect(tokensOf(body)).toBeGreaterThan(8);
    expect(vectorsOf(await (await post(vendor, texts)).json())).toEqual(vectorsOf(body));
    expect(simulator.control.requests().at(-1)).toMatchObject({ outcome: 'completed', model: models[vendor] });
  });

  test('meets faults of the path embeddings, and no others', async () => {
    const answer = async (fault: FaultInput) => {
      simulator.control.reset();
      simulator.control.addFault(fault);
      return post(vendor, ['x']).catch(() => undefined);
    };
    expect((await answer({ kind: 'error', code: 'overloaded' }))?.status).toBe(200);
    expect((await answer({ kind: 'error', code: 'rate-limit', path: 'embeddings' }))?.status).toBe(429);
    expect(await answer({ kind: 'reset', path: 'embeddings' })).toBeUndefined();
    const cut = await answer({ kind: 'cut', path: 'embeddings' });
    await expect(cut?.json()).rejects.toThrow();
    const garbled = await answer({ kind: 'malformed', path: 'embeddings' });
    await expect(garbled?.json()).rejects.toThrow();
    expect(tokensOf(await (await answer({ kind: 'missing-usage', path: 'embeddings' }))?.json())).toBeUndefined();
    expect(simulator.control.requests()).toHaveLength(1);
  });
});

test('OpenAI takes base64, fewer dimensions and token ids, and refuses what is too much', async () => {
  const floats = vectorsOf(await (await post('openai', ['hello'], { dimensions: 64 })).json())[0] ?? [];
  const [row] = (await (await post('openai', ['hello'], { dimensions: 64, encoding_format: 'base64' })).json()).data;
  expect([...new Float32Array(new Uint8Array(Buffer.from(row.embedding, 'base64')).buffer)]).toEqual(floats);
  expect((await (await post('openai', [[1, 2, 3]])).json()).usage.prompt_tokens).toBe(3);
  const refused = async (inputs: readonly unknown[], more?: LooseJson) => {
    const answer = await post('openai', inputs, more);
    return [answer.status, (await answer.json()).error.code];
  };
  expect(await refused([])).toEqual([400, null]);
  expect(await refused([''])).toEqual([400, null]);
  expect(await refused(['x'], { dimensions: 4_000 })).toEqual([400, null]);
  expect(await refused(Array.from({ length: 2_049 }, () => 'x'))).toEqual([400, null]);
  expect(await refused([Array.from({ length: 8_193 }, () => 1)])).toEqual([400, 'context_length_exceeded']);
  expect(await refused(['x'], { model: 'gpt-4o' })).toEqual([404, 'model_not_found']);
});
