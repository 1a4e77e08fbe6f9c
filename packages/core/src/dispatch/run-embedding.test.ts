import { describe, expect, it } from 'vitest';
import {
  type EmbeddingCall,
  type EmbeddingResult,
  type ModelAdapter,
  ProviderError,
  type ProviderErrorDetails,
} from '../spec/index.ts';
import { circuitKeyOf, type DispatchTarget, runEmbedding } from './index.ts';
import { setUpWorld } from './testing/chain-setup.ts';

const purpose = { teamId: 'team_1', source: 'openai-compatible', sourceId: 'req_1' } as const;
const price = { price: { input: { perMillionUsd: '0.02' }, output: { perMillionUsd: '0' } }, source: 'a test' };
const vectors: EmbeddingResult = {
  vectors: [Float32Array.of(1, 0)],
  usage: { inputTokens: 1_000, outputTokens: 0 },
  warnings: [],
  servedModel: 'm-2026',
  providerRequestId: 'vendor_1',
};

type Step = EmbeddingResult | Partial<ProviderErrorDetails> | 'never';

/** A candidate that plays its steps one after the other, the last one for ever. */
function candidate(providerId: string, steps: readonly Step[], vendorModelId = 'm') {
  const calls: { call: EmbeddingCall; signal: AbortSignal }[] = [];
  const adapter: Pick<ModelAdapter, 'provider' | 'embed'> = {
    provider: providerId,
    embed: async (call, signal) => {
      calls.push({ call, signal });
      const step = steps[Math.min(calls.length, steps.length) - 1] as Step;
      if (step === 'never') return new Promise(() => {});
      if ('vectors' in step) return step;
      throw new ProviderError({ kind: 'server', provider: providerId, model: call.model, message: 'No.', ...step });
    },
  };
  const target: DispatchTarget = {
    providerId,
    modelId: `${providerId}/${vendorModelId}`,
    vendorModelId,
    origin: 'simulated',
    adapter: adapter as ModelAdapter,
    price,
  };
  return { target, calls };
}

function play(candidates: readonly ReturnType<typeof candidate>[], world = setUpWorld(), signal?: AbortSignal) {
  const targets = candidates.map(({ target }) => target) as [DispatchTarget];
  const outcome = runEmbedding(targets, { inputs: ['x'] }, purpose, world.dependencies, signal);
  return { world, outcome };
}

/** Lets time pass until the call is over. */
async function finish({ world, outcome }: ReturnType<typeof play>) {
  let isOver = false;
  void outcome.finally(() => {
    isOver = true;
  });
  for (let step = 0; step < 1_000 && !isOver; step += 1) await world.clock.advanceAsync(100);
  return outcome;
}

describe('runEmbedding', () => {
  it('gives the vectors and leaves one record with the cost of the input', async () => {
    const one = candidate('openai', [vectors]);
    const { world, outcome } = play([one]);
    const { result, records, target } = await outcome;
    expect([result, target.providerId]).toEqual([vectors, 'openai']);
    expect(one.calls[0]?.call).toEqual({ inputs: ['x'], model: 'm' });
    expect(records).toEqual(world.records);
    expect(records).toMatchObject([
      {
        ...purpose,
        attempt: 1,
        outcome: 'succeeded',
        modelId: 'openai/m',
        servedModel: 'm-2026',
        providerRequestId: 'vendor_1',
        usage: { inputTokens: 1_000, outputTokens: 0 },
        costNanoUsd: 20_000n,
      },
    ]);
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('tries again after a failure, not before the vendor said, and charges nothing for what was refused', async () => {
    const one = candidate('openai', [{ kind: 'rate-limit', status: 429, retryAfterMs: 2_000 }, vectors]);
    const played = play([one]);
    await played.world.clock.advanceAsync(1_900);
    expect(one.calls).toHaveLength(1);
    const { result, records } = await finish(played);
    expect(result).toBeDefined();
    expect(records.map(({ outcome, attempt, costNanoUsd }) => [outcome, attempt, costNanoUsd])).toEqual([
      ['failed', 1, 0n],
      ['succeeded', 2, 20_000n],
    ]);
  });

  it.each(['auth', 'quota', 'invalid-request', 'context-length', 'model-not-found'] as const)(
    'asks once when the failure is %s',
    async (kind) => {
      const one = candidate('openai', [{ kind }]);
      const { error } = await finish(play([one]));
      expect([error?.kind, one.calls.length]).toEqual([kind, 1]);
    },
  );

  it('goes on to the same model elsewhere, and never to another model', async () => {
    const first = candidate('openai', [{ kind: 'server' }]);
    const stranger = candidate('google', [vectors], 'other-model');
    const second = candidate('openai-eu', [vectors]);
    const { result, target, records } = await finish(play([first, stranger, second]));
    expect([result === vectors, target.providerId, stranger.calls.length]).toEqual([true, 'openai-eu', 0]);
    expect(records.map(({ providerId }) => providerId)).toEqual(['openai', 'openai', 'openai', 'openai-eu']);
    const { error } = await finish(play([candidate('openai', [{ kind: 'server' }]), stranger]));
    expect([error?.kind, stranger.calls.length]).toEqual(['server', 0]);
  });

  it('gives up a silent vendor at its deadline and closes the call', async () => {
    const one = candidate('openai', ['never']);
    const two = candidate('openai-eu', [vectors]);
    const world = setUpWorld({ overallMs: 60_000 });
    const { result } = await finish(play([one, two], world));
    expect([result === vectors, one.calls[0]?.signal.aborted, one.calls.length]).toEqual([true, true, 1]);
    expect(world.records[0]).toMatchObject({ errorKind: 'timeout', latencyMs: 30_000 });
  });

  it('ends at once when the client goes, in a call and in a wait', async () => {
    for (const step of ['never', { kind: 'rate-limit', retryAfterMs: 9_000 }] as const) {
      const one = candidate('openai', [step]);
      const client = new AbortController();
      const played = play([one], setUpWorld(), client.signal);
      await played.world.clock.advanceAsync(500);
      client.abort();
      const { error } = await played.outcome;
      expect([error?.kind, one.calls.length, played.world.clock.pendingTimers]).toEqual(['cancelled', 1, 0]);
    }
  });

  it('opens the circuit after repeated failures and then asks the only model once per request', async () => {
    const world = setUpWorld({}, { maxAttempts: 3 });
    const one = candidate('openai', [{ kind: 'server' }]);
    await finish(play([one], world));
    expect(world.dependencies.circuits.readStatus(circuitKeyOf(one.target))).toBe('open');
    const before = one.calls.length;
    const { error, records } = await finish(play([one], world));
    expect([error?.kind, one.calls.length, records.length]).toEqual(['overloaded', before + 1, 1]);
  });

  it('says so when the adapter makes none', async () => {
    const { target } = candidate('openai', [vectors]);
    const { provider, stream, testConnection } = target.adapter;
    const bare = { target: { ...target, adapter: { provider, stream, testConnection } }, calls: [] };
    expect((await finish(play([bare]))).error).toMatchObject({ kind: 'invalid-request' });
  });
});
