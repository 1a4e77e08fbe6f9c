import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyRunEvent } from './apply-run-event.ts';
import { attemptStarted, completed, delta, place, started, stepEnded, stepStarted } from './run-event-fixture.ts';
import { emptyRecord, type RunEvent, type RunRecord } from './run-record.ts';

const start = emptyRecord('run', ['plan', 'write']);
const play = (events: readonly RunEvent[], from: RunRecord = start) => events.reduce(applyRunEvent, from);

/** A run of two steps as a server would tell it: calls that fail over, texts that are reset, retries of the run. */
const stories = fc
  .array(
    fc.record({
      step: fc.constantFrom('plan', 'write'),
      slot: fc.nat({ max: 2 }),
      text: fc.string({ minLength: 1, maxLength: 6 }),
      what: fc.constantFrom('text', 'text', 'text', 'attempt', 'call', 'reset', 'end', 'finish', 'retry'),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((moves) => {
    let seq = 0;
    const next = () => {
      seq += 1 + (seq % 3);
      return seq;
    };
    const calls = new Map<string, { attempt: number; length: number }>();
    const events: RunEvent[] = [started(next())];
    let retry = 0;
    for (const { step, slot, text, what } of moves) {
      const key = `${step}${slot}`;
      const call = calls.get(key) ?? { attempt: 1, length: 0 };
      const where = place(step, slot, call.attempt);
      if (what === 'text') {
        events.push(delta(next(), where, text, call.length));
        calls.set(key, { ...call, length: call.length + text.length });
      } else if (what === 'attempt') events.push(attemptStarted(next(), where, `openai/${text.length}`));
      else if (what === 'call') calls.set(key, { attempt: call.attempt + 1, length: 0 });
      else if (what === 'reset') {
        events.push({
          __typename: 'OutputReset',
          seq: next(),
          at: '2026-01-01T00:00:00Z',
          laneId: key,
          place: where,
          reason: 'cut',
        });
        calls.set(key, { ...call, length: 0 });
      } else if (what === 'end') events.push(stepEnded(next(), step, 'COMPLETED'));
      else if (what === 'finish') events.push(completed(next(), where, 'whole'));
      else {
        retry += 1;
        events.push(started(next(), { retry, resetStepIds: [step], resumedStepIds: [] }));
        for (const slotOf of [0, 1, 2])
          calls.set(`${step}${slotOf}`, { attempt: (calls.get(`${step}${slotOf}`)?.attempt ?? 1) + 1, length: 0 });
      }
    }
    return events;
  });

describe('applyRunEvent', () => {
  it('gives the same run however often the connection is lost and from wherever it is taken up', () => {
    fc.assert(
      fc.property(stories, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 6 }), (events, cuts) => {
        const whole = play(events);
        let record = start;
        let told = 0;
        for (const [forward, back] of cuts) {
          const until = Math.min(events.length, told + (forward % 12));
          record = play(events.slice(Math.max(0, told - (back % 12)), until), record);
          told = until;
        }
        expect(play(events.slice(told), record)).toEqual(whole);
      }),
    );
  });

  it('adds up deltas to the text that was written, also when several are told as one after a pause', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 20 }),
        fc.nat(),
        fc.nat(),
        (parts, a, b) => {
          const where = place('plan', 0, 1);
          const offsets = parts.map((_, index) => parts.slice(0, index).join('').length);
          const plain = parts.map((text, index) => delta(index + 1, where, text, offsets[index] ?? 0));
          const cut = a % parts.length;
          const from = b % (cut + 1);
          // The lagging subscriber gets everything since an earlier place in one piece.
          const compacted = delta(parts.length, where, parts.slice(from).join(''), offsets[from] ?? 0);
          const record = play([...plain.slice(0, cut), compacted]);
          expect(record.lanes.plan0?.output).toBe(parts.join(''));
          expect(record.hasGap).toBe(false);
        },
      ),
    );
  });

  it('says that text is missing in place of joining what does not fit', () => {
    const record = play([delta(1, place('plan', 0, 1), 'Hel', 0), delta(2, place('plan', 0, 1), 'world', 9)]);
    expect(record.hasGap).toBe(true);
    expect(record.lanes.plan0?.output).toBe('Hel');
  });

  it('forgets the text of a call when the same model is called again, and ignores what comes late of the earlier one', () => {
    const record = play([
      delta(1, place('plan', 0, 1), 'Old', 0),
      delta(2, place('plan', 0, 2), 'New', 0),
      delta(3, place('plan', 0, 1), ' news', 3),
    ]);
    expect(record.lanes.plan0).toMatchObject({ output: 'New', place: { attempt: 2 } });
  });

  it('begins the steps anew that a retry names, and keeps the others', () => {
    const record = play([
      started(1),
      stepStarted(2, 'plan'),
      delta(3, place('plan', 0, 1), 'Plan', 0),
      stepEnded(4, 'plan', 'COMPLETED'),
      stepStarted(5, 'write'),
      delta(6, place('write', 0, 1), 'Half', 0),
      stepEnded(7, 'write', 'FAILED'),
      started(8, { retry: 1, resetStepIds: ['write'], resumedStepIds: [] }),
    ]);
    expect(record.steps.plan).toMatchObject({ state: 'COMPLETED' });
    expect(record.steps.write).toMatchObject({ state: 'PENDING', error: null });
    expect(Object.keys(record.lanes)).toEqual(['plan0']);
  });

  it('leaves lanes that did not change the same object, so that they are not drawn again', () => {
    const before = play([delta(1, place('plan', 0, 1), 'a', 0), delta(2, place('plan', 1, 1), 'b', 0)]);
    const after = applyRunEvent(before, delta(3, place('plan', 1, 1), 'c', 1));
    expect(after.lanes.plan0).toBe(before.lanes.plan0);
    expect(after.lanes.plan1?.output).toBe('bc');
  });
});
