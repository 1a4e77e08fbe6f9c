import { afterAll, beforeAll, expect, test } from 'vitest';
import { readComparison, startComparison, waitUntilFinished } from '../../testing/comparison-documents.ts';
import { readBySocket } from '../../testing/event-subscribers.ts';
import { ask } from '../../testing/graph-client.ts';
import { publishRules } from '../../testing/routing-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const good = 'openai/gpt-4o-mini';
const bad = 'anthropic/claude-haiku-4-5';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test('a lane tells why its model was asked, before it is asked, and keeps it; a lane with nothing to decide is silent', async () => {
  await publishRules(server, [
    { name: 'Two models', when: 'request.inputTokens < 1000', actions: [{ restrict: [good, bad] }] },
  ]);
  const { id, lanes } = await startComparison(server, ['auto', good]);
  await waitUntilFinished(server, id);
  const events = await readBySocket(server, id);
  const [laneId] = lanes.map((lane: { id: string }) => lane.id);
  const ofLane = events.filter((event) => event.laneId === laneId).map((event) => event.__typename);
  expect(ofLane.slice(0, 2)).toEqual(['LaneStarted', 'LaneRouteDecided']);

  const { entry } = events.find((event) => event.laneId === laneId && event.__typename === 'LaneRouteDecided');
  const { route } = entry;
  expect(entry.kind).toBe('ROUTE_DECIDED');
  expect(route).toMatchObject({
    requestedName: 'auto',
    strategy: 'BALANCED',
    matchedRules: [{ name: 'Two models', effects: [`only ${good}, ${bad}`] }],
  });
  expect(route.candidates.map(({ modelId }: { modelId: string }) => modelId).sort()).toEqual([bad, good].sort());
  expect(route.candidates[0].modelId).toBe(entry.modelId);
  expect(route.propensity).toBe(route.candidates[0].propensity);
  expect(route.rejectedCount).toBeGreaterThan(20);
  expect(route.rejected).toHaveLength(20);
  expect(route.rejected[0]).toMatchObject({
    code: 'RESTRICTED_BY_RULE',
    reason: expect.stringContaining('Two models'),
  });

  // The second lane was named, but the rule had its say: it is told as well.
  const { node } = await ask(
    server,
    `query($id: ID!, $decision: ID!) { node(id: $id) { ... on Comparison { lanes { timeline { kind route { decisionId } } } } }
       decision: node(id: $decision) { ... on RouteDecision { chosenModelId } } }`,
    { id, decision: route.decisionId },
  );
  expect(node.lanes[0].timeline[0]).toEqual({ kind: 'ROUTE_DECIDED', route: { decisionId: route.decisionId } });

  await publishRules(server, []);
  const silent = await startComparison(server, [good, bad]);
  await waitUntilFinished(server, silent.id);
  const others = await readBySocket(server, silent.id);
  expect(others.some((event) => event.__typename === 'LaneRouteDecided')).toBe(false);
  expect((await readComparison(server, silent.id)).state).toBe('FINISHED');
});
