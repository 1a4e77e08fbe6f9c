import { createSeededRandom } from '@switchyard/core/kernel';
import { systemRandom } from '@switchyard/core/kernel/system';
import { defaultAdaptiveSettings, planRoute, strategies } from '@switchyard/core/routing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiServer } from '../../server.ts';
import { ask, send } from '../../testing/graph-client.ts';
import { fetchOpenAi } from '../../testing/openai-client.ts';
import { createTeam } from '../../testing/other-team.ts';
import { giveFeedback, globalId, publishRules, setTeamRouting } from '../../testing/routing-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { testSettings } from '../../testing/test-settings.ts';
import { AdaptiveMemory } from './adaptive-memory.ts';
import { toDecisionRecord, toDecisionRow } from './decision.mapping.ts';
import { routeCall } from './route-call.ts';
import { RoutingDesk } from './routing-desk.ts';

const good = 'openai/gpt-4o-mini';
const bad = 'anthropic/claude-haiku-4-5';

let server: TestServer;
let teamId: string;
beforeAll(async () => {
  server = await startTestServer();
  teamId = (await server.services.prisma.team.findFirstOrThrow()).id;
});
afterAll(() => server.stop());

const chat = (model: string, headers: Readonly<Record<string, string>> = {}) =>
  fetchOpenAi(server, 'chat/completions', { model, messages: [{ role: 'user', content: 'Say hello.' }] }, headers);
test('the adaptive strategy learns which of two models is better, keeps it through a restart and forgets on command', async () => {
  const { services } = server;
  await publishRules(server, [
    { name: 'Two models', when: 'request.role == "judged"', actions: [{ restrict: [good, bad] }] },
  ]);
  await setTeamRouting(server, { strategy: 'ADAPTIVE', adaptive: { costWeightPerUsd: 0, latencyWeightPerSecond: 0 } });
  const round = async (calls: number) => {
    let chosen = 0;
    for (let call = 0; call < calls; call++) {
      const response = await chat('auto', { 'x-switchyard-role': 'judged' });
      const isGood = response.headers.get('x-switchyard-model') === good;
      if (isGood) chosen += 1;
      const requestId = response.headers.get('x-switchyard-decision');
      expect(await giveFeedback(server, { requestId }, isGood ? 0.9 : 0.2)).toMatchObject({
        __typename: 'SubmitFeedbackSuccess',
      });
    }
    await services.routing.learn(teamId);
    return chosen / calls;
  };
  for (let block = 0; block < 3; block++) await round(8);
  expect(await round(16)).toBeGreaterThan(0.6);
  const { routing } = await ask(
    server,
    '{ routing { isAdaptiveOn learned { scope observed models { modelId meanReward probabilityOfBest } } } }',
  );
  const scope = routing.learned.find((each: { scope: string }) => each.scope === 'role:judged');
  expect(scope).toMatchObject({ observed: 40 });
  const best = scope.models.find((each: { modelId: string }) => each.modelId === good);
  expect(best.meanReward).toBeCloseTo(0.9);

  const fresh = new AdaptiveMemory(services.prisma, services.clock, teamId);
  await fresh.refresh();
  expect(fresh.state.scopes.get('role:judged')?.observed).toBe(40);

  const answer = await fetch(`${server.url}/api/models/rebalance?scope=role:judged`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}` },
  });
  expect(await answer.json()).toEqual({ scopes: ['role:judged'] });
  expect((await fetch(`${server.url}/api/models/rebalance`, { method: 'POST' })).status).toBe(401);
  const after = await ask(
    server,
    '{ routing { learned { scope } } routingAudit(first: 1) { edges { node { action scope } } } }',
  );
  expect(after.routing.learned).toEqual([{ scope: 'team' }]);
  expect(after.routingAudit.edges[0].node).toEqual({ action: 'rebalanced', scope: 'role:judged' });
  // A late word on an old decision does not bring back what was forgotten.
  const old = await services.prisma.routingDecision.findFirstOrThrow({ where: { teamId, strategy: 'adaptive' } });
  await giveFeedback(server, { decisionId: globalId('RouteDecision', old.id) }, 0.5, { judge: 'late' });
  await services.routing.learn(teamId);
  expect(await services.prisma.routingReward.count({ where: { isPending: true } })).toBe(0);
  expect((await ask(server, '{ routing { learned { scope } } }')).routing.learned).toEqual([{ scope: 'team' }]);
}, 120_000);

test('a score counts once, is replaced by the same judge, and must be a number from 0 to 1 for an answer of the team', async () => {
  const response = await chat('auto');
  const decisionId = globalId('RouteDecision', response.headers.get('x-switchyard-decision') ?? '');
  expect(await giveFeedback(server, { decisionId }, 1)).toMatchObject({ isReplaced: false });
  expect(await giveFeedback(server, { decisionId }, 1)).toMatchObject({ isReplaced: true });
  expect(await giveFeedback(server, { decisionId }, 0.5)).toMatchObject({ isReplaced: true, score: 0.5 });
  const rewards = await server.services.prisma.routingReward.findMany({
    where: { decisionId: response.headers.get('x-switchyard-decision') ?? '' },
  });
  expect(rewards).toMatchObject([{ quality: 0.5, revision: 2 }]);
  for (const score of [-1, 1.5])
    expect(await giveFeedback(server, { decisionId }, score)).toMatchObject({ code: 'INPUT.INVALID' });
  const stranger = await createTeam(server.services, 'Strangers');
  expect(await giveFeedback(server, { decisionId }, 1, {}, stranger.key)).toMatchObject({ code: 'NOT_FOUND' });
  const seen = await send(
    server,
    'query($id: ID!) { node(id: $id) { id } routeDecisions { totalCount } routingAudit { totalCount } }',
    { id: decisionId },
    { key: stranger.key },
  );
  expect(seen.data).toEqual({ node: null, routeDecisions: { totalCount: 0 }, routingAudit: { totalCount: 0 } });
});

test('two processes that learn at the same moment lose nothing of each other', async () => {
  const { services } = server;
  const { prisma, clock } = services;
  const { teamId: other } = await createTeam(services, 'Learners');
  const team = await services.routing.of(other);
  const request = {
    teamId: other,
    atMs: clock.nowMs(),
    inputTokens: 10,
    maxOutputTokens: 10,
    strategy: 'adaptive',
  } as const;
  for (let count = 0; count < 20; count++) {
    const decision = services.routing.decide(team, request);
    services.routing.record(decision, request, {
      requestedName: 'auto',
      source: 'complete',
      sourceId: undefined,
      decidedAtMs: clock.nowMs(),
    });
  }
  await services.routing.decisions.flush();
  const decisions = await prisma.routingDecision.findMany({ where: { teamId: other } });
  expect(decisions).toHaveLength(20);
  const memories = [0, 1, 2].map(() => new AdaptiveMemory(prisma, clock, other));
  await Promise.all(memories.map((memory) => memory.refresh()));
  for (const [index, { id }] of decisions.entries()) {
    await prisma.routingReward.create({
      data: {
        id: `rwd_${index}`,
        teamId: other,
        decisionId: id,
        judge: 'test',
        quality: 0.5,
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    });
    // By turns, so that each one begins with what it knew long ago; and all at once.
    if (index % 5 === 2) await memories[index % 3]?.learn(defaultAdaptiveSettings);
    if (index % 5 === 4) await Promise.all(memories.map((memory) => memory.learn(defaultAdaptiveSettings)));
  }
  for (const memory of memories) await memory.learn(defaultAdaptiveSettings);
  for (const memory of memories) {
    await memory.refresh();
    expect(memory.state.scopes.get('team')?.observed).toBe(20);
  }
});

test('switched off, the adaptive strategy is replaced by the balanced one, and the decision says so', async () => {
  const { services } = server;
  const { prisma, clock, ids, log, providers, dispatcher } = services;
  const parts = { prisma, clock, ids, log, providers, circuits: dispatcher.chain.circuits, random: systemRandom };
  const routing = new RoutingDesk({ ...parts, adaptiveRouting: false });
  await setTeamRouting(server, { strategy: 'ADAPTIVE' });
  const call = { messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello.' }] }] };
  const purpose = { teamId, source: 'complete' as const };
  const { decision } = await routeCall(
    { providers, routing, roles: services.roles },
    { model: 'auto' },
    call,
    purpose,
    ['model'],
  );
  expect(decision?.plan.strategy).toBe('balanced');
  expect(decision?.plan.explanation).toContain('switched off');
  await routing.decisions.flush();
});

test('every stored decision can be made again from what was known and its seed', async () => {
  const { routing, clock } = server.services;
  const team = await routing.of(teamId);
  for (const { modelId } of team.models) team.countCall(modelId, 1);
  team.renew();
  fc.assert(
    fc.property(
      fc.record({
        strategy: fc.constantFrom(...strategies),
        inputTokens: fc.integer({ min: 0, max: 300_000 }),
        maxOutputTokens: fc.integer({ min: 1, max: 50_000 }),
        taskClass: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
        maxCostNanoUsd: fc.option(fc.bigInt({ min: 0n, max: 10n ** 9n }), { nil: undefined }),
      }),
      ({ maxCostNanoUsd, taskClass, ...wishes }) => {
        const request = {
          teamId,
          atMs: clock.nowMs(),
          ...wishes,
          ...(taskClass !== undefined && { taskClass }),
          ...(maxCostNanoUsd !== undefined && { constraints: { maxCostNanoUsd } }),
        };
        const { snapshot } = team;
        const { id, plan, seed } = routing.decide(team, request);
        const stored = {
          record: { id, request, plan, seed },
          requestedName: 'auto',
          source: 'complete',
          sourceId: undefined,
          decidedAtMs: 0,
        };
        const row = JSON.parse(JSON.stringify(toDecisionRow(teamId, stored)));
        const record = toDecisionRecord({ ...row, seed: BigInt(row.seed), servedModelId: null });
        const again = planRoute(record.request, snapshot, createSeededRandom(record.seed));
        expect({ ...again, rejected: again.rejected.slice(0, 50) }).toEqual(record.plan);
      },
    ),
    { numRuns: 150 },
  );
  for (const { modelId } of team.models) team.countCall(modelId, -1);
});

test('a draft is tried on recorded traffic, and models are recommended with figures', async () => {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const to = new Date(Date.now() + 60_000).toISOString();
  const { backTestRules } = await ask(
    server,
    `query($input: BackTestRulesInput!) { backTestRules(input: $input) { __typename ... on BackTestSuccess { decisions movedShare unroutableShare coveredShare isReliable
       shares { modelId recorded draft } costPerCall { recorded { meanUsd lowUsd } } latencyMs { recorded { mean } } } } }`,
    { input: { from, to, rules: [{ name: 'Never good', when: 'true', actions: [{ deny: [good] }] }] } },
  );
  expect(backTestRules.decisions).toBeGreaterThan(40);
  expect(backTestRules.movedShare).toBeGreaterThan(0.3);
  expect(backTestRules.shares.find((each: { modelId: string }) => each.modelId === good).draft).toBe(0);
  const { cheap, best } = await ask(
    server,
    `{ cheap: recommendModels(input: { taskType: "summarize", contextTokens: 50000, costPreference: CHEAP }) { rank modelId reason }
       best: recommendModels(input: { costPreference: BEST, needs: [VISION] }) { rank modelId reason model { capabilities { vision } } } }`,
  );
  expect(cheap[0]).toMatchObject({ rank: 1, reason: expect.stringContaining('free') });
  for (const { reason } of [...cheap, ...best]) expect(reason).toMatch(/\bfree\b|[1-9]\d* USD a call|price unknown/);
  expect(best.every((each: { model: { capabilities: { vision: boolean } } }) => each.model.capabilities.vision)).toBe(
    true,
  );
  expect(best[0].modelId).not.toBe(cheap[0].modelId);
});

test('what was learned and published is there after a restart', async () => {
  const { dataDir, simulator } = server;
  const before = await ask(server, '{ routing { published { version } learned { scope observed } } }');
  expect(before.routing.learned[0].observed).toBeGreaterThanOrEqual(40);
  if (server.outage) return;
  await server.stopServer();
  const next = createApiServer(testSettings(dataDir), { simulatorBaseUrls: simulator.baseUrls });
  const { url } = await next.start();
  const after = await ask(
    { graphUrl: `${url}/graphql`, key: server.key },
    '{ routing { published { version } learned { scope observed } } }',
  );
  expect(after.routing.published).toEqual(before.routing.published);
  // A reward that was still on its way when it was asked is learned as well.
  expect(after.routing.learned).toEqual([{ scope: before.routing.learned[0].scope, observed: expect.any(Number) }]);
  expect(after.routing.learned[0].observed).toBeGreaterThanOrEqual(before.routing.learned[0].observed);
  await next.stop();
}, 60_000);
