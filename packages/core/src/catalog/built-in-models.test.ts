import { calcPrice } from '@pydantic/genai-prices';
import { MODELS } from '@switchyard/simulator';
import { describe, expect, it } from 'vitest';
import {
  builtInModels,
  countOpenAiTokens,
  estimateTokens,
  findBuiltInModel,
  joinModelId,
  splitModelId,
} from './index.ts';

describe('builtInModels', () => {
  it('knows every chat model of the simulator, each once', () => {
    const ids = builtInModels.map((model) => model.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { vendor, id, kind } of MODELS) if (kind === 'chat') expect(ids).toContain(`${vendor}/${id}`);
  });

  it('names only equivalents that exist, at other providers', () => {
    for (const model of builtInModels) {
      for (const equivalent of model.equivalents) {
        expect(
          builtInModels.some((other) => other.id === equivalent && other.providerType !== model.providerType),
        ).toBe(true);
      }
    }
  });

  it('states the context windows of the price library where it has them', () => {
    for (const { providerType, vendorModelId, contextWindowTokens } of builtInModels) {
      const listed = calcPrice({}, vendorModelId, { providerId: providerType })?.model.context_window;
      if (listed !== undefined)
        expect({ vendorModelId, contextWindowTokens }).toEqual({ vendorModelId, contextWindowTokens: listed });
    }
  });

  it('finds a model by the vendor’s name', () => {
    expect(findBuiltInModel('anthropic', 'claude-haiku-4-5')?.displayName).toBe('Claude Haiku 4.5');
    expect(findBuiltInModel('openai', 'claude-haiku-4-5')).toBeUndefined();
  });
});

describe('splitModelId', () => {
  it('splits at the first slash and is undone by joinModelId', () => {
    expect(splitModelId('huggingface/openai/gpt-oss-120b')).toEqual({
      providerId: 'huggingface',
      vendorModelId: 'openai/gpt-oss-120b',
    });
    for (const { id } of builtInModels)
      expect(joinModelId(splitModelId(id) ?? { providerId: '', vendorModelId: '' })).toBe(id);
  });

  it.each(['smart', '', '/x', 'x/', '/'])('answers undefined for %j', (text) =>
    expect(splitModelId(text)).toBeUndefined(),
  );
});

describe('estimateTokens', () => {
  const samples = {
    prose:
      'The tides are the regular rise and fall of the sea. They follow the gravitational pull of the moon, and to a lesser degree that of the sun. Sailors, fishermen and engineers have kept tables of them for centuries, because a harbour at low water is of little use to anybody.',
    code: 'export function sum(values: readonly number[]): number {\n  let total = 0;\n  for (const value of values) {\n    total += value;\n  }\n  return total;\n}\n'.repeat(
      3,
    ),
    german:
      'Die Gezeiten sind das regelmäßige Steigen und Fallen des Meeres. Sie folgen der Anziehungskraft des Mondes und, in geringerem Maße, der Sonne.',
    chinese: '潮汐是海水周期性的涨落现象。它主要由月球和太阳的引力引起。几百年来，水手和渔民一直在记录潮汐的时间。',
    json: JSON.stringify({
      items: Array.from({ length: 12 }, (_, index) => ({ id: index, name: `item ${index}`, price: index * 1.25 })),
    }),
  };

  it.each(Object.entries(samples))('is within a third of the real count for %s', async (_, text) => {
    const real = await countOpenAiTokens(text);
    expect(estimateTokens(text) / real).toBeGreaterThan(0.7);
    expect(estimateTokens(text) / real).toBeLessThan(1.4);
  });

  it('counts nothing as 0 and anything as at least 1', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens(' ')).toBe(1);
  });
});
