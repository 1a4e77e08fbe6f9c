import { type JournalFact, LeaseLost, type RunFact } from '@switchyard/core/workflows';
import { expect, test } from 'vitest';
import { mostEventCharacters, planWrites, type RunHead, type RunSummary } from './run-write.ts';

const head: RunHead = { id: 'run_1', lastSeq: 7, lastJournalSeq: 5, leaseToken: 3, eventSize: 0 };
const lease = { runId: 'run_1', token: 3 };
const started = (stepId: string): JournalFact => ({ type: 'step-started', stepId, generation: 0 });
const place = { callId: 'call_1', stepId: 'a', slot: 0, attempt: 1 };
const delta = { type: 'output-delta', ...place, text: 'x', offset: 0 } as const;

test('several writes of one run are numbered one after the other; progress makes no decision void', () => {
  const { events, heads, outcomes } = planWrites(
    [
      { runId: 'run_1', facts: [delta], lease },
      { runId: 'run_1', facts: [started('a')], decisions: { facts: [started('b')], afterSeq: 5 }, lease },
    ],
    [head],
    1,
  );
  expect(events.map(({ seq, type }) => [seq, type])).toEqual([
    [8, 'output-delta'],
    [9, 'step-started'],
    [10, 'step-started'],
  ]);
  expect(heads).toMatchObject([{ lastSeq: 10, lastJournalSeq: 10 }]);
  expect(outcomes).toMatchObject([{ isDecided: true }, { isDecided: true, previousJournalSeq: 5 }]);
});

test('of a write whose decisions did not know everything the results are written, the decisions and the summary are not', () => {
  const summary: RunSummary = {
    state: 'completed',
    outputs: null,
    errorCode: null,
    errorMessage: null,
    retries: 0,
    settledSteps: 0,
    activeStepIds: [],
    totals: '[]',
    deadlineAtMs: 0,
    endedAtMs: null,
  };
  const { events, heads, outcomes } = planWrites(
    [
      { runId: 'run_1', facts: [{ type: 'cancel-requested' }], wakes: true, state: 'cancelling' },
      { runId: 'run_1', facts: [started('a')], decisions: { facts: [started('b')], afterSeq: 5 }, lease, summary },
    ],
    [head],
    1,
  );
  expect(events.map(({ seq, type }) => [seq, type])).toEqual([
    [8, 'cancel-requested'],
    [9, 'step-started'],
  ]);
  expect(heads).toMatchObject([{ state: 'cancelling', summary: undefined, wakes: true }]);
  expect(outcomes).toMatchObject([{ isDecided: true }, { isDecided: false, previousJournalSeq: 8 }]);
});

test('an old owner writes nothing, and a deleted run takes nothing', () => {
  const { events, outcomes } = planWrites(
    [
      { runId: 'run_1', facts: [delta], lease: { ...lease, token: 2 } },
      { runId: 'run_2', facts: [delta] },
    ],
    [head],
    1,
  );
  expect(events).toEqual([]);
  for (const outcome of outcomes) expect(outcome).toBeInstanceOf(LeaseLost);
});

test('a run that holds too much keeps what it depends on and stores no more progress', () => {
  const skipped: RunFact = { type: 'step-skipped', stepId: 'a', generation: 0, reason: '' };
  const write = { runId: 'run_1', facts: [delta, skipped, delta] };
  const full = { ...head, eventSize: mostEventCharacters + 1 };
  expect(planWrites([write], [full], 1).events.map(({ type, seq }) => [type, seq])).toEqual([['step-skipped', 8]]);
  expect(planWrites([write], [head], 1).events).toHaveLength(3);
});
