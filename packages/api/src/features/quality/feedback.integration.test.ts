import { afterAll, beforeAll, expect, test } from 'vitest';
import { experimentDocuments } from '../../testing/experiment-documents.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { fetchOpenAi } from '../../testing/openai-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { globalId } from '../../testing/routing-documents.ts';
import { publish, runToEnd } from '../../testing/run-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let stranger: OtherTeam;

const { importFile, start, follow } = experimentDocuments(() => server);
const model = 'openai/gpt-4o-mini';

beforeAll(async () => {
  server = await startTestServer();
  stranger = await createTeam(server.services, 'Strangers');
});
afterAll(() => server.stop());

const say = async (of: object, score: number, more: object = {}, key = server.key): Promise<LooseJson> => {
  const fields =
    'score isReplaced learningDecisions decision { id } feedback { target author modelId runId stepId score }';
  const document = `mutation($input: SubmitFeedbackInput!) { submitFeedback(input: $input) { __typename ... on SubmitFeedbackSuccess { ${fields} } ... on UserError { code message path } } }`;
  return (await ask(server, document, { input: { of, score, ...more } }, { key })).submitFeedback;
};

const post = (body: unknown, key = server.key) =>
  fetch(`${server.url}/api/feedback`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const qualityOf = async (): Promise<number> => {
  const figures = await server.services.prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS "count" FROM answer_feedback WHERE "callId" IS NOT NULL`;
  return figures[0]!.count;
};

test('an answer of a named model is judged by request id, by the id of the answer and over REST: one word of each author', async () => {
  const response = await fetchOpenAi(server, 'chat/completions', {
    model,
    messages: [{ role: 'user', content: 'Hi.' }],
  });
  const requestId = response.headers.get('x-request-id') ?? '';
  const { id } = (await response.json()) as { id: string };
  const first = await say({ requestId }, 0.25, { comment: 'Too long.' });
  expect(first).toMatchObject({ score: 0.25, isReplaced: false, learningDecisions: 0, decision: null });
  expect(first.feedback).toMatchObject({ target: 'CALL', modelId: model });
  expect(await say({ requestId: id }, 0.5)).toMatchObject({ isReplaced: true, score: 0.5 });
  expect(await say({ requestId }, 0.5)).toMatchObject({ isReplaced: true });
  const over = await post({ requestId, score: 9, scale: { lowest: 1, highest: 9 }, judge: 'customer 7' });
  expect(over.status).toBe(200);
  expect(await over.json()).toMatchObject({ score: 1, isReplaced: false });
  expect(await qualityOf()).toBe(2);
  // It reaches the figures of the model: the mean of what was said of the one answer.
  const { services } = server;
  const teamId = (await services.prisma.callRecord.findFirstOrThrow({ where: { sourceId: requestId } })).teamId;
  const { readQuality } = await import('../metrics/read-quality.ts');
  const nowMs = services.clock.nowMs();
  const figures = await readQuality(services.prisma, {
    ...{ teamId, origin: 'simulated', fromMs: nowMs - 3_600_000, toMs: nowMs + 3_600_000, by: ['model'] },
  });
  expect([...figures.values()]).toEqual([expect.objectContaining({ judged: 1, sum: 0.75 })]);
  const { feedback } = await ask(
    server,
    '{ feedback(first: 10, source: APP) { totalCount edges { node { author score comment } } } }',
  );
  expect(feedback.totalCount).toBe(2);
  expect(feedback.edges[0].node).toMatchObject({ author: 'customer 7', score: 1 });
});

test('an answer that the router chose is one target, whatever names it, and is learned from', async () => {
  const response = await fetchOpenAi(server, 'chat/completions', {
    model: 'auto',
    messages: [{ role: 'user', content: 'Hello.' }],
  });
  const decision = response.headers.get('x-switchyard-decision') ?? '';
  expect(await say({ requestId: decision }, 1)).toMatchObject({ isReplaced: false, learningDecisions: 1 });
  for (const of of [
    { decisionId: globalId('RouteDecision', decision) },
    { requestId: response.headers.get('x-request-id') ?? '' },
  ]) {
    expect(await say(of, 1)).toMatchObject({ isReplaced: true });
  }
  expect(await say({ requestId: decision }, 0, { source: 'JUDGE', judge: 'checker' })).toMatchObject({
    isReplaced: false,
  });
  const rewards = await server.services.prisma.routingReward.findMany({
    where: { decisionId: decision },
    orderBy: { weight: 'desc' },
  });
  expect(rewards).toMatchObject([
    { quality: 1, weight: 1, revision: 1 },
    { judge: 'judge:checker', quality: 0, weight: 0.5 },
  ]);
});

test('a completion by its call, a run as a whole and its steps; a word on a step goes before one on the run', async () => {
  const { complete } = await ask(
    server,
    `mutation { complete(input: { model: "${model}", prompt: "Hello." }) { ... on CompleteSuccess { callId } } }`,
  );
  expect(await say({ callId: complete.callId }, 0.5)).toMatchObject({ isReplaced: false, score: 0.5 });
  const prompt = (id: string, text: string) => ({ id, type: 'prompt', models: [{ model: 'auto' }], prompt: text });
  await publish(server, {
    format: 1,
    name: 'two-answers',
    inputs: {},
    steps: [prompt('draft', 'Write.'), prompt('polish', 'Polish: {{ steps.draft.output }}')],
    outputs: { text: 'steps.polish.output' },
  });
  const run = await runToEnd(server, { workflow: 'two-answers', inputs: {} });
  const step = { runId: run.id, stepId: 'draft' };
  const onStep = await say({ step }, 0.2);
  expect(onStep).toMatchObject({ isReplaced: false, learningDecisions: 1 });
  expect(onStep.feedback).toMatchObject({ target: 'STEP', stepId: 'draft', runId: run.id });
  expect(await say({ runId: run.id }, 1)).toMatchObject({ isReplaced: false, learningDecisions: 1 });
  const rewards = await server.services.prisma.routingReward.findMany({
    where: { decision: { source: 'workflow-step' } },
    orderBy: { quality: 'asc' },
  });
  expect(rewards).toMatchObject([
    { quality: 0.2, weight: 1 },
    { quality: 1, weight: 0.5 },
  ]);
  expect(await say({ step: { runId: run.id, stepId: 'nothing' } }, 1)).toMatchObject({ code: 'NOT_FOUND' });
}, 60_000);

test('an answer of a test counts as a rating in its results, days after its end', async () => {
  const { version } = await importFile({ name: 'Ten', format: 'CSV', content: `input\n${'x\n'.repeat(1)}y\nz\n` });
  const { id } = await start({
    hypothesis: 'They are alike.',
    source: { type: 'paired', datasetVersionId: version.id },
    baseline: 'a',
    variants: [
      { key: 'a', model },
      { key: 'b', model: 'anthropic/claude-haiku-4-5' },
    ],
    primary: { metric: 'rating' },
    smallestEffect: 0.2,
    caps: { costUsd: '1' },
  });
  await follow(id);
  const read =
    'query($id: ID!) { experiment(id: $id) { results { variants { metrics { metric pairs baselineMean variantMean } } } } }';
  const rating = async (): Promise<LooseJson> =>
    (await ask(server, read, { id })).experiment.results.variants[0].metrics.find(
      ({ metric }: LooseJson) => metric === 'rating',
    );
  expect(await rating()).toMatchObject({ pairs: 0 });
  const testAnswer = { experimentId: id, position: 0, variant: 'a' };
  expect(await say({ testAnswer }, 0.25)).toMatchObject({ isReplaced: false });
  expect(await say({ testAnswer: { ...testAnswer, variant: 'b' } }, 0.75)).toMatchObject({ isReplaced: false });
  expect(await rating()).toMatchObject({ pairs: 1, baselineMean: 0.25, variantMean: 0.75 });
  expect(await say({ testAnswer: { ...testAnswer, variant: 'c' } }, 1)).toMatchObject({ code: 'NOT_FOUND' });
}, 60_000);

test('what belongs to another team answers like what is missing; nonsense is refused with its place', async () => {
  const { prisma } = server.services;
  const [call, run, decision, answer] = await Promise.all([
    prisma.callRecord.findFirstOrThrow({ where: { sourceId: { startsWith: 'req_' } } }),
    prisma.run.findFirstOrThrow(),
    prisma.routingDecision.findFirstOrThrow(),
    prisma.experimentAnswer.findFirstOrThrow({ where: { failure: null } }),
  ]);
  const { experimentId, position, variant } = answer;
  const runId = globalId('Run', run.id);
  const foreign = [
    { requestId: call.sourceId },
    { callId: globalId('CallRecord', call.id) },
    { decisionId: globalId('RouteDecision', decision.id) },
    { runId },
    { step: { runId, stepId: 'draft' } },
    { testAnswer: { experimentId: globalId('Experiment', experimentId), position, variant } },
  ];
  for (const of of foreign) {
    expect(await say(of, 1, {}, stranger.key)).toMatchObject({ code: 'NOT_FOUND' });
    const answered = await post({ ...of, score: 1 }, stranger.key);
    expect([answered.status, ((await answered.json()) as LooseJson).code]).toEqual([404, 'NOT_FOUND']);
  }
  for (const of of [
    { requestId: '' },
    { requestId: 'req_' },
    { requestId: 'chatcmpl-zz' },
    { requestId: 'req_\u0000' },
    { runId: 'x' },
    { callId: '' },
  ]) {
    expect(await say(of, 1)).toMatchObject({ code: 'NOT_FOUND' });
  }
  expect(await prisma.answerFeedback.count({ where: { teamId: stranger.teamId } })).toBe(0);
  const status = async (body: unknown, key?: string) => (await post(body, key)).status;
  expect(await status('{')).toBe(400);
  expect(await status([])).toBe(400);
  expect(await status({ score: 1 })).toBe(400);
  expect(await status({ runId, callId: 'x', score: 1 })).toBe(400);
  expect(await status({ runId, score: 2 })).toBe(400);
  expect(await status({ step: 'x', score: 1 })).toBe(404);
  expect(await status({ testAnswer: 7, score: 1 })).toBe(404);
  expect(await status({ runId, score: 1 }, 'sk-wrong')).toBe(401);
  const reader = await createKey(server.services, { teamId: run.teamId }, ['READ']);
  expect(await status({ runId, score: 1 }, reader.key)).toBe(403);
});
