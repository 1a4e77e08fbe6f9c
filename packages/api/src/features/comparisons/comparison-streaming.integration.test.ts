import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { change, readComparison, startComparison, waitUntilFinished } from '../../testing/comparison-documents.ts';
import { joinDeltas, readBySocket, subscribers } from '../../testing/event-subscribers.ts';
import type { LooseJson } from '../../testing/graph-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const models = ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'];
const tricky = `Grüße 👩‍👩‍👧‍👦 日本語 ${'🙂'.repeat(40)} "quoted" \\back\\ \u2028 end`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ speed: 8 });
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const seqs = (events: readonly LooseJson[]) => events.map((event) => event.seq);

/** Every event once, in order, from the start to the end, and their deltas equal to what is stored. */
function expectWhole(events: readonly LooseJson[], comparison: LooseJson): void {
  expect(events[0].__typename).toBe('ComparisonStarted');
  expect(events.at(-1).__typename).toBe('ComparisonFinished');
  expect(seqs(events)).toEqual([...seqs(events)].sort((a, b) => a - b));
  expect(new Set(seqs(events)).size).toBe(events.length);
  for (const lane of comparison.lanes) {
    expect(joinDeltas(events, lane.id)).toBe(lane.output);
    expect(joinDeltas(events, lane.id, 'ReasoningDelta')).toBe(lane.reasoning);
    const ends = events.filter((event) => event.laneId === lane.id && event.__typename === 'OutputCompleted');
    expect(ends).toHaveLength(1);
  }
}

describe.each(Object.entries(subscribers))('%s', (_name, read) => {
  test('receives every event exactly once and in order, live', async () => {
    const { id } = await startComparison(server, models);
    const [events, others] = await Promise.all([read(server, id), readBySocket(server, id)]);
    const comparison = await readComparison(server, id);
    expect(comparison.lanes.map((lane: LooseJson) => lane.state)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expectWhole(events, comparison);
    expectWhole(others, comparison);
    expect(comparison.lastSeq).toBe(events.at(-1).seq);
  });

  test('is told at once, not when all is over', async () => {
    server.simulator.control.addFault({ kind: 'silent' });
    const { id } = await startComparison(server, models);
    const events = await read(server, id, 0, 4);
    expect(events.map((event) => event.__typename)).toEqual(['ComparisonStarted', ...Array(3).fill('LaneStarted')]);
    await change(server, 'stopComparison', { comparisonId: id });
  });

  test('goes on with afterSeq after every disconnect, nothing lost and nothing twice', async () => {
    const { id } = await startComparison(server, models);
    const events: LooseJson[] = [];
    for (let turn = 1; events.at(-1)?.__typename !== 'ComparisonFinished'; turn += 1) {
      events.push(...(await read(server, id, events.at(-1)?.seq ?? 0, turn * 3)));
    }
    expectWhole(events, await readComparison(server, id));
  });

  test('receives everything when it joins after the end, also from the middle', async () => {
    const { id } = await startComparison(server, models);
    const comparison = await waitUntilFinished(server, id);
    const events = await read(server, id);
    expectWhole(events, comparison);
    const middle = events[Math.floor(events.length / 2)].seq;
    expect(await read(server, id, middle)).toEqual(events.filter((event) => event.seq > middle));
    expect(await read(server, id, comparison.lastSeq)).toEqual([]);
  });
});

test('keeps characters of several bytes whole, in every vendor’s framing', async () => {
  server.simulator.control.updateSettings({ fixedAnswer: tricky });
  const { id } = await startComparison(server, [...models, 'ollama/llama3.2', 'cohere/command-a-03-2025']);
  const events = await readBySocket(server, id);
  const comparison = await readComparison(server, id);
  expectWhole(events, comparison);
  for (const lane of comparison.lanes) expect(lane.output).toBe(tricky);
});

test('a query of a running comparison and the events after its lastSeq make one consistent whole', async () => {
  const { id } = await startComparison(server, models);
  for (let round = 0; round < 8; round += 1) {
    const snapshot = await readComparison(server, id);
    const events = await readBySocket(server, id, snapshot.lastSeq);
    const final = await readComparison(server, id);
    for (const lane of snapshot.lanes) {
      let text: string = lane.output;
      for (const event of events) {
        if (event.laneId !== lane.id || event.__typename !== 'OutputDelta') continue;
        // A delta that lies within the output was read already: the rule in the description of lastSeq.
        if (event.offset + event.text.length <= text.length) continue;
        expect(event.offset).toBe(text.length);
        text += event.text;
      }
      expect(text).toBe(final.lanes.find((each: LooseJson) => each.id === lane.id).output);
    }
    if (snapshot.state === 'FINISHED') break;
  }
});

test('a client that goes away leaves no subscriber behind', async () => {
  const { id } = await startComparison(server, models);
  await readBySocket(server, id, 0, 2);
  await waitUntilFinished(server, id);
  await expect.poll(() => server.services.comparisonHub.subscriberCount).toBe(0);
});
