import { describe, expect, it } from 'vitest';
import { type History, type ModelFigures, previewChange } from './preview-change.ts';

const figures = (modelId: string, facts: Partial<ModelFigures> = {}): ModelFigures => ({
  modelId,
  calls: 100,
  succeeded: 100,
  cancelled: 0,
  inputTokens: 100_000,
  outputTokens: 50_000,
  costUsd: 1,
  unknownCostCalls: 0,
  latencyMeanMs: 1000,
  successRate: 1,
  ...facts,
});
const history = (ofRole: readonly ModelFigures[], ofTeam: readonly ModelFigures[] = ofRole): History => {
  const sum = (field: 'calls' | 'succeeded' | 'cancelled' | 'inputTokens' | 'outputTokens' | 'costUsd') =>
    ofRole.reduce((total, each) => total + each[field], 0);
  return {
    ofRole,
    ofTeam,
    total: {
      calls: sum('calls'),
      succeeded: sum('succeeded'),
      cancelled: sum('cancelled'),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      costUsd: sum('costUsd'),
      unknownCostCalls: 0,
      latencyMeanMs: 1000,
      successRate: 1,
      retries: 0,
      hedges: 0,
    },
  };
};
const noPrice = () => undefined;

describe('previewChange', () => {
  it('leaves everything as it was when the order stays', () => {
    const preview = previewChange(history([figures('a/one')]), ['a/one'], noPrice);
    expect(preview).toMatchObject({
      requests: 100,
      recorded: { costUsd: 1, meanMs: 1000 },
      estimated: { costUsd: 1, meanMs: 1000, answered: 1 },
      unmeasured: [],
    });
    expect(preview?.models).toMatchObject([{ modelId: 'a/one', share: 1, recordedShare: 1, costBasis: 'role' }]);
  });

  it("takes a model that the role never asked at the list price of the role's tokens, and at the team's times", () => {
    const team = [figures('a/one'), figures('b/two', { latencyMeanMs: 300 })];
    const priceOf = (modelId: string) => (modelId === 'b/two' ? { inputUsd: 2, outputUsd: 4 } : undefined);
    const preview = previewChange(history([figures('a/one')], team), ['b/two'], priceOf);
    // 1,000 tokens in and 500 out for each of 100 requests.
    expect(preview?.estimated).toMatchObject({ costUsd: 0.4, meanMs: 300 });
    expect(preview?.models).toMatchObject([
      { modelId: 'b/two', share: 1, recordedShare: 0, costBasis: 'price', meanBasis: 'team' },
      { modelId: 'a/one', share: 0, recordedShare: 1 },
    ]);
  });

  it('gives the next model what the first one fails to answer', () => {
    const shaky = figures('a/one', { succeeded: 75, successRate: 0.75 });
    const preview = previewChange(history([shaky, figures('b/two', { costUsd: 4 })]), ['a/one', 'b/two'], noPrice);
    expect(preview?.requests).toBe(200);
    expect(preview?.models.map(({ share }) => share)).toEqual([0.75, 0.25]);
    // 200 first calls at one cent, 50 second ones at four cents.
    expect(preview?.estimated.costUsd).toBeCloseTo(4);
    expect(preview?.estimated.meanMs).toBeCloseTo(1250);
  });

  it('says that the cost is unknown when a model that would be asked has no price', () => {
    const preview = previewChange(history([figures('a/one')]), ['c/new'], noPrice);
    expect(preview?.estimated).toMatchObject({ costUsd: null, meanMs: null, answered: 1 });
    expect(preview?.unmeasured).toEqual(['c/new']);
  });

  it('needs nothing of a model that is never reached', () => {
    const preview = previewChange(history([figures('a/one')]), ['a/one', 'c/new'], noPrice);
    expect(preview?.estimated.costUsd).toBe(1);
    expect(preview?.unmeasured).toEqual([]);
    expect(preview?.models[1]).toMatchObject({ share: 0, costUsd: null });
  });

  it('counts a request once, however often it was tried', () => {
    const known = history([figures('a/one')]);
    const preview = previewChange({ ...known, total: { ...known.total, retries: 30, hedges: 10 } }, ['a/one'], noPrice);
    expect(preview?.requests).toBe(60);
  });

  it('has nothing to say without requests, and for an order without models', () => {
    expect(previewChange(history([figures('a/one', { calls: 0, succeeded: 0 })]), ['a/one'], noPrice)).toBeUndefined();
    expect(previewChange(history([figures('a/one')]), [], noPrice)).toBeUndefined();
  });
});
