import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeCost, countOpenAiTokens, type PriceQuote } from '../catalog/index.ts';
import type { ModelCall } from '../spec/index.ts';
import { affordableOutputTokens, type EstimatedModel, estimateCall, measureUse } from './index.ts';

const model: EstimatedModel = { providerType: 'openai', vendorModelId: 'gpt-5', maxOutputTokens: 128_000 };
const quote = (price: Record<string, string>): PriceQuote => ({
  price: Object.fromEntries(Object.entries(price).map(([k, perMillionUsd]) => [k, { perMillionUsd }])) as never,
  source: 'test',
});
const price = quote({ input: '1', cachedInput: '0.1', cacheWrite: '1.25', longCacheWrite: '2', output: '5' });
const ask = (text: string, more: Partial<ModelCall> = {}): ModelCall => ({
  model: 'gpt-5',
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
});

describe('the upper bound of a call', () => {
  it('counts the longest answer: the call’s cap, else the model’s, else a default, and what provider options ask for', () => {
    const outputOf = (call: ModelCall, of = model) => estimateCall(call, of, price).maxOutputTokens;
    expect(outputOf(ask('x', { maxOutputTokens: 100 }))).toBe(100);
    expect(outputOf(ask('x'))).toBe(128_000);
    expect(outputOf(ask('x'), { providerType: 'custom', vendorModelId: 'x' })).toBe(16_384);
    expect(outputOf(ask('x', { maxOutputTokens: 100, providerOptions: { max_tokens: 900, n: 3 } }))).toBe(2_700);
    expect(
      outputOf(ask('x', { maxOutputTokens: 1, providerOptions: { generationConfig: { maxOutputTokens: 7 } } })),
    ).toBe(7);
  });

  it('is not below what any ordinary billing of the call comes to', async () => {
    const texts = [
      'The moon pulls the water; the sun helps, and twice a month they pull together.',
      'const sum = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0);\n\n  // done\n'.repeat(20),
      '潮の満ち引きは月の引力によって起こります。',
      'Приливы вызваны притяжением Луны.',
      'ज्वार-भाटा चंद्रमा के गुरुत्वाकर्षण के कारण होता है।',
      'المد والجزر بسبب جاذبية القمر',
      '🌊🌙🚀👩‍🚀🇩🇪',
    ];
    for (const text of texts) {
      const call = ask(text, { maxOutputTokens: 50 });
      const tokens = await countOpenAiTokens(text);
      const { upperBound } = estimateCall(call, model, price);
      expect(upperBound.tokens, text).toBeGreaterThanOrEqual(BigInt(tokens + 50));
      const usage = { inputTokens: tokens, cacheWriteTokens: tokens, longCacheWriteTokens: tokens, outputTokens: 50 };
      const cost = computeCost(usage, price);
      expect(cost.kind === 'known' && cost.costNanoUsd <= (upperBound.costNanoUsd ?? 0n), text).toBe(true);
    }
  });

  it('takes the dearest tier that the input may reach, and images into account', () => {
    const tiered: PriceQuote = {
      source: 'test',
      price: {
        input: { perMillionUsd: '1', tiers: [{ aboveInputTokens: 1_000, perMillionUsd: '10' }] },
        output: { perMillionUsd: '1', tiers: [{ aboveInputTokens: 1_000, perMillionUsd: '20' }] },
      },
    };
    const cost = (call: ModelCall) => estimateCall(call, model, tiered).upperBound.costNanoUsd ?? 0n;
    const short = cost(ask('moon', { maxOutputTokens: 1_000 }));
    expect(short).toBeLessThan(2_000_000n);
    expect(cost(ask('moon '.repeat(2_000), { maxOutputTokens: 1_000 }))).toBeGreaterThan(40_000_000n);
    const picture = { type: 'image', mediaType: 'image/png', dataBase64: 'AA==' } as const;
    const seen = ask('x', { maxOutputTokens: 1_000, messages: [{ role: 'user', content: [picture] }] });
    expect(cost(seen)).toBeGreaterThan(40_000_000n);
  });

  it('is unknown without a price, in money only', () => {
    const { upperBound, expected } = estimateCall(ask('x', { maxOutputTokens: 5 }), model, undefined);
    expect([upperBound.costNanoUsd, expected, upperBound.tokens > 5n]).toEqual([undefined, undefined, true]);
  });

  it('holds the expected range within it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.nat(20_000), (text, maxOutputTokens) => {
        const { upperBound, expected } = estimateCall(ask(text, { maxOutputTokens }), model, price);
        expect(expected!.lowNanoUsd <= expected!.highNanoUsd).toBe(true);
        expect(expected!.highNanoUsd <= upperBound.costNanoUsd!).toBe(true);
      }),
    );
  });

  it('can be made to fit: the longest affordable answer is affordable, and one token more is not', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 50_000_000n }), (budgetNanoUsd) => {
        const tokens = affordableOutputTokens(ask('The moon.'), model, price, budgetNanoUsd);
        const cost = (maxOutputTokens: number) =>
          estimateCall(ask('The moon.', { maxOutputTokens }), model, price).upperBound.costNanoUsd!;
        if (tokens > 0) expect(cost(tokens) <= budgetNanoUsd).toBe(true);
        expect(cost(tokens + 1) > budgetNanoUsd).toBe(true);
      }),
    );
  });
});

describe('what a call used', () => {
  it('is what the vendor reported', () => {
    const usage = { inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 200 };
    expect(measureUse({ usage, text: 'ignored' }, ask('x'), price)).toMatchObject({
      costNanoUsd: 600_000n + 40_000n + 1_000_000n,
      tokens: 1_200n,
      isEstimated: false,
    });
  });

  it('is our own count of what was received when the stream broke, marked as an estimate', () => {
    const text = 'The moon pulls the water. '.repeat(50);
    const used = measureUse({ usage: { inputTokens: 30 }, text }, ask('x'), price);
    expect(used.isEstimated).toBe(true);
    expect(used.usage.inputTokens).toBe(30);
    expect(used.usage.outputTokens).toBeGreaterThan(250);
    expect(used.usage.outputTokens).toBeLessThan(350);
    expect(measureUse({ usage: {}, text: '' }, ask('x'), price).costNanoUsd).toBeGreaterThan(0n);
  });
});
