import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinDeltas } from '../../testing/event-subscribers.ts';
import { type LooseJson, send } from '../../testing/graph-client.ts';
import { createTeam } from '../../testing/other-team.ts';
import { publish, readRun, runEventsDocument, runSubscribers, startRun } from '../../testing/run-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let runId: string;
let all: LooseJson[];

const prompt = (id: string, text: string, rest: object = {}) => ({
  id,
  type: 'prompt',
  models: [{ model: 'openai/gpt-4o-mini' }],
  prompt: text,
  ...rest,
});
const wide = {
  format: 1,
  name: 'wide',
  inputs: { topic: { type: 'string' } },
  steps: [
    prompt('views', 'Three views on {{ inputs.topic }}', {
      strategy: 'parallel',
      models: [{ model: 'openai/gpt-4o-mini' }, { model: 'anthropic/claude-haiku-4-5' }],
    }),
    prompt('sum', 'Sum up: {{ steps.views.output }}'),
  ],
  outputs: { text: 'steps.sum.output' },
};

beforeAll(async () => {
  server = await startTestServer({ speed: 20 });
  await publish(server, wide);
  const { run } = await startRun(server, { workflow: 'wide', inputs: { topic: 'tides' } });
  runId = run.id;
  all = (await runSubscribers['graphql-ws']?.(server, runId)) ?? [];
});
afterAll(() => server.stop());

describe('the events of a run', () => {
  test('tell the whole run in order, from its beginning to its end', () => {
    const names = all.map(({ __typename }) => __typename);
    expect(names[0]).toBe('RunStarted');
    expect(names.at(-1)).toBe('RunFinished');
    expect(all.at(-1)).toMatchObject({ state: 'COMPLETED', error: null, run: { state: 'COMPLETED' } });
    const seqs = all.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    for (const stepId of ['views', 'sum']) {
      const own = all.filter((event) => (event.stepId ?? event.place?.stepId ?? event.routePlace?.stepId) === stepId);
      const order = [...new Set(own.map(({ __typename }) => __typename))];
      expect(order.slice(0, 4)).toEqual(['StepStarted', 'RouteDecided', 'AttemptStarted', 'OutputDelta']);
      expect(order.slice(-2)).toEqual(['OutputCompleted', 'StepCompleted']);
    }
  });

  test('hold every lane’s text, each piece where the one before ended', async () => {
    const completed = all.filter(({ __typename }) => __typename === 'OutputCompleted');
    expect(completed).toHaveLength(3);
    for (const { laneId, whole, spend, costUsd } of completed) {
      expect(joinDeltas(all, laneId)).toBe(whole);
      expect(spend).toMatchObject([{ costUsd }]);
    }
    const { steps } = await readRun(server, runId);
    const lanes = steps.flatMap((step: LooseJson) => step.lanes);
    expect(new Map(lanes.map(({ laneId, output }: LooseJson) => [laneId, output]))).toEqual(
      new Map(completed.map(({ laneId, whole }) => [laneId, whole])),
    );
  });

  test.each(Object.entries(runSubscribers))('are the same for %s, also in pieces', async (_name, read) => {
    const place = Math.floor(all.length / 3);
    const first = await read(server, runId, 0, place);
    const rest = await read(server, runId, first.at(-1).seq);
    const seen = [...first, ...rest];
    expect(seen[0]).toEqual(all[0]);
    expect(seen.at(-1)).toEqual(all.at(-1));
    // What is read from the store comes event by event; a live reader may have got several deltas as one.
    for (const { laneId, whole } of seen.filter(({ __typename }) => __typename === 'OutputCompleted')) {
      expect(joinDeltas(seen, laneId)).toBe(whole);
    }
    const others = (events: readonly LooseJson[]) => events.filter(({ __typename }) => __typename !== 'OutputDelta');
    expect(others(seen)).toEqual(others(all));
  });

  test('a reader who leaves in the middle of a live run misses nothing', async () => {
    const { run } = await startRun(server, { workflow: 'wide', inputs: { topic: 'ice' } });
    const seen: LooseJson[] = [];
    const read = runSubscribers['graphql-sse'];
    for (let isOver = false; !isOver; ) {
      seen.push(...((await read?.(server, run.id, seen.at(-1)?.seq ?? 0, 3)) ?? []));
      isOver = seen.at(-1)?.__typename === 'RunFinished';
    }
    const seqs = seen.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    const completed = seen.filter(({ __typename }) => __typename === 'OutputCompleted');
    expect(completed).toHaveLength(3);
    for (const { laneId, whole } of completed) expect(joinDeltas(seen, laneId)).toBe(whole);
  });

  test('are not for another team, nor for a place that cannot be', async () => {
    const other = await createTeam(server.services, 'Strangers');
    const subscribe = (id: string, after: number, key: string) =>
      send(server, runEventsDocument, { id, after }, { key, headers: { accept: 'text/event-stream' } });
    expect((await subscribe(runId, 0, other.key)).text).toContain('There is no such run in your team.');
    expect((await subscribe(runId, -1, server.key)).text).toContain('afterSeq is 0 or');
  });
});
