import { describe, expect, it } from 'vitest';
import { changeDraft, draftOfComparison, draftProblem, emptyDraft, inputOfDraft, laneLimits } from './draft.ts';

const ready = { ...emptyDraft, prompt: 'Hello', modelIds: ['openai/a', 'openai/a'] };

describe('changeDraft', () => {
  it('lets a model stand twice but never more lanes than the limit', () => {
    let draft = emptyDraft;
    for (let index = 0; index < 12; index += 1) draft = changeDraft(draft, { type: 'add-model', modelId: 'openai/a' });
    expect(draft.modelIds).toHaveLength(laneLimits.maximum);
  });

  it('removes the lane that was meant, not every lane of its model', () => {
    expect(changeDraft(ready, { type: 'remove-model', index: 0 }).modelIds).toEqual(['openai/a']);
  });
});

describe('draftProblem', () => {
  it('names the one thing to do next', () => {
    expect(draftProblem(emptyDraft)).toBe('Write a prompt first');
    expect(draftProblem({ ...ready, prompt: '  ' })).toBe('Write a prompt first');
    expect(draftProblem({ ...ready, modelIds: ['x'] })).toBe('Add one more model');
    expect(draftProblem(ready)).toBeUndefined();
  });
});

describe('inputOfDraft', () => {
  it('leaves out what was left alone', () => {
    expect(inputOfDraft({ ...ready, systemPrompt: ' ' })).toEqual({
      prompt: 'Hello',
      models: ['openai/a', 'openai/a'],
    });
  });

  it('keeps a temperature of zero', () => {
    expect(inputOfDraft(changeDraft(ready, { type: 'parameters', value: { temperature: 0 } })).parameters).toEqual({
      temperature: 0,
    });
  });

  it('runs a past comparison again with the same lanes in order', () => {
    const parameters = {
      maxOutputTokens: 9,
      temperature: null,
      topP: null,
      seed: null,
      stopSequences: null,
      reasoningEffort: null,
    };
    const lanes = [
      { modelId: 'b', position: 1, limits: null, fallbacks: [] },
      { modelId: 'a', position: 0, limits: null, fallbacks: [] },
    ];
    expect(inputOfDraft(draftOfComparison({ prompt: 'P', systemPrompt: null, parameters, lanes }))).toEqual({
      prompt: 'P',
      models: ['a', 'b'],
      parameters: { maxOutputTokens: 9 },
    });
  });
});
