import { calcPrice } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import packageJson from '../../node_modules/@pydantic/genai-prices/package.json' with { type: 'json' };
import { builtInModels, computeCost, lookUpPrice, type PriceQuote, priceLibraryVersion } from './index.ts';

const atMs = Date.UTC(2026, 9, 15);
const cost = (
  providerType: 'openai' | 'anthropic' | 'google',
  model: string,
  usage: Parameters<typeof computeCost>[0],
  at = atMs,
) => {
  const result = computeCost(usage, lookUpPrice(providerType, model, at));
  return result.kind === 'known' ? result.costNanoUsd : result.reason;
};

describe('computeCost against the vendors’ price lists', () => {
  it('prices GPT-5 with cached input: 1.25, 0.125 and 10 USD per million (developers.openai.com/api/docs/pricing)', () => {
    // 600 × 1.25 + 400 × 0.125 + 200 × 10 = 750 + 50 + 2000 millionths of a dollar
    expect(
      cost('openai', 'gpt-5', { inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 200, reasoningTokens: 150 }),
    ).toBe(2_800_000n);
  });

  it('prices Claude Haiku 4.5 with cache reads and writes: 1, 0.10, 1.25, 2 (one hour) and 5 (anthropic.com/pricing)', () => {
    // 100 × 1 + 2000 × 0.1 + 500 × 1.25 + 300 × 5 = 100 + 200 + 625 + 1500
    expect(
      cost('anthropic', 'claude-haiku-4-5', {
        inputTokens: 2_600,
        cachedInputTokens: 2_000,
        cacheWriteTokens: 500,
        outputTokens: 300,
      }),
    ).toBe(2_425_000n);
    // the same with the writes kept for an hour: 500 × 2
    const long = {
      inputTokens: 2_600,
      cachedInputTokens: 2_000,
      cacheWriteTokens: 500,
      longCacheWriteTokens: 500,
      outputTokens: 300,
    };
    expect(cost('anthropic', 'claude-haiku-4-5', long)).toBe(2_800_000n);
  });

  it('re-prices the whole request of Gemini 2.5 Pro above 200,000 input tokens: 1.25 → 2.50, 10 → 15 (ai.google.dev/gemini-api/docs/pricing)', () => {
    expect(cost('google', 'gemini-2.5-pro', { inputTokens: 200_000, outputTokens: 1_000 })).toBe(260_000_000n);
    expect(cost('google', 'gemini-2.5-pro', { inputTokens: 200_001, outputTokens: 1_000 })).toBe(515_002_500n);
  });

  // Typed from what the vendors' price pages said when this was written (no page can be read from here), in USD per
  // million tokens: input, cached input, output; then the same in a tier. Apart from the library that computes.
  it.each([
    ['openai', 'gpt-4o', [2.5, 1.25, 10], undefined],
    ['openai', 'gpt-4o-mini', [0.15, 0.075, 0.6], undefined],
    ['openai', 'gpt-4.1', [2, 0.5, 8], undefined],
    ['openai', 'gpt-4.1-mini', [0.4, 0.1, 1.6], undefined],
    ['openai', 'gpt-5-mini', [0.25, 0.025, 2], undefined],
    ['openai', 'gpt-5-nano', [0.05, 0.005, 0.4], undefined],
    ['openai', 'o4-mini', [1.1, 0.275, 4.4], undefined],
    ['anthropic', 'claude-opus-4-5', [5, 0.5, 25], undefined],
    ['anthropic', 'claude-sonnet-4-5', [3, 0.3, 15], [6, 0.6, 22.5]],
    ['google', 'gemini-2.5-flash', [0.3, 0.03, 2.5], undefined],
    ['google', 'gemini-2.5-pro', [1.25, 0.125, 10], [2.5, 0.25, 15]],
  ] as const)('prices %s/%s within 0.1 %% of the vendor’s page', (vendor, model, base, tier) => {
    for (const [inputTokens, rates] of [[180_000, base] as const, ...(tier ? [[220_000, tier] as const] : [])]) {
      const [input, cached, output] = rates;
      const cachedInputTokens = 50_000;
      const usage = { inputTokens, cachedInputTokens, outputTokens: 3_000, reasoningTokens: 1_000 };
      const page = ((inputTokens - cachedInputTokens) * input + cachedInputTokens * cached + 3_000 * output) / 1e6;
      expect(Math.abs(Number(cost(vendor, model, usage)) / 1e9 / page - 1)).toBeLessThan(0.001);
    }
  });

  it('applies the price of the day: Gemini 3.8 Flash is introductory until the end of 2026', () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    expect(cost('google', 'gemini-3.8-flash', usage)).toBe(750_000_000n);
    expect(cost('google', 'gemini-3.8-flash', usage, Date.UTC(2027, 0, 2))).toBe(1_500_000_000n);
    expect(lookUpPrice('google', 'gemini-3.8-flash', Date.UTC(2027, 0, 2))?.effectiveFrom).toBe('2027-01-01');
  });
});

describe('computeCost', () => {
  it('is unknown with a reason, never 0, when price or usage is missing or contradictory', () => {
    const quote = lookUpPrice('openai', 'gpt-5', atMs);
    expect(computeCost({ inputTokens: 1, outputTokens: 1 }, undefined)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('price'),
    });
    expect(computeCost({ inputTokens: 5 }, quote)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('report'),
    });
    expect(computeCost({}, quote).kind).toBe('unknown');
    expect(computeCost({ inputTokens: 5, cachedInputTokens: 6, outputTokens: 1 }, quote)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('contradict'),
    });
    expect(computeCost({ inputTokens: 1.5, outputTokens: 1 }, quote).kind).toBe('unknown');
    expect(computeCost({ inputTokens: -1, outputTokens: 1 }, quote).kind).toBe('unknown');
  });

  it('rounds once, half away from zero', () => {
    const at = (input: string, output: string): PriceQuote => ({
      price: { input: { perMillionUsd: input }, output: { perMillionUsd: output } },
      source: 'test',
    });
    // half a nano-dollar per token
    expect(computeCost({ inputTokens: 1, outputTokens: 0 }, at('0.0005', '0'))).toMatchObject({ costNanoUsd: 1n });
    expect(computeCost({ inputTokens: 1, outputTokens: 1 }, at('0.0005', '0.0005'))).toMatchObject({
      costNanoUsd: 1n,
      inputNanoUsd: 1n,
      outputNanoUsd: 0n,
    });
    expect(computeCost({ inputTokens: 1, outputTokens: 1 }, at('0.0004', '0.0004'))).toMatchObject({ costNanoUsd: 1n });
  });

  it('agrees with the library’s own calculation for every built-in model over random usages', () => {
    const priced = builtInModels.filter(({ providerType }) =>
      ['openai', 'anthropic', 'google', 'cohere'].includes(providerType),
    );
    const usage = fc.record({
      input: fc.nat(600_000),
      cachedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      writtenShare: fc.double({ min: 0, max: 1, noNaN: true }),
      output: fc.nat(200_000),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...priced),
        usage,
        ({ providerType, vendorModelId }, { input, cachedShare, writtenShare, output }) => {
          const cachedInputTokens = Math.floor(input * cachedShare);
          const cacheWriteTokens = Math.floor((input - cachedInputTokens) * writtenShare);
          const ours = computeCost(
            { inputTokens: input, cachedInputTokens, cacheWriteTokens, outputTokens: output },
            lookUpPrice(providerType, vendorModelId, atMs),
          );
          const theirs = calcPrice(
            {
              input_tokens: input,
              cache_read_tokens: cachedInputTokens,
              cache_write_tokens: cacheWriteTokens,
              output_tokens: output,
            },
            vendorModelId,
            { providerId: providerType, timestamp: new Date(atMs) },
          );
          expect(ours.kind).toBe('known');
          if (ours.kind !== 'known') return;
          expect(ours.inputNanoUsd + ours.outputNanoUsd).toBe(ours.costNanoUsd);
          expect(Math.abs(Number(ours.costNanoUsd) / 1e9 - (theirs?.total_price ?? Number.NaN))).toBeLessThan(2e-9);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('lookUpPrice', () => {
  it('names the installed version of the price data', () => {
    expect(priceLibraryVersion).toBe(packageJson.version);
  });

  it('has a price for every built-in model of a paid vendor, and says where it comes from', () => {
    for (const { providerType, vendorModelId } of builtInModels) {
      const quote = lookUpPrice(providerType, vendorModelId, atMs);
      if (providerType === 'custom') expect(quote).toBeUndefined();
      else
        expect({ vendorModelId, source: quote?.source }).toEqual({
          vendorModelId,
          source: expect.stringMatching(/genai-prices 0|runs on your machine/),
        });
    }
    expect(lookUpPrice('openai', 'gpt-5', atMs)?.sourceUrl).toMatch(/^https:\/\/.*openai\.com/);
    expect(JSON.parse(JSON.stringify(lookUpPrice('openai', 'gpt-6-sol', atMs)))).toEqual(
      lookUpPrice('openai', 'gpt-6-sol', atMs),
    );
  });

  it('prices a model behind the Hugging Face router by the provider that serves it', () => {
    expect(lookUpPrice('huggingface', 'meta-llama/Llama-3.3-70B-Instruct', atMs)?.matched).toBe(
      'huggingface_together/meta-llama/Llama-3.3-70B-Instruct',
    );
    expect(lookUpPrice('huggingface', 'openai/gpt-oss-120b:groq', atMs)?.matched).toBe(
      'huggingface_groq/openai/gpt-oss-120b',
    );
    expect(lookUpPrice('huggingface', 'openai/gpt-oss-120b:unheard-of', atMs)).toBeUndefined();
    expect(lookUpPrice('huggingface', 'nobody/nothing', atMs)).toBeUndefined();
  });

  it('does not know a model nobody lists', () => {
    expect(lookUpPrice('cohere', 'no-such-model', atMs)).toBeUndefined();
    expect(lookUpPrice('custom', 'gpt-5', atMs)).toBeUndefined();
  });
});
