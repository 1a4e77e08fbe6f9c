import { describe, expect, it } from 'vitest';
import { readAt, variantsOf, writeAt } from './definition.ts';
import { axisWords, differenceWords, levelWords, rangeWords } from './metric-words.ts';
import { type JudgedTest, verdictOf } from './verdict-words.ts';

const running: JudgedTest = {
  state: 'running',
  stopReason: null,
  stopMessage: null,
  winner: null,
  baseline: 'a',
  metric: 'score:right',
  better: 'higher',
  margin: 0,
  units: 'items',
  items: 412,
  plannedItems: 500,
  spentUsd: '1.25',
  isBroken: false,
  variants: [{ variant: 'B', verdict: 'open', effect: { estimate: 0.08, low: -0.01, high: 0.13 }, cannotTell: null }],
};

describe('what a test has shown', () => {
  it('is told with effect, interval and items', () => {
    const won = { ...running, state: 'ended', stopReason: 'win', winner: 'B' };
    const variants = [{ ...running.variants[0]!, verdict: 'wins', effect: { estimate: 0.08, low: 0.03, high: 0.13 } }];
    expect(verdictOf({ ...won, variants })).toEqual({
      tone: 'good',
      title: 'B answers better',
      detail: 'Score “right” +8 points, between +3 and +13 points; 412 of 500 items.',
    });
    expect(verdictOf({ ...won, variants, margin: 0.05 }).title).toBe('B is not worse than a');
  });

  it('is no claim while the interval holds zero', () => {
    expect(verdictOf(running).title).toBe('Running: 412 of 500 items are in');
    expect(verdictOf(running).detail).toContain('zero is inside');
    const over = verdictOf({ ...running, state: 'ended', stopReason: 'budget' });
    expect(over).toMatchObject({ tone: 'neutral', title: 'Cannot tell yet: the money was used up ($1.25)' });
    const empty = [{ ...running.variants[0]!, effect: null, cannotTell: 'Fewer than 20 pairs.' }];
    expect(verdictOf({ ...running, variants: empty }).detail).toBe('Fewer than 20 pairs.');
    expect(verdictOf({ ...running, variants: [] }).detail).toBe('Nothing is known yet.');
  });

  it('is withheld when the split is broken', () => {
    const won = { ...running, state: 'ended', stopReason: 'win', winner: 'B', isBroken: true };
    expect(verdictOf(won)).toMatchObject({ tone: 'bad', title: expect.stringContaining('Nothing can be concluded') });
  });
});

describe('values', () => {
  it('have their unit and sign', () => {
    expect(differenceWords('success', 0.0312)).toBe('+3.1 points');
    expect(differenceWords('latencyMs', -412.4)).toBe('−412 ms');
    expect(differenceWords('costUsd', 0)).toBe('$0');
    expect(levelWords('score:x', 0.913)).toBe('91.3 %');
    expect(axisWords('success', -0.2)).toBe('−20');
    expect(rangeWords('success', 0.01, 0.13)).toBe('+1 to +13 points');
    expect(rangeWords('latencyMs', -80, 1200)).toBe('−80 ms to +1.20 s');
    expect(rangeWords('costUsd', -0.5, 0)).toBe('−$0.5000 to $0');
  });
});

describe('a definition that anybody may have written', () => {
  it('is read as far as it goes', () => {
    expect(variantsOf({ variants: [null, 3, { key: 'a', model: 'm' }, { workflow: {} }] })).toHaveLength(2);
    for (const nonsense of [null, 3, 'x', [], { variants: {} }]) expect(variantsOf(nonsense)).toEqual([]);
  });

  it('is changed in one place, which may not be there yet', () => {
    expect(writeAt({}, ['caps', 'costUsd'], '5')).toEqual({ caps: { costUsd: '5' } });
    expect(writeAt({ variants: [{ key: 'a' }, { key: 'b' }] }, ['variants', 0], undefined)).toEqual({
      variants: [{ key: 'b' }],
    });
    expect(writeAt({ variants: [{ key: 'a', system: 'x' }] }, ['variants', 0, 'system'], undefined)).toEqual({
      variants: [{ key: 'a' }],
    });
    expect(readAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
    expect(readAt({ a: 1 }, ['a', 'b', 'c'])).toBeUndefined();
  });
});
