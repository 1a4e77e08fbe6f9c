import { expect, test } from 'vitest';
import { ask, define } from '../testing/build-workflow.ts';
import { TestRun } from '../testing/run-workflow.ts';
import { promptOf } from '../testing/scripted-caller.ts';
import { applyEvent } from './apply-event.ts';
import { callIdOf, isSampledForRating } from './call-id.ts';
import { publicEventTypes, publicTypeOf } from './public-events.ts';
import type { CallPlace } from './run-fact.ts';
import { toProgressFact } from './to-progress-fact.ts';

const place: CallPlace = { callId: 'call_1', stepId: 'a', slot: 0, attempt: 1 };

test('every event that readers are promised is told by some fact', () => {
  const told = new Set(Object.values(publicTypeOf).filter((name) => name !== undefined));
  expect([...told].sort()).toEqual([...publicEventTypes].sort());
});

test('a journal tells the story of a run in order: begun before ended, answered before completed', async () => {
  const run = new TestRun(define([ask('a'), ask('b', '{{ steps.a.output }}!')]), (prepared) => promptOf(prepared));
  await run.start();
  const story = run.store
    .eventsOf(run.runId)
    .map((event) => ('stepId' in event ? `${event.type} ${event.stepId}` : event.type));
  const ofStep = (id: string) => [
    `step-started ${id}`,
    `call-started ${id}`,
    `output-completed ${id}`,
    `step-completed ${id}`,
  ];
  expect(story).toEqual(['run-started', ...ofStep('a'), ...ofStep('b'), 'run-finished']);
});

test('what only tells of progress changes nothing but the number', async () => {
  const run = new TestRun(define([{ id: 'ok', type: 'approval', message: 'Well?' }]), () => '');
  const state = await run.start();
  const seq = state.lastSeq + 1;
  const after = applyEvent(state, { type: 'output-delta', ...place, text: 'x', offset: 0, seq, atMs: 0 });
  expect(after).toEqual({ ...state, lastSeq: seq });
});

test('the id of a call is the same wherever it is worked out and different for everything that is another call', () => {
  const base = { stepId: 'a', slot: 0, attempt: 1 };
  const ids = [
    callIdOf('run_1', base, 0),
    callIdOf('run_2', base, 0),
    callIdOf('run_1', base, 1),
    callIdOf('run_1', { ...base, itemIndex: 0 }, 0),
    callIdOf('run_1', { ...base, slot: 1 }, 0),
    callIdOf('run_1', { ...base, attempt: 2 }, 0),
    callIdOf('run_1', { ...base, stepId: 'b' }, 0),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(callIdOf('run_1', { ...base }, 0)).toBe(ids[0]);
});

test('a share of calls is chosen for rating, always the same ones', () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => `call_${index}`);
  const chosen = ids.filter((id) => isSampledForRating(id, 0.25));
  expect(Math.abs(chosen.length - 500)).toBeLessThan(80);
  expect(chosen.every((id) => isSampledForRating(id, 0.5))).toBe(true);
  expect(ids.some((id) => isSampledForRating(id, 0))).toBe(false);
  expect(ids.every((id) => isSampledForRating(id, 1))).toBe(true);
});

test('events of a chain become what readers of a run see', () => {
  const time = { atMs: 1, elapsedMs: 1 };
  const at = { providerId: 'a', modelId: 'a/1' };
  const from = at;
  const to = { providerId: 'b', modelId: 'b/1' };
  expect(
    toProgressFact({ type: 'failover-happened', from, to, reason: 'timeout', kind: 'timeout', ...time }, place),
  ).toEqual({ type: 'failover-happened', ...place, fromModelId: 'a/1', toModelId: 'b/1', reason: 'timeout' });
  expect(
    toProgressFact(
      { type: 'latency-target-missed', attempt: 1, callId: 'c', latencyMs: 9, targetMs: 5, ...at, ...time },
      place,
    ),
  ).toMatchObject({ type: 'guardrail-breached', limit: 'latency', decision: 'warned', measured: '9', allowed: '5' });
  expect(
    toProgressFact({ type: 'retry-scheduled', waitMs: 1, reason: 'timeout', ...at, ...time }, place),
  ).toBeUndefined();
});
