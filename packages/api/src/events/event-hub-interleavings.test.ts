import { createSeededRandom, type Random } from '@switchyard/core/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryEventStore, type TestEvent } from '../testing/memory-event-store.ts';
import { createTestHub, finishStream, type TestHub } from '../testing/test-hub.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const pause = async (random: Random, most: number) => {
  for (let turns = Math.floor(random.next() * most); turns > 0; turns -= 1) await turn();
};

/** Reads to the end, slowly at times, leaving and coming back at random places. */
async function readWithDisconnects(hub: TestHub, teamId: string, streamId: string, afterSeq: number, random: Random) {
  const seen: TestEvent[] = [];
  for (;;) {
    const abort = new AbortController();
    const leaveAfter = random.next() < 0.6 ? Math.floor(random.next() * 12) : Number.POSITIVE_INFINITY;
    let count = 0;
    for await (const event of hub.subscribe(teamId, streamId, seen.at(-1)?.seq ?? afterSeq, abort.signal)) {
      seen.push(event);
      count += 1;
      if (random.next() < 0.1) await pause(random, 20);
      if (count >= leaveAfter) break;
    }
    if (count < leaveAfter) return seen;
    await pause(random, 6);
  }
}

test('every subscriber gets every event once and in order, whoever overtakes whom', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 30 }), fc.boolean(), async (seed, maxWeight, fails) => {
      const random = createSeededRandom(seed);
      const store = new MemoryEventStore(random);
      const clock = {
        nowMs: () => 0,
        monotonicMs: () => 0,
        startTimer: (_delayMs: number, callback: () => void) => {
          const handle = setImmediate(callback);
          return { cancel: () => clearImmediate(handle) };
        },
      };
      const hub = createTestHub(store, { maxWeight, clock });
      const stream = hub.open('team', 's', 0);
      const total = 80;
      const readers: Promise<readonly [number, readonly TestEvent[]]>[] = [];
      const join = (afterSeq: number) =>
        readers.push(readWithDisconnects(hub, 'team', 's', afterSeq, random).then((seen) => [afterSeq, seen] as const));
      join(0);
      for (let count = 0; count < total; ) {
        const size = 1 + Math.floor(random.next() * 5);
        stream.publish(Array.from({ length: size }, (_, index) => ({ text: `${count + index}` })));
        count += size;
        if (fails && random.next() < 0.2) store.failure = store.failure ? undefined : new Error('away');
        if (random.next() < 0.3) join(Math.floor(random.next() * (count + 1)));
        await pause(random, 5);
      }
      store.failure = undefined;
      await finishStream(hub, store, 's');
      join(0);
      const stored = store.stored('team', 's');
      for (const [afterSeq, seen] of await Promise.all(readers)) {
        expect(seen.map((event) => event.seq)).toEqual(stored.slice(afterSeq).map((event) => event.seq));
      }
      expect(hub.subscriberCount).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('afterSeq at every position gives exactly the rest', async () => {
  const random = createSeededRandom(3);
  const store = new MemoryEventStore(random);
  const hub = createTestHub(store, { maxWeight: 7 });
  const stream = hub.open('team', 's', 0);
  const readers = [];
  for (let seq = 0; seq <= 60; seq += 1) {
    readers.push(readWithDisconnects(hub, 'team', 's', seq, random));
    stream.publish([{ text: `${seq}` }]);
    await pause(random, 3);
  }
  await finishStream(hub, store, 's');
  for (const [afterSeq, seen] of (await Promise.all(readers)).entries()) {
    expect(seen.map((event) => event.seq)).toEqual(
      Array.from({ length: 61 - afterSeq }, (_, index) => afterSeq + 1 + index),
    );
  }
});

test('no event crosses teams: 50 teams with 20 subscribers each', async () => {
  const random = createSeededRandom(11);
  const store = new MemoryEventStore(random);
  const hub = createTestHub(store, { maxWeight: 8 });
  const teams = Array.from({ length: 50 }, (_, index) => `team${index}`);
  const readers = teams.flatMap((teamId, index) =>
    Array.from({ length: 20 }, async (_, position) => {
      // Every other one asks for a stream of the next team.
      const isForeign = position % 2 === 1;
      const streamId = `s${isForeign ? (index + 1) % teams.length : index}`;
      await pause(random, 30);
      const seen = await readWithDisconnects(hub, teamId, streamId, 0, random);
      return { teamId, isForeign, seen };
    }),
  );
  for (const [index, teamId] of teams.entries()) hub.open(teamId, `s${index}`, 0);
  for (let round = 0; round < 20; round += 1) {
    for (const [index, teamId] of teams.entries()) {
      if (random.next() < 0.5) hub.get(`s${index}`)?.publish([{ text: teamId }]);
    }
    await pause(random, 4);
  }
  await Promise.all(teams.map((_, index) => finishStream(hub, store, `s${index}`)));
  let received = 0;
  for (const { teamId, isForeign, seen } of await Promise.all(readers)) {
    if (isForeign) expect(seen).toEqual([]);
    else expect(seen).toEqual(store.stored(teamId, `s${teams.indexOf(teamId)}`));
    received += seen.length;
  }
  expect(received).toBeGreaterThan(1_000);
});
