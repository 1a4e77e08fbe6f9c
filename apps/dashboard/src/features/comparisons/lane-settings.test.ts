import { describe, expect, it } from 'vitest';
import { changeDraft, emptyDraft, inputOfDraft } from './draft.ts';
import { costLimitProblem, noLaneSettings, settingsOfLane, settingsWords, toLaneInput } from './lane-settings.ts';

const limited = { ...noLaneSettings, costLimitUsd: '0.10', tokenLimit: 2_000, fallbacks: ['anthropic/b'] };

describe('settings of a lane', () => {
  it('become lanes of the input only when a lane has some', () => {
    const draft = { ...emptyDraft, prompt: 'Hi', modelIds: ['openai/a', 'google/c'] };
    expect(inputOfDraft(draft)).toEqual({ prompt: 'Hi', models: ['openai/a', 'google/c'] });
    const set = changeDraft(draft, { type: 'lane-settings', index: 0, value: limited });
    expect(inputOfDraft(set)).toEqual({
      prompt: 'Hi',
      lanes: [
        {
          model: 'openai/a',
          limits: { costLimitUsd: '0.10', tokenLimit: 2_000, dropIfOverBudget: true },
          fallbacks: ['anthropic/b'],
        },
        { model: 'google/c' },
      ],
    });
  });

  it('go with their model when another one is removed before it', () => {
    const draft = { ...emptyDraft, modelIds: ['openai/a', 'google/c'], laneSettings: [undefined, limited] };
    expect(changeDraft(draft, { type: 'remove-model', index: 0 })).toMatchObject({
      modelIds: ['google/c'],
      laneSettings: [limited],
    });
  });

  it('come back from a comparison that was run with them', () => {
    const limits = { costLimitUsd: '0.1', tokenLimit: null, latencyTargetMs: 1_500, dropIfOverBudget: false };
    expect(settingsOfLane({ limits, fallbacks: [] })).toEqual({ ...noLaneSettings, ...limits });
    expect(settingsOfLane({ limits: null, fallbacks: [] })).toBeUndefined();
  });

  it('are told in a few words', () => {
    expect(settingsWords(limited, (id) => id.toUpperCase())).toBe('≤ $0.10 · ≤ 2,000 tokens · then ANTHROPIC/B');
  });

  it('say what is wrong with a cost limit', () => {
    expect(['0.10', '', '0', 'ten', '-1'].map(costLimitProblem)).toEqual([
      undefined,
      undefined,
      'A limit of 0 would refuse every call',
      'Give US dollars as a decimal, for example 0.10',
      'Give US dollars as a decimal, for example 0.10',
    ]);
  });

  it('leave out what is not set', () => {
    expect(toLaneInput('openai/a', noLaneSettings)).toEqual({ model: 'openai/a' });
  });
});
