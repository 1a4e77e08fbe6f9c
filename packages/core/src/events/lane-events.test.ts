import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compactEvents } from './compact-events.ts';
import type { ComparisonEvent, ComparisonFact } from './comparison-event.ts';
import { DeltaCoalescer } from './delta-coalescer.ts';
import { replayLanes } from './replay-lanes.ts';

const number = (facts: readonly ComparisonFact[]): ComparisonEvent[] =>
  facts.map((fact, index) => ({ ...fact, seq: index + 1, atMs: index }));

const laneId = fc.constantFrom('a', 'b', 'c');
const fact: fc.Arbitrary<ComparisonFact> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constantFrom('output-delta' as const, 'reasoning-delta' as const),
      laneId,
      text: fc.string({ minLength: 1, maxLength: 5 }),
      offset: fc.constant(0),
    }),
  },
  fc.record({
    type: fc.constant('tool-call' as const),
    laneId,
    id: fc.string(),
    toolName: fc.string(),
    input: fc.string(),
  }),
  fc.record({ type: fc.constant('output-reset' as const), laneId, attempt: fc.integer(), reason: fc.string() }),
  fc.record({ type: fc.constant('lane-interrupted' as const), laneId, message: fc.string() }),
);

describe('compactEvents', () => {
  test('keeps what the events mean, at every number a reader may resume from', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), (facts) => {
        const events = number(facts);
        const compacted = compactEvents(events);
        expect(replayLanes(compacted)).toEqual(replayLanes(events));
        for (const { seq } of compacted) {
          const upTo = (list: readonly ComparisonEvent[]) => replayLanes(list.filter((event) => event.seq <= seq));
          expect(upTo(compacted)).toEqual(upTo(events));
        }
      }),
    );
  });

  test('joins neighbours of one lane and kind only', () => {
    const delta = (type: 'output-delta' | 'reasoning-delta', lane: string, text: string) =>
      ({ type, laneId: lane, text, offset: 0 }) as const;
    const compacted = compactEvents(
      number([
        delta('output-delta', 'a', '1'),
        delta('output-delta', 'a', '2'),
        delta('reasoning-delta', 'a', '3'),
        delta('output-delta', 'b', '4'),
        delta('output-delta', 'b', '5'),
      ]),
    );
    expect(compacted.map((event) => [event.seq, 'text' in event && event.text])).toEqual([
      [2, '12'],
      [3, '3'],
      [5, '45'],
    ]);
  });

  test('leaves the events it was given untouched', () => {
    const events = number([
      { type: 'output-delta', laneId: 'a', text: '1', offset: 0 },
      { type: 'output-delta', laneId: 'a', text: '2', offset: 1 },
    ]);
    const before = structuredClone(events);
    compactEvents(events);
    expect(events).toEqual(before);
  });
});

describe('replayLanes', () => {
  test('a retry makes void what the lane had before and leaves the others', () => {
    const lanes = replayLanes(
      number([
        { type: 'comparison-started', laneIds: ['a', 'b'] },
        { type: 'output-delta', laneId: 'a', text: 'old', offset: 0 },
        { type: 'output-delta', laneId: 'b', text: 'kept', offset: 0 },
        { type: 'output-reset', laneId: 'a', attempt: 2, reason: 'retry' },
        { type: 'lane-started', laneId: 'a', attempt: 2, providerId: 'p', modelId: 'p/m' },
        { type: 'output-delta', laneId: 'a', text: 'new', offset: 0 },
      ]),
    );
    expect(lanes.get('a')).toMatchObject({ attempt: 2, output: 'new' });
    expect(lanes.get('b')).toMatchObject({ attempt: 1, output: 'kept' });
  });
});

const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('🙂', 'é', 'x', '\ud83d', '\ude00', '\0'), fc.string({ minLength: 1, maxLength: 1 })),
  maxLength: 6,
});
const piece = fc.tuple(fc.constantFrom('output-delta' as const, 'reasoning-delta' as const), anyText, fc.boolean());

describe('DeltaCoalescer', () => {
  test('loses nothing, counts offsets on, and gives only text that can be stored', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const coalescer = new DeltaCoalescer('lane');
        const facts = [];
        const expected = { 'output-delta': '', 'reasoning-delta': '' };
        for (const [type, text, isDrained] of pieces) {
          coalescer.add(type, text);
          expected[type] += text;
          if (isDrained) facts.push(...coalescer.drain());
        }
        facts.push(...coalescer.finish());
        for (const type of ['output-delta', 'reasoning-delta'] as const) {
          let joined = '';
          for (const each of facts.filter((candidate) => candidate.type === type)) {
            expect(each.offset).toBe(joined.length);
            expect(each.text.isWellFormed()).toBe(true);
            joined += each.text;
          }
          expect(joined).toBe(expected[type].toWellFormed().replaceAll('\0', '\ufffd'));
        }
        expect(coalescer.isEmpty).toBe(true);
      }),
    );
  });

  test('gathers pieces of one kind into one delta and keeps the order of kinds', () => {
    const coalescer = new DeltaCoalescer('lane');
    coalescer.add('reasoning-delta', 'think');
    coalescer.add('output-delta', 'say ');
    coalescer.add('output-delta', 'it');
    expect(coalescer.drain().map(({ type, text }) => [type, text])).toEqual([
      ['reasoning-delta', 'think'],
      ['output-delta', 'say it'],
    ]);
    expect(coalescer.drain()).toEqual([]);
  });

  test('a character whose halves come apart is told whole', () => {
    const coalescer = new DeltaCoalescer('lane');
    coalescer.add('output-delta', 'a\ud83d');
    expect(coalescer.drain().map(({ text }) => text)).toEqual(['a']);
    coalescer.add('output-delta', '\ude42b');
    expect(coalescer.drain()).toMatchObject([{ text: '🙂b', offset: 1 }]);
  });
});
