import { describe, expect, it } from 'vitest';
import type { AttemptDetails } from './run-record.ts';
import { percentile, telemetryOf } from './telemetry.ts';

const attempt = (facts: Partial<AttemptDetails>) =>
  ({
    modelId: 'openai/a',
    state: 'SUCCEEDED',
    latencyMs: 1000,
    timeToFirstTokenMs: 200,
    costUsd: '0.01',
    errorKind: null,
    usage: { inputTokens: 10, outputTokens: 80 },
    ...facts,
  }) as AttemptDetails;

describe('telemetryOf', () => {
  it('adds up every attempt, failed ones and their cost included', () => {
    const [model] = telemetryOf([
      attempt({}),
      attempt({ latencyMs: 3000, costUsd: '0.02' }),
      attempt({ state: 'FAILED', errorKind: 'RATE_LIMIT', latencyMs: 50, usage: null, costUsd: null }),
      attempt({ state: 'RUNNING', latencyMs: null, costUsd: null, usage: null }),
    ]);
    expect(model).toMatchObject({
      attempts: 4,
      succeeded: 2,
      failed: 1,
      running: 1,
      latenciesMs: [1000, 3000],
      failedAfterMs: [50],
      inputTokens: 20,
      outputTokens: 160,
      unpriced: 1,
      failures: [{ kind: 'RATE_LIMIT', count: 1 }],
    });
    expect(model?.costUsd).toBeCloseTo(0.03);
    // 160 tokens in the 3.6 s in which text came.
    expect(model?.tokensPerSecond).toBeCloseTo(44.4, 1);
  });

  it('puts the model that was asked most first', () => {
    expect(telemetryOf([attempt({ modelId: 'z/z' }), attempt({}), attempt({})]).map(({ modelId }) => modelId)).toEqual([
      'openai/a',
      'z/z',
    ]);
  });
});

describe('percentile', () => {
  it('takes a value that was measured', () => {
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(percentile([1, 2, 3, 4], 0.95)).toBe(4);
    expect(percentile([], 0.5)).toBeNull();
  });
});
