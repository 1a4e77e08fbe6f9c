import { FakeClock } from '@switchyard/core/testing';
import { describe, expect, test } from 'vitest';
import { MemoryEventStore } from '../testing/memory-event-store.ts';
import { createTestHub, facts, finishStream, never, readEvents } from '../testing/test-hub.ts';

const texts = (events: readonly { readonly text: string }[]) => events.map((event) => event.text).join('');
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('EventHub', () => {
  test('numbers, stores and delivers what is published, with its changes', async () => {
    const store = new MemoryEventStore();
    const hub = createTestHub(store);
    const stream = hub.open('team', 's', 0);
    const reading = readEvents(hub.subscribe('team', 's', 0, never));
    stream.publish(facts('a', 'b'), ['row']);
    stream.publish(facts('c'));
    await finishStream(hub, store, 's');
    expect((await reading).map((event) => event.seq)).toEqual([1, 2, 3]);
    expect([texts(store.stored('team', 's')), store.changes]).toEqual(['abc', ['row']]);
  });

  test('stores everything of one turn in one transaction, whatever the number of streams', async () => {
    const store = new MemoryEventStore();
    const hub = createTestHub(store);
    const streams = Array.from({ length: 50 }, (_, index) => hub.open('team', `s${index}`, 0));
    for (const stream of streams) stream.publish(facts('a'));
    await Promise.all(streams.map((stream) => hub.flush(stream)));
    expect(store.appends).toEqual([50]);
  });

  test('shows nothing before it is stored', async () => {
    const store = new MemoryEventStore({ next: () => 0.99 });
    const hub = createTestHub(store);
    const stream = hub.open('team', 's', 0);
    const subscription = hub.subscribe('team', 's', 0, never);
    const first = subscription.next();
    await turn();
    stream.publish(facts('a'));
    await first;
    expect(texts(store.stored('team', 's'))).toBe('a');
    await subscription.return();
  });

  test('goes on from the number of a stream that another run began', async () => {
    const store = new MemoryEventStore();
    const hub = createTestHub(store);
    hub.open('team', 's', 0).publish(facts('a', 'b'));
    await finishStream(hub, store, 's');
    hub.open('team', 's', 2).publish(facts('c'));
    await finishStream(hub, store, 's');
    expect(texts(await readEvents(hub.subscribe('team', 's', 0, never)))).toBe('abc');
    expect(texts(await readEvents(hub.subscribe('team', 's', 1, never)))).toBe('bc');
    expect(await readEvents(hub.subscribe('team', 's', 99, never))).toEqual([]);
  });

  test('a stream of another process is polled until it is over', async () => {
    const clock = new FakeClock();
    const store = new MemoryEventStore();
    const hub = createTestHub(store, { clock });
    const append = (seq: number, text: string) =>
      store.append([{ teamId: 'team', streamId: 's', events: [{ seq, atMs: 0, text }], changes: [] }]);
    await append(1, 'a');
    const reading = readEvents(hub.subscribe('team', 's', 0, never));
    await clock.advanceAsync(1_000);
    await append(2, 'b');
    await clock.advanceAsync(1_000);
    store.close('s');
    await clock.advanceAsync(1_000);
    expect(texts(await reading)).toBe('ab');
  });

  test('an aborted subscription ends at once and leaves nothing attached', async () => {
    const store = new MemoryEventStore();
    const hub = createTestHub(store);
    hub.open('team', 's', 0).publish(facts('a'));
    const abort = new AbortController();
    const reading = readEvents(hub.subscribe('team', 's', 0, abort.signal));
    await turn();
    expect(hub.subscriberCount).toBe(1);
    abort.abort();
    expect(texts(await reading)).toBe('a');
    expect(hub.subscriberCount).toBe(0);
  });

  test('a subscriber that stops reading costs no more than its queue and then gets everything', async () => {
    const store = new MemoryEventStore();
    const hub = createTestHub(store, { maxWeight: 10 });
    const stream = hub.open('team', 's', 0);
    const slow = hub.subscribe('team', 's', 0, never);
    stream.publish(facts('1'));
    const first = await slow.next();
    const quick = readEvents(hub.subscribe('team', 's', 0, never));
    for (let count = 2; count <= 5_000; count += 1) {
      stream.publish(facts(String(count)));
      if (count % 100 === 0) await hub.flush(stream);
    }
    await finishStream(hub, store, 's');
    expect(await quick).toHaveLength(5_000);
    const rest = await readEvents(slow);
    expect([first.value, ...rest].map((event) => event?.seq)).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1));
  });

  test('another team is told nothing', async () => {
    const store = new MemoryEventStore();
    const hub = createTestHub(store);
    hub.open('mine', 's', 0).publish(facts('secret'));
    expect(await readEvents(hub.subscribe('theirs', 's', 0, never))).toEqual([]);
    await finishStream(hub, store, 's');
    expect(await readEvents(hub.subscribe('theirs', 's', 0, never))).toEqual([]);
  });

  test('refuses to close a stream that still has events to store', () => {
    const hub = createTestHub(new MemoryEventStore());
    hub.open('team', 's', 0).publish(facts('a'));
    expect(() => hub.close('s')).toThrow();
  });
});

describe('EventHub while the store fails', () => {
  test('shows events, keeps them, and writes them later in order with their changes', async () => {
    const clock = new FakeClock();
    const store = new MemoryEventStore();
    const hub = createTestHub(store, { clock });
    const stream = hub.open('team', 's', 0);
    const early = readEvents(hub.subscribe('team', 's', 0, never));
    stream.publish(facts('a'), ['first']);
    await hub.flush(stream);
    store.failure = new Error('the database is away');
    stream.publish(facts('b'), ['second']);
    await clock.advanceAsync(50);
    stream.publish(facts('c'));
    await clock.advanceAsync(10_000);
    const late = readEvents(hub.subscribe('team', 's', 0, never));
    const shown = await readEvents(hub.subscribe('team', 's', 0, never), 3);
    expect(texts(shown)).toBe('abc');
    expect(texts(store.stored('team', 's'))).toBe('a');
    store.failure = undefined;
    await clock.advanceAsync(10_000);
    stream.publish(facts('d'));
    await finishStream(hub, store, 's');
    expect([texts(await early), texts(await late)]).toEqual(['abcd', 'abcd']);
    expect([texts(store.stored('team', 's')), store.changes]).toEqual(['abcd', ['first', 'second']]);
  });

  test('a stream that was lost ends its subscriptions and does not hold up the others', async () => {
    const store = new MemoryEventStore();
    const hub = createTestHub(store);
    const [lost, kept] = [hub.open('team', 'lost', 0), hub.open('team', 'kept', 0)];
    const reading = readEvents(hub.subscribe('team', 'lost', 0, never));
    await turn();
    store.lose('lost');
    lost.publish(facts('x'));
    kept.publish(facts('a'));
    await hub.flush(kept);
    expect(texts(store.stored('team', 'kept'))).toBe('a');
    expect(await reading).toEqual([]);
    lost.publish(facts('nobody hears this'));
    await hub.flush(lost);
    expect([lost.hasPending, hub.get('lost')]).toEqual([false, undefined]);
  });

  test('a stream that can never be stored does not hold up the others for long', async () => {
    const clock = new FakeClock();
    const store = new MemoryEventStore();
    const append = store.append.bind(store);
    store.append = async (batches) => {
      if (batches.some(({ streamId }) => streamId === 'poisoned')) throw new Error('a value the database refuses');
      return append(batches);
    };
    const hub = createTestHub(store, { clock });
    hub.open('team', 'poisoned', 0).publish(facts('x'));
    hub.open('team', 'sound', 0).publish(facts('a'));
    await clock.advanceAsync(5_000);
    expect(texts(store.stored('team', 'sound'))).toBe('a');
  });
});
