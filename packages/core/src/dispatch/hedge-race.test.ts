import { expect, test } from 'vitest';
import type { StreamPart } from '../spec/index.ts';
import { HedgeLost, HedgeRace } from './hedge-race.ts';

const start: StreamPart = { type: 'stream-start', warnings: [] };
const text = (delta: string): StreamPart => ({ type: 'text-delta', id: 't', delta });

function setUp() {
  const heard: (StreamPart | number)[] = [];
  const parent = new AbortController();
  const race = new HedgeRace(
    parent.signal,
    (winner) => void heard.push(winner),
    (part) => void heard.push(part),
  );
  return { heard, parent, race, first: race.join(), second: race.join() };
}

test('the first content decides; what the winner said before comes first, and the loser is heard no more', async () => {
  const { heard, race, first, second } = setUp();
  first.onPart(start);
  second.onPart(start);
  expect(heard).toEqual([]);
  await second.onPart(text('b'));
  // Was on its way already when it lost.
  await first.onPart(text('a'));
  await second.onPart(text('c'));
  expect(heard).toEqual([1, start, text('b'), text('c')]);
  expect([race.winner, race.decided.aborted, second.signal.aborted]).toEqual([1, true, false]);
  expect(first.signal.reason).toBeInstanceOf(HedgeLost);
  expect([await race.finish(0), await race.finish(1)]).toEqual([false, true]);
});

test('a complete answer without content decides too', async () => {
  const { heard, race, first, second } = setUp();
  first.onPart(start);
  expect(await race.finish(0)).toBe(true);
  expect([heard, second.signal.aborted]).toEqual([[0, start], true]);
});

test('who stops the chain stops both', () => {
  const { parent, first, second } = setUp();
  parent.abort('stop');
  expect([first.signal.reason, second.signal.reason]).toEqual(['stop', 'stop']);
});
