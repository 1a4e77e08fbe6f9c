import { describe, expect, it } from 'vitest';
import { brokenWords, failureInputOf, isBrokenHere, leversOf, soundLevers } from './simulated-failure.ts';

const sound = {
  errorRate: null,
  status: null,
  latencyMs: null,
  tokensPerSecond: null,
  outage: false,
  cutAfterTokens: null,
  stallAfterTokens: null,
};

describe('the levers of a simulated provider', () => {
  it('says nothing of a sound provider, and asks for nothing', () => {
    expect(brokenWords(sound)).toEqual([]);
    expect(leversOf(sound)).toEqual(soundLevers);
    expect(isBrokenHere({ ...sound, otherFaults: ['cut'] } as never)).toBe(false);
    expect(failureInputOf('p', soundLevers)).toEqual({ providerId: 'p', ...sound });
  });

  it('names everything that is broken', () => {
    const levers = { ...soundLevers, errorRate: 0.3, status: 429, latencyMs: 1500, isOut: true, cutAfterTokens: 0 };
    const { providerId: _id, ...input } = failureInputOf('p', levers);
    const words = brokenWords({ ...sound, ...input, otherFaults: ['slow-first-token'] } as never);
    expect(words).toEqual([
      'out',
      '30 % of calls answer 429',
      '+1.50 s',
      'cut after 0 tokens',
      'slow first token, set by the simulator’s control API',
    ]);
  });

  it('keeps the levers that were set', () => {
    const levers = { ...soundLevers, errorRate: 1, status: 529, tokensPerSecond: 5, stallAfterTokens: 40 };
    const { providerId: _id, ...input } = failureInputOf('p', levers);
    expect(leversOf(input as never)).toEqual(levers);
  });
});
