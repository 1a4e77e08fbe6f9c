import { expect, test } from 'vitest';
import { laneKey, replayStepLanes } from './replay-step-lanes.ts';
import type { PublicRunEvent } from './run-service.ts';

const place = (stepId: string, attempt = 1, slot = 0) => ({
  callId: `${stepId}${attempt}${slot}`,
  stepId,
  slot,
  attempt,
});
const events = (...facts: readonly object[]) =>
  facts.map((fact, index) => ({ ...fact, seq: index + 1, atMs: 1_000 + index })) as unknown as PublicRunEvent[];
const delta = (at: object, text: string, offset: number) => ({ type: 'output-delta', ...at, text, offset });
const laneOf = (list: readonly PublicRunEvent[], stepId: string, slot = 0) =>
  replayStepLanes(list).get(laneKey({ stepId, slot }));

test('deltas of a slot add up, whichever way they were cut', () => {
  const list = events(delta(place('a'), 'Hel', 0), delta(place('a', 1, 1), 'X', 0), delta(place('a'), 'lo', 3));
  expect(laneOf(list, 'a')).toMatchObject({ output: 'Hello', isComplete: false });
  expect(laneOf(list, 'a', 1)).toMatchObject({ output: 'X' });
});

test('a delta that was read already changes nothing', () => {
  const twice = delta(place('a'), 'Hel', 0);
  expect(laneOf(events(twice, twice, delta(place('a'), 'lo', 3)), 'a')?.output).toBe('Hello');
});

test('the text of an earlier call is void', () => {
  const list = events(delta(place('a'), 'bad', 0), delta(place('a', 2), 'good', 0));
  expect(laneOf(list, 'a')).toMatchObject({ output: 'good', place: { attempt: 2 } });
});

test('after a failover the lane names the model that answers now', () => {
  const list = events(
    { type: 'attempt-started', ...place('a'), providerId: 'x', modelId: 'x/1', vendorAttempt: 1 },
    delta(place('a'), 'half', 0),
    { type: 'output-reset', ...place('a'), reason: 'cut', voidedLength: 4 },
    { type: 'failover-happened', ...place('a'), fromModelId: 'x/1', toModelId: 'y/2', reason: 'cut' },
    delta(place('a'), 'whole', 0),
  );
  expect(laneOf(list, 'a')).toMatchObject({
    output: 'whole',
    modelId: 'y/2',
    timeline: [
      { kind: 'attempt-started', modelId: 'x/1' },
      { kind: 'failover-happened', modelId: 'x/1', toModelId: 'y/2' },
    ],
  });
});

test('what a retry begins anew is empty again, the rest stays', () => {
  const retried = { type: 'run-retried', retry: 1, resetStepIds: ['b'], resumedStepIds: [], deadlineAtMs: 0 };
  const list = events(delta(place('a'), 'kept', 0), delta(place('b'), 'void', 0), retried);
  expect(laneOf(list, 'a')?.output).toBe('kept');
  expect(laneOf(list, 'b')).toBeUndefined();
});
