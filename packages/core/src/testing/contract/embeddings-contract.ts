import { expect, it } from 'vitest';
import { type EmbeddingCall, type ModelAdapter, ProviderError } from '../../spec/index.ts';
import { startTestServer } from '../replay-server.ts';
import { type ContractSubject, canaryKey } from './contract-subject.ts';

/** How texts become vectors, or how a vendor without such a thing says so. */
export function describeEmbeddings(subject: ContractSubject): void {
  const { embeddingModel } = subject;
  const call: EmbeddingCall = {
    model: embeddingModel ?? subject.model,
    inputs: ['tides and the moon', 'the moon moves tides', 'quarterly invoice totals'],
  };
  const embed = (asked: EmbeddingCall = call, adapter: ModelAdapter = subject.adapter(), signal?: AbortSignal) => {
    const { embed: run } = adapter;
    if (!run) throw new Error('The adapter has no embed.');
    return run.call(adapter, asked, signal ?? new AbortController().signal);
  };
  const errorOf = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );
  const inject = (fault: Parameters<typeof subject.inject>[0]) =>
    subject.inject({ ...fault, path: 'embeddings', vendor: subject.vendor });

  if (embeddingModel === undefined) {
    it('refuses embeddings, naming models that make them, without a request', async () => {
      subject.simulator().control.clearRequests();
      const error = await errorOf(embed());
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ kind: 'invalid-request', message: expect.stringContaining('text-embedding-3') });
      expect(subject.simulator().control.requests()).toHaveLength(0);
    });
    return;
  }

  it('gives one vector per input in their order, with usage and request id', async () => {
    const { vectors, usage, warnings, servedModel } = await embed();
    const [tides, moon, invoice] = vectors;
    expect(vectors).toHaveLength(3);
    expect(dot(tides, moon)).toBeGreaterThan(dot(tides, invoice) + 0.2);
    expect(usage).toEqual({ inputTokens: expect.any(Number), outputTokens: 0 });
    expect(usage.inputTokens).toBeGreaterThan(8);
    expect(warnings).toEqual([]);
    if (servedModel !== undefined) expect(servedModel).toBe(embeddingModel);
  });

  it('splits what is too much for one request, and counts all of it', async () => {
    const one = await embed({ ...call, inputs: ['alpha'] });
    const inputs = Array.from({ length: 230 }, (_, index) => (index % 2 ? 'alpha' : 'omega'));
    const { vectors, usage } = await embed({ ...call, inputs });
    expect(vectors).toHaveLength(230);
    expect(vectors.every((vector, index) => dot(vector, one.vectors[0]) > 0.99 === (index % 2 === 1))).toBe(true);
    expect(usage.inputTokens).toBeGreaterThanOrEqual(230);
  });

  it('asks for fewer dimensions, or warns that it cannot', async () => {
    const { vectors, warnings } = await embed({ ...call, dimensions: 64 });
    if (vectors[0]?.length !== 64) expect(warnings).toMatchObject([{ setting: 'dimensions' }]);
  });

  it('embeds token ids or refuses them before it asks', async () => {
    subject.simulator().control.clearRequests();
    const answer = await embed({ ...call, inputs: [[1, 2, 3]] }).catch((error: unknown) => error);
    if (answer instanceof ProviderError) {
      expect(answer.kind).toBe('invalid-request');
      expect(subject.simulator().control.requests()).toHaveLength(0);
    } else expect(answer).toMatchObject({ usage: { inputTokens: 3 } });
  });

  it('leaves usage undefined that was not reported', async () => {
    inject({ kind: 'missing-usage' });
    expect((await embed()).usage).toEqual({ outputTokens: 0 });
  });

  it.each([
    ['rate-limit', 'rate-limit'],
    ['quota', 'quota'],
    ['invalid-key', 'auth'],
    ['model-not-found', 'model-not-found'],
    ['context-length', 'context-length'],
    ['server', 'server'],
    ['overloaded', 'overloaded'],
  ] as const)('throws the problem %s as %s, after one request', async (code, kind) => {
    subject.simulator().control.clearRequests();
    inject({ kind: 'error', code });
    expect(await errorOf(embed())).toMatchObject({ kind, details: { model: embeddingModel } });
    expect(subject.simulator().control.requests()).toHaveLength(1);
  });

  it('takes no cut or garbled answer for vectors', async () => {
    for (const fault of [{ kind: 'cut' }, { kind: 'cut', mode: 'rst' }, { kind: 'malformed' }] as const) {
      subject.simulator().control.clearFaults();
      inject(fault);
      expect(await errorOf(embed())).toMatchObject({ kind: 'invalid-response' });
    }
    subject.simulator().control.clearFaults();
    inject({ kind: 'reset' });
    expect(await errorOf(embed())).toMatchObject({ kind: 'network' });
  });

  it('takes nothing but one vector of numbers per input, all of one length', async () => {
    let body: unknown;
    const server = await startTestServer((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
    const answer = (...vectors: unknown[]) => ({
      data: vectors.map((embedding, index) => ({ index, embedding })),
      embeddings: vectors.map((values) => ({ values })),
    });
    try {
      const adapter = subject.createAdapter({ baseUrl: server.url, apiKey: canaryKey });
      const asked = { ...call, inputs: ['a', 'b'] };
      body = answer([1, 0], [0, 1]);
      expect((await embed(asked, adapter)).vectors.map((vector) => [...vector])).toEqual([
        [1, 0],
        [0, 1],
      ]);
      for (const wrong of [
        answer([1, 0]),
        answer([1, 0], [0]),
        answer([1, 0], []),
        answer([1, 0], ['a', 1]),
        answer([1, 0], null),
        answer([1, 0], 'AAA'),
        { data: 7, embeddings: 7 },
        { data: [7, 8], embeddings: [7, 8] },
        {},
        [],
        'text',
      ]) {
        body = wrong;
        expect(await errorOf(embed(asked, adapter))).toMatchObject({ kind: 'invalid-response' });
      }
      body = { error: { message: `Overloaded ${canaryKey}`, type: 'overloaded_error', status: 'UNAVAILABLE' } };
      const error = (await errorOf(embed(asked, adapter))) as ProviderError;
      expect(error.kind).toBe('overloaded');
      expect(JSON.stringify(error.details)).not.toContain(canaryKey);
    } finally {
      await server.stop();
    }
  });

  it('ends promptly and closes the connection when aborted', async () => {
    inject({ kind: 'stall' });
    const controller = new AbortController();
    const asking = errorOf(embed(call, subject.adapter(), controller.signal));
    setTimeout(() => controller.abort(), 60);
    expect(await asking).toMatchObject({ kind: 'cancelled' });
    const upstream = () => subject.simulator().control.requests().at(-1)?.outcome;
    for (let turn = 0; turn < 500 && upstream() === 'open'; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 2));
    expect(upstream()).not.toBe('open');
    expect(await errorOf(embed(call, subject.adapter(), AbortSignal.abort()))).toMatchObject({ kind: 'cancelled' });
  });
}

function dot(left: Float32Array | undefined, right: Float32Array | undefined): number {
  return (left ?? new Float32Array()).reduce((sum, value, index) => sum + value * (right?.[index] ?? 0), 0);
}
