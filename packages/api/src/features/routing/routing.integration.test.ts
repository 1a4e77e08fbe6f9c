import { createSeededRandom } from '@switchyard/core/kernel';
import { systemRandom } from '@switchyard/core/kernel/system';
import { defaultAdaptiveSettings, planRoute, strategies } from '@switchyard/core/routing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiServer } from '../../server.ts';
import { ask, send } from '../../testing/graph-client.ts';
import { fetchOpenAi } from '../../testing/openai-client.ts';
import { createKey, createTeam } from '../../testing/other-team.ts';
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
const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');
const errorFields = '... on UserError { code message path }';

async function publish(rules: readonly object[]): Promise<void> {
  const { routing } = await ask(server, '{ routing { draft { revision } } }');
  const saved = await ask(
    server,
    `mutation($input: SaveRoutingDraftInput!) { saveRoutingDraft(input: $input) { ... on SaveRoutingDraftSuccess { draft { revision } } ${errorFields} } }`,
    { input: { rules, revision: routing.draft?.revision ?? 0 } },
  );
  const { publishRoutingRules } = await ask(
    server,
    `mutation($input: PublishRoutingRulesInput!) { publishRoutingRules(input: $input) { __typename ${errorFields} } }`,
    { input: { revision: saved.saveRoutingDraft.draft.revision } },
  );
  expect(publishRoutingRules.__typename).toBe('PublishRoutingRulesSuccess');
}

async function setTeam(preferences: object): Promise<void> {
  const { routing } = await ask(server, '{ routing { settings { scope revision } } }');
  const revision = routing.settings.find((each: { scope: string }) => each.scope === 'team')?.revision ?? 0;
  const { saveRoutingSettings } = await ask(
    server,
    `mutation($input: SaveRoutingSettingsInput!) { saveRoutingSettings(input: $input) { __typename ${errorFields} } }`,
    { input: { scope: 'team', revision, ...preferences } },
  );
  expect(saveRoutingSettings.__typename).toBe('SaveRoutingSettingsSuccess');
}

const giveFeedback = (of: object, score: number, more: object = {}, key = server.key) =>
  ask(
    server,
    `mutation($input: SubmitFeedbackInput!) { submitFeedback(input: $input) { __typename ... on SubmitFeedbackSuccess { isReplaced score } ${errorFields} } }`,
    { input: { of, score, ...more } },
    { key },
  ).then((data) => data.submitFeedback);

test('auto is answered, listed among the models, and the decision tells why', async () => {
  const response = await chat('auto', { 'x-switchyard-task-class': 'greeting' });
  expect(response.status).toBe(200);
  const id = response.headers.get('x-switchyard-decision') ?? '';
  const answered = response.headers.get('x-switchyard-model');
  await server.services.routing.decisions.flush();
  const { node } = await ask(
    server,
    `query($id: ID!) { node(id: $id) { ... on RouteDecision { chosenModelId servedModelId outcome requestedName explanation costUsd latencyMs
       plan { strategy candidates { modelId score propensity criteria { criterion score } } rejected { modelId code reason } } } } }`,
    { id: globalId('RouteDecision', id) },
  );
  expect(node).toMatchObject({
    chosenModelId: answered,
    servedModelId: answered,
    outcome: 'succeeded',
    requestedName: 'auto',
    plan: { strategy: 'BALANCED' },
  });
  expect(node.explanation).toContain(`${answered} chosen (balanced)`);
  expect(node.plan.candidates[0].criteria).toHaveLength(4);
  await server.services.callRecords.flush();
  const call = await server.services.prisma.callRecord.findFirstOrThrow({ where: { decisionId: id } });
  expect(call).toMatchObject({ modelId: answered, taskClass: 'greeting' });
  expect((await (await fetchOpenAi(server, 'models')).text()).includes('"id":"auto"')).toBe(true);
  expect((await fetchOpenAi(server, 'models/auto')).status).toBe(200);
});

test('what the request needs is looked for: a picture goes to a model that sees, and so do completions and lanes', async () => {
  const { dryRunRoute } = await ask(
    server,
    `{ dryRunRoute(input: { prompt: "What is on it?", needs: [VISION, TOOLS], inputTokens: 150000 }) {
       ... on DryRunRouteSuccess { plan { candidates { model { contextWindowTokens capabilities { vision tools } } } rejected { code } explanation } } } }`,
  );
  expect(dryRunRoute.plan.candidates.length).toBeGreaterThan(0);
  for (const { model } of dryRunRoute.plan.candidates) {
    expect(model.capabilities).toEqual({ vision: true, tools: true });
    // Of a model whose context nobody knows it cannot be said that it is too small.
    expect(model.contextWindowTokens ?? 1_000_000).toBeGreaterThan(150_000);
  }
  const codes = dryRunRoute.plan.rejected.map(({ code }: { code: string }) => code);
  expect(codes).toEqual(expect.arrayContaining(['MISSING_CAPABILITY', 'CONTEXT_TOO_SMALL']));
  const { complete } = await ask(
    server,
    `mutation { complete(input: { model: "auto", prompt: "Hello.", context: { role: "greeter" } }) {
       ... on CompleteSuccess { modelId decision { chosenModelId explanation } } } }`,
  );
  expect(complete.decision.chosenModelId).toBe(complete.modelId);
  const { startComparison } = await ask(
    server,
    `mutation { startComparison(input: { prompt: "Hello.", models: ["auto", "${good}"] }) {
       ... on StartComparisonSuccess { comparison { lanes { id modelId decision { requestedName } } } } } }`,
  );
  expect(startComparison.comparison.lanes).toMatchObject([
    { modelId: 'auto', decision: { requestedName: 'auto' } },
    { modelId: good, decision: null },
  ]);
});

test('a mistake in a rule is shown at its character, and a rule that another one hides is flagged', async () => {
  const save = (rules: readonly object[]) =>
    ask(
      server,
      `mutation($input: SaveRoutingDraftInput!) { saveRoutingDraft(input: $input) { __typename
         ... on SaveRoutingDraftSuccess { warnings { code ruleId } draft { rules { name } } }
         ... on InvalidRoutingRulesError { code problems { code start end suggestion isError } } } }`,
      { input: { rules, revision: 0 } },
    ).then((data) => data.saveRoutingDraft);
  const wrong = await save([{ name: 'Wrong', when: 'request.rol == "coder"', actions: [{ deny: [good] }] }]);
  expect(wrong).toMatchObject({
    __typename: 'InvalidRoutingRulesError',
    problems: [{ start: 8, end: 11, isError: true }],
  });
  expect(wrong.problems[0].suggestion).toContain('role');
  const hidden = await save([
    { name: 'All', when: 'true', actions: [{ strict: true }], isFinal: true },
    { id: 'hidden', name: 'Hidden', when: 'request.role == "x"', actions: [{ deny: [good] }] },
    { id: 'never', name: 'Never', when: 'time.hour > 22 && time.hour < 7', actions: [{ deny: [good] }] },
  ]);
  expect(hidden.warnings).toEqual([
    { code: 'SHADOWED', ruleId: 'hidden' },
    { code: 'NEVER_MATCHES', ruleId: 'never' },
  ]);
  await ask(server, 'mutation { discardRoutingDraft { ... on DiscardRoutingDraftSuccess { wasThere } } }');
});

test('rules hold for every call of the team, fail closed, and can be rolled back', async () => {
  await publish([{ name: 'No OpenAI', when: 'request.role != "trusted"', actions: [{ deny: ['openai/*'] }] }]);
  const refused = await chat(good);
  expect(refused.status).toBe(403);
  expect((await refused.json()).error).toMatchObject({ code: 'no_eligible_model', param: 'model' });
  expect((await chat(good, { 'x-switchyard-role': 'trusted' })).status).toBe(200);
  expect((await chat('auto')).headers.get('x-switchyard-model')).not.toContain('openai/');
  const { complete } = await ask(
    server,
    `mutation { complete(input: { model: "${good}", prompt: "Hello.", fallbacks: ["${bad}"] }) {
       ... on CompleteSuccess { modelId decision { plan { matchedRules { name } rejected { modelId code } } } } ${errorFields} } }`,
  );
  expect(complete.modelId).toBe(bad);
  expect(complete.decision.plan).toMatchObject({
    matchedRules: [{ name: 'No OpenAI' }],
    rejected: [{ modelId: good, code: 'DENIED_BY_RULE' }],
  });

  await publish([{ name: 'Throws', when: 'request.tags[0] == "x"', actions: [{ deny: ['openai/*'] }] }]);
  const closed = await chat(good);
  expect(closed.status).toBe(403);
  expect((await closed.json()).error.message).toContain('denied by the rule "Throws"');
  expect((await chat(good, { 'x-switchyard-tags': 'y' })).status).toBe(200);

  await publish([{ name: 'Pinned', when: 'true', actions: [{ pin: [bad] }] }]);
  expect((await chat(good)).headers.get('x-switchyard-model')).toBe(bad);

  const { routingRuleChanges, routingRuleVersions } = await ask(
    server,
    '{ routingRuleChanges(from: 1, to: 3) { type before { name } after { name } } routingRuleVersions { version } }',
  );
  expect(routingRuleChanges.map(({ type }: { type: string }) => type)).toEqual(['REMOVED', 'ADDED']);
  expect(routingRuleVersions).toEqual([{ version: 3 }, { version: 2 }, { version: 1 }]);
  const back = await ask(
    server,
    'mutation { rollBackRoutingRules(input: { version: 1 }) { ... on PublishRoutingRulesSuccess { version { version rolledBackTo rules { name } } } } }',
  );
  expect(back.rollBackRoutingRules.version).toEqual({ version: 4, rolledBackTo: 1, rules: [{ name: 'No OpenAI' }] });
  expect((await chat(good)).status).toBe(403);
  const { routingAudit } = await ask(server, '{ routingAudit(first: 2) { edges { node { action by summary } } } }');
  expect(routingAudit.edges[0].node).toMatchObject({ action: 'rolled-back' });
  await publish([]);
  expect((await chat(good)).status).toBe(200);
});

test('two people who publish the same draft: one is told; viewers may not', async () => {
  const { services } = server;
  const { key } = await createKey(services, { teamId }, ['READ', 'RUN']);
  const document = `mutation($input: SaveRoutingDraftInput!) { saveRoutingDraft(input: $input) { __typename ${errorFields} } }`;
  const input = { rules: [], revision: 0 };
  expect((await ask(server, document, { input }, { key })).saveRoutingDraft.code).toBe('TEAMS.FORBIDDEN');
  const both = await Promise.all([ask(server, document, { input }), ask(server, document, { input })]);
  expect(both.map(({ saveRoutingDraft }) => saveRoutingDraft.__typename).sort()).toEqual([
    'ConflictError',
    'SaveRoutingDraftSuccess',
  ]);
  const version = { input: { revision: 1 } };
  const publishing = `mutation($input: PublishRoutingRulesInput!) { publishRoutingRules(input: $input) { __typename } }`;
  const published = await Promise.all([ask(server, publishing, version), ask(server, publishing, version)]);
  expect(
    published.filter(({ publishRoutingRules }) => publishRoutingRules.__typename === 'PublishRoutingRulesSuccess'),
  ).toHaveLength(1);
});

test('the adaptive strategy learns which of two models is better, keeps it through a restart and forgets on command', async () => {
  const { services } = server;
  await publish([{ name: 'Two models', when: 'request.role == "judged"', actions: [{ restrict: [good, bad] }] }]);
  await setTeam({ strategy: 'ADAPTIVE', adaptive: { costWeightPerUsd: 0, latencyWeightPerSecond: 0 } });
  const round = async (calls: number) => {
    let chosen = 0;
    for (let call = 0; call < calls; call++) {
      const response = await chat('auto', { 'x-switchyard-role': 'judged' });
      const isGood = response.headers.get('x-switchyard-model') === good;
      if (isGood) chosen += 1;
      const requestId = response.headers.get('x-switchyard-decision');
      expect(await giveFeedback({ requestId }, isGood ? 0.9 : 0.2)).toMatchObject({
        __typename: 'SubmitFeedbackSuccess',
      });
    }
    await expect
      .poll(() => services.prisma.routingReward.count({ where: { isPending: true } }), { timeout: 20_000 })
      .toBe(0);
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
  await giveFeedback({ decisionId: globalId('RouteDecision', old.id) }, 0.5, { judge: 'late' });
  await expect
    .poll(() => services.prisma.routingReward.count({ where: { isPending: true } }), { timeout: 20_000 })
    .toBe(0);
  expect((await ask(server, '{ routing { learned { scope } } }')).routing.learned).toEqual([{ scope: 'team' }]);
}, 120_000);

test('a score counts once, is replaced by the same judge, and must be a number from 0 to 1 for an answer of the team', async () => {
  const response = await chat('auto');
  const decisionId = globalId('RouteDecision', response.headers.get('x-switchyard-decision') ?? '');
  expect(await giveFeedback({ decisionId }, 1)).toMatchObject({ isReplaced: false });
  expect(await giveFeedback({ decisionId }, 1)).toMatchObject({ isReplaced: true });
  expect(await giveFeedback({ decisionId }, 0.5)).toMatchObject({ isReplaced: true, score: 0.5 });
  const rewards = await server.services.prisma.routingReward.findMany({
    where: { decisionId: response.headers.get('x-switchyard-decision') ?? '' },
  });
  expect(rewards).toMatchObject([{ quality: 0.5, revision: 2 }]);
  for (const score of [-1, 1.5])
    expect(await giveFeedback({ decisionId }, score)).toMatchObject({ code: 'INPUT.INVALID' });
  const stranger = await createTeam(server.services, 'Strangers');
  expect(await giveFeedback({ decisionId }, 1, {}, stranger.key)).toMatchObject({ code: 'NOT_FOUND' });
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
  await setTeam({ strategy: 'ADAPTIVE' });
  const call = { messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello.' }] }] };
  const purpose = { teamId, source: 'complete' as const };
  const { decision } = await routeCall({ providers, routing }, { model: 'auto' }, call, purpose, ['model']);
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
  expect(backTestRules.decisions).toBeGreaterThan(50);
  expect(backTestRules.movedShare).toBeGreaterThan(0.3);
  expect(backTestRules.shares.find((each: { modelId: string }) => each.modelId === good).draft).toBe(0);
  const { cheap, best } = await ask(
    server,
    `{ cheap: recommendModels(input: { taskType: "summarize", contextTokens: 50000, costPreference: CHEAP }) { rank modelId reason }
       best: recommendModels(input: { costPreference: BEST, needs: [VISION] }) { rank modelId reason model { capabilities { vision } } } }`,
  );
  expect(cheap[0]).toMatchObject({ rank: 1, reason: expect.stringContaining('USD a call') });
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
  expect(after).toEqual(before);
  await next.stop();
}, 60_000);
