import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { change, readComparison, startComparison, waitUntilFinished } from '../../testing/comparison-documents.ts';
import { joinDeltas, readBySocket } from '../../testing/event-subscribers.ts';
import type { LooseJson } from '../../testing/graph-client.ts';
import { oneAttempt } from '../../testing/one-attempt.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ policy: oneAttempt });
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const requestsTo = (vendor: string) =>
  server.simulator.control.requests().filter((request) => request.vendor === vendor && request.method === 'POST');

/** A comparison whose first lane has written something and would never end by itself. */
async function startHangingLane(): Promise<LooseJson> {
  server.simulator.control.addFault({ kind: 'stall', afterTokens: 8, vendor: 'openai', times: 1 });
  const comparison = await startComparison(server, models);
  await expect.poll(async () => (await readComparison(server, comparison.id)).lanes[0].output).not.toBe('');
  return comparison;
}

describe('stopLane', () => {
  test('closes the upstream call, keeps what had arrived and leaves the other lane alone', async () => {
    const { id, lanes } = await startHangingLane();
    expect((await change(server, 'stopLane', { laneId: lanes[0].id })).__typename).toBe('StopLaneSuccess');
    await expect.poll(() => requestsTo('openai')[0]?.outcome).toBe('aborted');
    const comparison = await waitUntilFinished(server, id);
    expect(comparison.lanes.map((lane: LooseJson) => lane.state)).toEqual(['STOPPED', 'COMPLETED']);
    expect(comparison.lanes[0].output).not.toBe('');
    expect(comparison.lanes[0].failure).toBeNull();
    const events = await readBySocket(server, id);
    expect(joinDeltas(events, lanes[0].id)).toBe(comparison.lanes[0].output);
    expect(events.filter((event) => event.__typename === 'LaneStopped')).toHaveLength(1);
    // Once more is harmless; a lane that completed has nothing to stop.
    expect((await change(server, 'stopLane', { laneId: lanes[0].id })).__typename).toBe('StopLaneSuccess');
    expect(await change(server, 'stopLane', { laneId: lanes[1].id })).toMatchObject({
      __typename: 'ConflictError',
      code: 'COMPARISONS.LANE_NOT_RUNNING',
    });
  });

  test('stopComparison stops all lanes', async () => {
    server.simulator.control.addFault({ kind: 'silent' });
    const { id } = await startComparison(server, models);
    await expect.poll(() => server.simulator.control.requests().length).toBe(2);
    expect((await change(server, 'stopComparison', { comparisonId: id })).__typename).toBe('StopComparisonSuccess');
    const comparison = await readComparison(server, id);
    expect([comparison.state, ...comparison.lanes.map((lane: LooseJson) => lane.state)]).toEqual([
      'FINISHED',
      'STOPPED',
      'STOPPED',
    ]);
    await expect
      .poll(() => server.simulator.control.requests().map((request) => request.outcome))
      .not.toContain('open');
  });
});

describe('retryLane', () => {
  test('voids the text, counts the attempt, goes on numbering and finishes again', async () => {
    server.simulator.control.addFault({ kind: 'cut', afterTokens: 5, vendor: 'openai', times: 1 });
    const { id, lanes } = await startComparison(server, models);
    const before = await waitUntilFinished(server, id);
    expect(before.lanes[0]).toMatchObject({ state: 'FAILED', attempt: 1 });
    await change(server, 'rateOutput', { laneId: lanes[0].id, rating: 2 });
    expect((await change(server, 'retryLane', { laneId: lanes[0].id })).__typename).toBe('RetryLaneSuccess');
    const events = await readBySocket(server, id, before.lastSeq);
    const after = await waitUntilFinished(server, id);
    expect(after.lanes[0]).toMatchObject({ state: 'COMPLETED', attempt: 2, failure: null, rating: null });
    expect(after.lanes[1]).toEqual(before.lanes[1]);
    expect(events[0]).toMatchObject({ __typename: 'OutputReset', attempt: 2, seq: before.lastSeq + 1 });
    expect(events[1]).toMatchObject({ __typename: 'LaneStarted', attempt: 2 });
    expect(events.at(-1).__typename).toBe('ComparisonFinished');
    expect(after.totalCostUsd).toEqual(expect.any(String));
    const all = await readBySocket(server, id);
    expect(all.map((event) => event.seq)).toEqual([...new Set(all.map((event) => event.seq))].sort((a, b) => a - b));
    expect(joinDeltas(all, lanes[0].id)).toBe(after.lanes[0].output);
  });

  test('many at once run the lane once', async () => {
    const { id, lanes } = await startComparison(server, models);
    await waitUntilFinished(server, id);
    const laneId = lanes[0].id;
    const results = await Promise.all(Array.from({ length: 8 }, () => change(server, 'retryLane', { laneId })));
    expect(results.filter((result) => result.__typename === 'RetryLaneSuccess').length).toBeGreaterThanOrEqual(1);
    const after = await waitUntilFinished(server, id);
    const successes = results.filter((result) => result.__typename === 'RetryLaneSuccess').length;
    expect(after.lanes[0].attempt).toBe(1 + successes);
    expect(requestsTo('openai')).toHaveLength(1 + successes);
    for (const result of results) {
      if (result.__typename !== 'RetryLaneSuccess') expect(result.code).toBe('COMPARISONS.LANE_RUNNING');
    }
  });

  test('a lane that runs is a conflict, and so is deleting its comparison', async () => {
    const { id, lanes } = await startHangingLane();
    expect(await change(server, 'retryLane', { laneId: lanes[0].id })).toMatchObject({
      code: 'COMPARISONS.LANE_RUNNING',
    });
    expect(await change(server, 'deleteComparison', { comparisonId: id })).toMatchObject({
      __typename: 'ConflictError',
    });
    await change(server, 'stopComparison', { comparisonId: id });
  });

  test('a lane that is over is retried while its neighbour still runs', async () => {
    const { id, lanes } = await startHangingLane();
    await expect.poll(async () => (await readComparison(server, id)).lanes[1].state).toBe('COMPLETED');
    expect((await change(server, 'retryLane', { laneId: lanes[1].id })).__typename).toBe('RetryLaneSuccess');
    await expect
      .poll(async () => (await readComparison(server, id)).lanes[1])
      .toMatchObject({ state: 'COMPLETED', attempt: 2 });
    await change(server, 'stopLane', { laneId: lanes[0].id });
    const comparison = await waitUntilFinished(server, id);
    expect(comparison.lanes.map((lane: LooseJson) => lane.state)).toEqual(['STOPPED', 'COMPLETED']);
  });

  test('an equal key retries once and answers the same', async () => {
    const { id, lanes } = await startComparison(server, models);
    await waitUntilFinished(server, id);
    const input = { laneId: lanes[0].id, idempotencyKey: 'retry-1' };
    const results = await Promise.all([1, 2, 3].map(() => change(server, 'retryLane', input)));
    expect(results.map((result) => result.__typename)).toEqual(Array(3).fill('RetryLaneSuccess'));
    const comparison = await waitUntilFinished(server, id);
    expect(comparison.lanes[0].attempt).toBe(2);
  });
});

test('stopping the server interrupts what runs, keeps its text, and sends subscribers away with a code to come back', async () => {
  const { id } = await startHangingLane();
  const reading = readBySocket(server, id).then(
    (events) => events.at(-1).__typename,
    (closed) => closed.code,
  );
  await expect.poll(() => server.services.comparisonHub.subscriberCount).toBe(1);
  const { prisma } = server.services;
  await server.services.runner.shutDown(100);
  const lanes = await prisma.comparisonLane.findMany({ orderBy: { position: 'asc' }, where: { state: 'INTERRUPTED' } });
  expect(lanes).toHaveLength(1);
  expect(lanes[0]?.output).not.toBe('');
  expect((await readComparison(server, id)).state).toBe('FINISHED');
  await server.stopServer();
  expect(['ComparisonFinished', 1001]).toContain(await reading);
});
