import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { fetchOpenAi } from '../../testing/openai-client.ts';
import { createKey, createTeam } from '../../testing/other-team.ts';
import { errorFields, giveFeedback, globalId, publishRules, setTeamRouting } from '../../testing/routing-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const good = 'openai/gpt-4o-mini';
const bad = 'anthropic/claude-haiku-4-5';
const embedder = 'openai/text-embedding-3-small';

let server: TestServer;
let teamId: string;
beforeAll(async () => {
  server = await startTestServer();
  teamId = (await server.services.prisma.team.findFirstOrThrow()).id;
  await ask(
    server,
    `mutation { setRole(input: { name: "namer", revision: 0, models: [{ model: "${bad}", parameters: { maxOutputTokens: 100 } }] }) { __typename ${errorFields} } }`,
  );
});
afterAll(() => server.stop());

const estimate = async (models: readonly string[]): Promise<LooseJson> =>
  (
    await ask(
      server,
      `query($models: [String!]!) { estimateRun(input: { models: $models, prompt: "Explain tides." }) { ... on EstimateRunSuccess {
         fits models { requested modelId maxOutputTokens maxUsd fits unavailableReason } } } }`,
      { models },
    )
  ).estimateRun;
const dryRun = async (input: object, options?: { readonly key: string }): Promise<LooseJson> =>
  (
    await ask(
      server,
      `query($input: DryRunRouteInput!) { dryRunRoute(input: $input) { __typename ${errorFields}
         ... on DryRunRouteSuccess { plan { candidates { modelId } rejected { modelId code } matchedRules { name } } } } }`,
      { input },
      options,
    )
  ).dryRunRoute;

test('an estimate knows auto and roles, keeps to the rules, and leaves no decision behind', async () => {
  const decisions = () => server.services.prisma.routingDecision.count({ where: { teamId } });
  await publishRules(server, [
    { name: 'Cheap ones', when: 'request.role == ""', actions: [{ restrict: [good, bad] }] },
    { name: 'No haiku', when: 'request.role == ""', actions: [{ deny: [bad] }] },
  ]);
  const before = await decisions();
  const { models, fits } = await estimate(['auto', 'role:namer', bad, 'role:nobody']);
  expect(models).toMatchObject([
    { requested: 'auto', modelId: good, fits: true },
    // The role's own longest answer, and its own rules.
    { requested: 'role:namer', modelId: bad, maxOutputTokens: 100, fits: true },
    { requested: bad, modelId: null, unavailableReason: expect.stringContaining('denied by the rule "No haiku"') },
    { requested: 'role:nobody', modelId: null, unavailableReason: expect.stringContaining('no role "nobody"') },
  ]);
  expect(fits).toBe(false);
  await server.services.routing.decisions.flush();
  expect(await decisions()).toBe(before);
  await publishRules(server, []);
});

test('a dry run knows roles, and asks as an API key of the team, of no other', async () => {
  const { keyId } = await createKey(server.services, { teamId }, ['RUN']);
  const stranger = await createTeam(server.services, 'Strangers');
  await publishRules(server, [
    { name: 'The app', when: `request.key == "${keyId}"`, actions: [{ pin: [bad] }] },
    { name: 'Namers', when: 'request.role == "namer"', actions: [{ strict: true }] },
  ]);
  const asMyself = await dryRun({ model: good });
  expect(asMyself.plan).toMatchObject({ candidates: [{ modelId: good }], matchedRules: [] });
  const asApp = await dryRun({ model: good, apiKeyId: globalId('ApiKey', keyId) });
  expect(asApp.plan).toMatchObject({ candidates: [{ modelId: bad }], matchedRules: [{ name: 'The app' }] });
  const asRole = await dryRun({ model: 'role:namer' });
  expect(asRole.plan).toMatchObject({ candidates: [{ modelId: bad }], matchedRules: [{ name: 'Namers' }] });
  for (const id of [globalId('ApiKey', stranger.keyId), globalId('User', keyId), 'nonsense'])
    expect(await dryRun({ model: good, apiKeyId: id })).toMatchObject({
      __typename: 'NotFoundError',
      code: 'NOT_FOUND',
      path: ['input', 'apiKeyId'],
    });
  expect(await dryRun({ model: 'role:nobody' })).toMatchObject({ __typename: 'NoEligibleModelError' });
  await publishRules(server, []);
});

test('a cap on the cost holds for embeddings and for what stands in unasked: it looks at the size of the call', async () => {
  const embed = (input: string) => fetchOpenAi(server, 'embeddings', { model: embedder, input });
  const long = 'A long story of switches and signals. '.repeat(700);
  // Too long for the model as well, which is only a guess: the cap stands all the same.
  const endless = long.repeat(4);
  await publishRules(server, [{ name: 'Small', when: 'true', actions: [{ capCostUsd: '0.00005' }] }]);
  expect((await embed('Hello.')).status).toBe(200);
  const refused = await embed(long);
  expect(refused.status).toBe(403);
  expect((await refused.json()).error.message).toContain('rules and limits of your team');
  expect((await embed(endless)).status).toBe(403);
  const { routing } = server.services;
  const team = await routing.of(teamId);
  const target = team.findTarget(good);
  if (!target) throw new Error('The model is set up.');
  const purpose = { teamId, source: 'complete' as const };
  const permitted = (inputTokens: number) =>
    routing.permit([target], purpose, { inputTokens, maxOutputTokens: 10 }).map(({ modelId }) => modelId);
  expect([permitted(10), permitted(1_000_000)]).toEqual([[good], []]);

  // A limit that is a setting holds as well, without any rule.
  await publishRules(server, []);
  expect((await embed(long)).status).toBe(200);
  await setTeamRouting(server, { limits: { maxCostUsd: '0.00005' } });
  expect((await embed(long)).status).toBe(403);
  await setTeamRouting(server, {});
});

test('a judge says later, on its own scale, how good an answer was; what is no score on it is refused by name', async () => {
  const messages = [{ role: 'user', content: 'Say hello.' }];
  const response = await fetchOpenAi(server, 'chat/completions', { model: 'auto', messages });
  const decision = response.headers.get('x-switchyard-decision') ?? '';
  const of = { decisionId: globalId('RouteDecision', decision) };
  const scale = { lowest: 1, highest: 10 };
  const judged = { source: 'JUDGE', judge: 'strict-grader' };
  expect(await giveFeedback(server, of, 7.75, { ...judged, scale })).toMatchObject({ isReplaced: false, score: 0.75 });
  expect(await giveFeedback(server, of, 10, { ...judged, scale })).toMatchObject({ isReplaced: true, score: 1 });
  expect(await giveFeedback(server, of, 0.5)).toMatchObject({ isReplaced: false });
  const wrong: readonly (readonly [number, object, string])[] = [
    [0, { ...judged, scale }, 'from 1 to 10'],
    [-0.1, judged, 'from 0 to 1. Name the scale'],
    [11, { ...judged, scale }, 'from 1 to 10'],
    [5, { ...judged, scale: { lowest: 5, highest: 5 } }, 'above its lowest'],
    [1e300, { ...judged, scale: { lowest: -1e308, highest: 1e308 } }, ''],
    [1, { source: 'JUDGE' }, 'Name the judge'],
  ];
  for (const [score, more, message] of wrong)
    expect(await giveFeedback(server, of, score, more)).toMatchObject({
      __typename: 'ValidationError',
      code: 'INPUT.INVALID',
      message: expect.stringContaining(message),
    });
  const rewards = await server.services.prisma.routingReward.findMany({
    where: { decisionId: decision },
    orderBy: { judge: 'asc' },
  });
  expect(rewards.map(({ judge, quality }) => [judge.split(':')[0], quality])).toEqual([
    ['feedback', 0.5],
    ['judge', 1],
  ]);
});

test('whoever may not manage is told which scope is missing and how to get it', async () => {
  const { key } = await createKey(server.services, { teamId }, ['READ', 'RUN']);
  const { rebalanceRouting } = await ask(
    server,
    `mutation { rebalanceRouting(input: {}) { __typename ${errorFields} } }`,
    {},
    { key },
  );
  expect(rebalanceRouting.message).toContain('lacks the scope MANAGE or MANAGE_ROUTING. Make a key that has it');
});
