import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiServer } from '../../server.ts';
import { ask } from '../../testing/graph-client.ts';
import { fetchOpenAi } from '../../testing/openai-client.ts';
import { giveFeedback, globalId, publishRules, setTeamRouting } from '../../testing/routing-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { testSettings } from '../../testing/test-settings.ts';

const good = 'openai/gpt-4o-mini';
const bad = 'anthropic/claude-haiku-4-5';

let server: TestServer;
let teamId: string;
beforeAll(async () => {
  server = await startTestServer();
  teamId = (await server.services.prisma.team.findFirstOrThrow()).id;
});
afterAll(() => server.stop());

const replayDocument = `query($id: ID!) { node(id: $id) { ... on RouteDecision { strategy replay { isSame problem differences { field stored replayed } } } } }`;
const replay = async (id: string, at: { readonly graphUrl: string; readonly key: string } = server) =>
  (await ask(at, replayDocument, { id: globalId('RouteDecision', id) })).node;
const same = { isSame: true, problem: null, differences: [] };

async function decideByCall(headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const body = { model: 'auto', messages: [{ role: 'user', content: 'Say hello.' }] };
  const response = await fetchOpenAi(server, 'chat/completions', body, headers);
  expect(response.status).toBe(200);
  return response.headers.get('x-switchyard-decision') ?? '';
}

test('decisions of real calls are made again after everything they rested on has changed and the server was restarted', async () => {
  const { services, dataDir, simulator } = server;
  await publishRules(server, [
    { name: 'Two models', when: 'request.role == "judged"', actions: [{ restrict: [good, bad] }] },
    { name: 'Dear ones', when: 'request.tags[0] == "x"', actions: [{ capCostUsd: '0.05' }] },
  ]);
  await setTeamRouting(server, { strategy: 'ADAPTIVE' });
  const ids: string[] = [];
  for (let call = 0; call < 6; call++) {
    const id = await decideByCall(call % 2 === 0 ? { 'x-switchyard-role': 'judged' } : {});
    ids.push(id);
    await giveFeedback(server, { requestId: id }, call / 6);
    await services.routing.learn(teamId);
    (await services.routing.of(teamId)).renew();
  }
  // Calls in flight, a strategy in which chance and load play, and the way out when nobody can be asked.
  await setTeamRouting(server, { strategy: 'BALANCED' });
  const team = await services.routing.of(teamId);
  for (const { modelId } of team.models) team.countCall(modelId, 1);
  team.renew();
  for (let call = 0; call < 4; call++) ids.push(await decideByCall());
  await services.routing.decisions.flush();
  for (const id of ids) expect((await replay(id)).replay).toEqual(same);

  // What they rested on is gone: rules, figures, posteriors.
  await publishRules(server, [{ name: 'Nobody', when: 'true', actions: [{ deny: [good] }] }]);
  await ask(server, 'mutation { rebalanceRouting(input: {}) { __typename } }');
  await services.callRecords.flush();
  await services.routing.measure(team);
  team.renew();
  for (const id of ids) expect((await replay(id)).replay).toEqual(same);

  // Many decisions, few snapshots; what no decision needs goes with time.
  const parts = () => services.prisma.routingSnapshotPart.findMany({ where: { teamId }, select: { hash: true } });
  const kept = await parts();
  expect(kept.length).toBeLessThan(2 * ids.length);
  const old = { teamId, hash: 'old', content: new Uint8Array(1), usedAt: new Date(Date.now() - 31 * 24 * 3_600_000) };
  await services.prisma.routingSnapshotPart.create({ data: old });
  await services.routing.prune();
  expect(await parts()).toHaveLength(kept.length);

  // What was tampered with is found.
  const [first = ''] = ids;
  const { plan } = await services.prisma.routingDecision.findUniqueOrThrow({ where: { id: first } });
  const tampered = { ...(plan as object), isExploration: 'perhaps' };
  await services.prisma.routingDecision.update({ where: { id: first }, data: { plan: tampered } });
  const { isSame, differences } = (await replay(first)).replay;
  expect([isSame, differences]).toEqual([
    false,
    [{ field: 'isExploration', stored: '"perhaps"', replayed: expect.stringMatching(/true|false/) }],
  ]);

  const strategies = new Set<string>();
  if (server.outage) return;
  await server.stopServer();
  const next = createApiServer(testSettings(dataDir), { simulatorBaseUrls: simulator.baseUrls });
  const { url } = await next.start();
  const at = { graphUrl: `${url}/graphql`, key: server.key };
  for (const id of ids.slice(1)) {
    const found = await replay(id, at);
    strategies.add(found.strategy);
    expect(found.replay).toEqual(same);
  }
  expect([...strategies].sort()).toEqual(['ADAPTIVE', 'BALANCED']);
  await next.stop();
}, 120_000);
