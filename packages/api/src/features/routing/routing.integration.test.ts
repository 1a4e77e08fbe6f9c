import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../../testing/graph-client.ts';
import { fetchOpenAi } from '../../testing/openai-client.ts';
import { createKey } from '../../testing/other-team.ts';
import { errorFields, globalId, publishRules } from '../../testing/routing-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

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
  await publishRules(server, [
    { name: 'No OpenAI', when: 'request.role != "trusted"', actions: [{ deny: ['openai/*'] }] },
  ]);
  const refused = await chat(good);
  expect(refused.status).toBe(403);
  expect((await refused.json()).error).toMatchObject({ code: 'no_eligible_model', param: 'model' });
  expect((await chat(good, { 'x-switchyard-role': 'trusted' })).status).toBe(200);
  expect((await chat('auto')).headers.get('x-switchyard-model')).not.toContain('openai/');
  const embedding = { model: 'openai/text-embedding-3-small', input: 'Hello.' };
  expect((await fetchOpenAi(server, 'embeddings', embedding)).status).toBe(403);
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

  await publishRules(server, [{ name: 'Throws', when: 'request.tags[0] == "x"', actions: [{ deny: ['openai/*'] }] }]);
  const closed = await chat(good);
  expect(closed.status).toBe(403);
  expect((await closed.json()).error.message).toContain('denied by the rule "Throws"');
  expect((await chat(good, { 'x-switchyard-tags': 'y' })).status).toBe(200);

  await publishRules(server, [{ name: 'Pinned', when: 'true', actions: [{ pin: [bad] }] }]);
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
  await publishRules(server, []);
  expect((await chat(good)).status).toBe(200);
});

test('the faster model is chosen as soon as it has been measured, and the decision says by how much', async () => {
  const { services } = server;
  const { routing, callRecords, clock, ids } = services;
  const facts = {
    teamId,
    source: 'complete',
    attempt: 1,
    origin: 'simulated',
    outcome: 'succeeded',
    usage: {},
  } as const;
  const measure = async (latencies: Readonly<Record<string, number>>) => {
    for (const [modelId, latencyMs] of Object.entries(latencies)) {
      const providerId = modelId.split('/')[0] ?? '';
      for (let count = 0; count < 100; count++)
        callRecords.record({
          ...facts,
          id: ids.next('call'),
          providerId,
          modelId,
          latencyMs,
          startedAtMs: clock.nowMs(),
        });
    }
    await callRecords.flush();
    const team = await routing.of(teamId);
    await routing.measure(team);
    team.renew();
  };
  const plan = async () => {
    const { dryRunRoute } = await ask(
      server,
      `{ dryRunRoute(input: { prompt: "Hi", strategy: LATENCY_FIRST, context: { role: "raced" } }) { ... on DryRunRouteSuccess { plan { explanation candidates { modelId } } } } }`,
    );
    return dryRunRoute.plan;
  };
  await publishRules(server, [{ name: 'Two', when: 'request.role == "raced"', actions: [{ restrict: [good, bad] }] }]);
  await measure({ [good]: 800, [bad]: 1_000 });
  const before = await plan();
  expect(before.candidates.map(({ modelId }: { modelId: string }) => modelId)).toEqual([good, bad]);
  expect(before.explanation).toContain(`${good} chosen (lowest latency first): 20 % lower latency than ${bad}`);
  await measure({ [good]: 4_000 });
  expect((await plan()).candidates[0].modelId).toBe(bad);
  await publishRules(server, []);
});

test('a budget that is nearly used up is a fact for rules', async () => {
  const { services } = server;
  const rule = { name: 'Save', when: 'budgets["Daily"].usedShare > 0.5', actions: [{ deny: [good] }] };
  const { prisma, budgets, routing } = services;
  const { createBudget } = await ask(
    server,
    `mutation { createBudget(input: { name: "Daily", unit: REQUESTS, window: DAY, limit: "1000000" }) { __typename ... on UserError { message } } }`,
  );
  expect(createBudget.__typename).toBe('CreateBudgetSuccess');
  await budgets.book.reload();
  const team = await routing.of(teamId);
  team.renew();
  await publishRules(server, [rule]);
  expect((await chat(good)).status).toBe(200);
  expect(team.snapshot.inputs.budgets).toMatchObject([{ name: 'Daily' }]);
  await publishRules(server, []);
  await prisma.budget.deleteMany({ where: { teamId } });
  await budgets.book.reload();
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
