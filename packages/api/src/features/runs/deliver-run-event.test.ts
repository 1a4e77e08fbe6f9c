import { publicTypeOf } from '@switchyard/core/workflows';
import { expect, test } from 'vitest';
import { deliverRunEvent } from './deliver-run-event.ts';
import { runEventTypeName } from './run-event.types.ts';
import type { PublicRunEvent } from './run-service.ts';

const place = { callId: 'c1', stepId: 'draft', slot: 1, attempt: 2 };
const event = (fact: object) => ({ seq: 7, atMs: 1_000, ...fact }) as unknown as PublicRunEvent;

test('every fact that readers see has a type of the union, and no other has', () => {
  const entry = { kind: 'retry-scheduled' };
  for (const [type, publicName] of Object.entries(publicTypeOf)) {
    const name = runEventTypeName(deliverRunEvent(event({ type, ...place, entry, answer: {}, spend: [] }), 'run_1'));
    if (type === 'call-progressed') expect(name).toBe('RetryScheduled');
    else expect(name, type).toBe(publicName);
  }
});

test('all subscribers get the same object, so that they share its answers', () => {
  const one = event({ type: 'step-started', stepId: 'a', generation: 0 });
  expect(deliverRunEvent(one, 'run_1')).toBe(deliverRunEvent(one, 'run_1'));
});

test('the lane of a call is the same for all its attempts', () => {
  const delta = (attempt: number) =>
    deliverRunEvent(event({ type: 'output-delta', ...place, attempt, text: 'x', offset: 0 }), 'run_1').laneId;
  expect(delta(1)).toBe(delta(2));
});

test('a completed call costs what all its providers were paid, and nothing is guessed', () => {
  const answer = {
    text: 'x',
    value: 'x',
    providerId: 'b',
    modelId: 'b/y',
    finishReason: { unified: 'stop' },
    latencyMs: 12.6,
    retries: 1,
  };
  const completed = (spend: readonly object[]) =>
    deliverRunEvent(event({ type: 'output-completed', ...place, answer, spend }), 'run_1');
  const failed = { providerId: 'a', calls: 1, usage: { inputTokens: 5 }, costNanoUsd: '20' };
  const paid = { providerId: 'b', calls: 1, usage: { inputTokens: 5, outputTokens: 9 }, costNanoUsd: '300' };
  expect(completed([failed, paid])).toMatchObject({
    costNanoUsd: '320',
    usage: { outputTokens: 9 },
    latencyMs: 13,
    answeredModelId: 'b/y',
  });
  const { costNanoUsd: _unknown, ...unpriced } = failed;
  expect(completed([unpriced, paid])).not.toHaveProperty('costNanoUsd');
});

test('a broken limit without an entry of its own is told by its words', () => {
  const fact = {
    type: 'guardrail-breached',
    ...place,
    modelId: 'a/x',
    limit: 'latency',
    decision: 'warned',
    message: 'slow',
  };
  expect(deliverRunEvent(event({ ...fact, measured: '90', allowed: '50' }), 'run_1')).toMatchObject({
    entry: { kind: 'latency-target-missed', providerId: 'a', latencyMs: 90, latencyTargetMs: 50 },
  });
});
