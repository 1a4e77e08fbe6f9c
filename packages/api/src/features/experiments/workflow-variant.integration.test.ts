import { afterAll, beforeAll, expect, test } from 'vitest';
import { experimentDocuments } from '../../testing/experiment-documents.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { publish } from '../../testing/run-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { createExperiments } from './experiment-parts.ts';

let server: TestServer;
let versionId: string;
const { importFile, change, mutate, start, follow } = experimentDocuments(() => server);
const rawIdOf = (id: string) => Buffer.from(id, 'base64').toString('utf8').split(':')[1]!;
const noStops = { stop: { onWin: false, onHarm: false, onFutility: false } };

const definitionOf = (overrides: object = {}) => ({
  hypothesis: 'Two steps answer better than one.',
  source: { type: 'paired', datasetVersionId: versionId, maxItems: 8 },
  baseline: 'one',
  variants: [
    { key: 'one', model: 'openai/gpt-4o-mini' },
    { key: 'two', workflow: { name: 'two-steps', version: 1 } },
  ],
  scorers: { short: { check: { type: 'length', max: 20 } } },
  primary: { metric: 'score:short' },
  smallestEffect: 0.1,
  caps: { costUsd: '5', concurrency: 8 },
  ...noStops,
  ...overrides,
});

const model = [{ model: 'openai/gpt-4o-mini' }];
beforeAll(async () => {
  server = await startTestServer();
  await publish(server, {
    format: 1,
    name: 'two-steps',
    inputs: { question: { type: 'string' }, topic: { type: 'string', isOptional: true } },
    outputs: { answer: 'steps.second.output' },
    steps: [
      {
        id: 'first',
        type: 'prompt',
        models: model,
        parameters: { maxOutputTokens: 16 },
        prompt: 'Plan: {{ inputs.question }} {{ inputs.topic }}',
      },
      {
        id: 'second',
        type: 'prompt',
        models: model,
        parameters: { maxOutputTokens: 16 },
        prompt: 'Write: {{ steps.first.output }}',
      },
    ],
  });
  await publish(server, {
    format: 1,
    name: 'asks-people',
    inputs: { count: { type: 'number' }, other: { type: 'string' } },
    steps: [
      { id: 'first', type: 'prompt', models: model, prompt: '{{ inputs.count }}' },
      { id: 'ok', type: 'approval', message: 'Good?', after: ['first'] },
    ],
  });
  const rows = Array.from({ length: 24 }, (_, i) => `"Explain topic number ${i}",t${i % 3}`);
  const made = await importFile({
    name: 'Topics',
    format: 'CSV',
    content: `prompt,topic\n${rows.join('\n')}\n`,
    mapping: { input: 'prompt' },
  });
  versionId = made.version.id;
}, 120_000);
afterAll(() => server.stop());

const runsOf = (id: string) =>
  server.services.prisma.run.findMany({ where: { experimentId: rawIdOf(id) }, orderBy: { id: 'asc' } });

test('a version of a workflow answers each item by a run of the engine, which names the test and is no history', async () => {
  const { id } = await start(definitionOf());
  expect((await follow(id)).at(-1).experiment).toMatchObject({ state: 'ended', stopReason: 'end', doneItems: 8 });
  const shown = await ask(
    server,
    'query($id: ID!) { experiment(id: $id) { items(first: 8) { edges { node { answers { variant output failure costUsd latencyMs outputTokens } } } } } runs(first: 20, filter: { sources: [EXPERIMENT] }) { edges { node { source tags inputs experiment { id } } } } }',
    { id },
  );
  const answers = shown.experiment.items.edges.flatMap(({ node }: LooseJson) => node.answers);
  const ofWorkflow = answers.filter(({ variant }: LooseJson) => variant === 'two');
  expect(ofWorkflow).toHaveLength(8);
  for (const answer of ofWorkflow) {
    expect(answer).toMatchObject({ failure: null, output: expect.stringMatching(/\S/) });
    expect(Number(answer.costUsd)).toBeGreaterThan(0);
    expect(answer.outputTokens).toBeGreaterThan(0);
  }
  const runs = shown.runs.edges.map(({ node }: LooseJson) => node);
  expect(runs).toHaveLength(8);
  expect(runs[0]).toMatchObject({
    source: 'EXPERIMENT',
    experiment: { id },
    tags: expect.arrayContaining(['variant:two']),
  });
  expect(runs[0].inputs).toMatchObject({ topic: expect.stringMatching(/^t\d$/) });
  const fields = '... on DatasetVersionSuccess { version { itemCount } }';
  const history = { source: 'RUNS', name: 'From runs', workflowName: 'two-steps' };
  const made = await mutate('createDatasetFromHistory', 'DatasetFromHistoryInput', fields, history);
  expect(made.version?.itemCount ?? 0).toBe(0);
}, 60_000);

test('what does not fit is told before the start', async () => {
  const variants = [
    { key: 'one', workflow: { name: 'asks-people', version: 1 } },
    { key: 'two', workflow: { name: 'two-steps', version: 7 } },
  ];
  const { experiment } = await change('createExperiment', 'CreateExperimentInput', {
    name: 'Wrong',
    definition: definitionOf({ variants }),
  });
  const told = experiment.problems.filter(({ isError }: LooseJson) => isError);
  expect(told.map(({ path }: LooseJson) => path.join('.'))).toEqual([
    'variants.0.workflow',
    'variants.0.workflow',
    'variants.1.workflow',
  ]);
  expect(told.map(({ message }: LooseJson) => message).join(' ')).toMatch(
    /asks a person.*a column for each of: "count", "other".*no version 7/,
  );
});

test('taken over in the middle it finds its runs again, and begins none twice', async () => {
  const { id } = await start(
    definitionOf({ source: { type: 'paired', datasetVersionId: versionId, repeats: 2, maxItems: 12 } }),
  );
  await expect.poll(async () => (await runsOf(id)).length, { timeout: 30_000, interval: 20 }).toBeGreaterThan(4);
  const other = createExperiments({ ...server.services, instanceId: 'srv_other' });
  await other.engine.start();
  await other.engine.look();
  try {
    expect((await follow(id)).at(-1).experiment).toMatchObject({ state: 'ended', doneItems: 12 });
  } finally {
    await other.engine.shutDown(0);
  }
  const runs = await runsOf(id);
  expect(runs).toHaveLength(24);
  expect(new Set(runs.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(24);
}, 60_000);

test('stopped by hand it cancels its runs, and a cap stops the runs that are under way', async () => {
  const stopped = await start(definitionOf({ source: { type: 'paired', datasetVersionId: versionId, repeats: 20 } }));
  await expect
    .poll(async () => (await runsOf(stopped.id)).length, { timeout: 30_000, interval: 20 })
    .toBeGreaterThan(1);
  await change('stopExperiment', 'ExperimentIdInput', { experimentId: stopped.id });
  expect((await follow(stopped.id)).at(-1).experiment).toMatchObject({ state: 'ended', stopReason: 'stopped' });
  await expect
    .poll(async () => (await runsOf(stopped.id)).filter(({ endedAt }) => endedAt === null).length, { timeout: 20_000 })
    .toBe(0);
  const capped = await start(
    definitionOf({
      source: { type: 'paired', datasetVersionId: versionId, repeats: 20 },
      caps: { costUsd: '0.0005', concurrency: 4 },
    }),
  );
  const end = (await follow(capped.id)).at(-1).experiment;
  expect(end).toMatchObject({ state: 'ended', stopReason: 'budget' });
  const answers = await server.services.prisma.experimentAnswer.findMany({
    where: { experimentId: rawIdOf(capped.id) },
  });
  const dearest = Math.max(0, ...answers.map(({ costNanoUsd }) => Number(costNanoUsd ?? 0n)));
  expect(Number(end.spentUsd) * 1e9).toBeLessThanOrEqual(500_000 + 4 * dearest);
}, 60_000);
