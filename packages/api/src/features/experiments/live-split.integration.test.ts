import { createSeededRandom } from '@switchyard/core/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { experimentDocuments } from '../../testing/experiment-documents.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createTeam } from '../../testing/other-team.ts';
import { publish, runToEnd, startRun, untilRun } from '../../testing/run-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { createExperiments } from './experiment-parts.ts';

let server: TestServer;
const { mutate, importFile, change, start, follow, resultsOf } = experimentDocuments(() => server);
const rawIdOf = (id: string) => Buffer.from(id, 'base64').toString('utf8').split(':')[1]!;

/** The simulator can add up, so how often a variant is right is ours to say: it is asked 50 + 50, or 50 + 7. */
const model = 'openai/gpt-4o-mini';
const steps = [
  { id: 'note', type: 'transform', template: 'About {{ inputs.one }}' },
  {
    id: 'write',
    type: 'prompt',
    models: [{ model }],
    parameters: { maxOutputTokens: 60 },
    prompt: 'What is {{ inputs.one }}?',
  },
  { id: 'other', type: 'transform', template: 'x' },
];
const workflow = (name: string, changes: object = {}) => ({
  format: 1,
  name,
  inputs: { one: { type: 'string', default: '50 + 50' }, two: { type: 'string', default: '50 + 50' } },
  outputs: { text: 'steps.write.output' },
  steps,
  ...changes,
});
const sourceOf = (workflowName: string, more: object = {}) => ({
  ...{ type: 'live-split', workflowName, stepId: 'write', unit: 'user', plannedUnits: 90 },
  ...more,
});
const definitionOf = (name: string, overrides: object = {}) => ({
  hypothesis: 'The second question is answered rightly more often.',
  source: sourceOf(name),
  baseline: 'one',
  variants: [{ key: 'one' }, { key: 'two', prompt: 'What is {{ inputs.two }}?' }],
  scorers: { right: { check: { type: 'contains', texts: ['**100**'] } } },
  primary: { metric: 'score:right' },
  smallestEffect: 0.4,
  caps: { costUsd: '5', concurrency: 8 },
  ...overrides,
});

const call = async (workflowName: string, inputs: object, subject: string, session?: string) => {
  const { run } = await startRun(server, { workflow: workflowName, inputs, subject, ...(session && { session }) });
  return run.id as string;
};
const exposuresOf = (id: string) =>
  server.services.prisma.experimentExposure.findMany({ where: { experimentId: rawIdOf(id) }, orderBy: { at: 'asc' } });
/** Waits until so many executions are in the results. */
const untilIn = (id: string, count: number) =>
  expect
    .poll(() => server.services.prisma.experimentItem.count({ where: { experimentId: rawIdOf(id) } }), {
      timeout: 30_000,
      interval: 50,
    })
    .toBeGreaterThanOrEqual(count);
const stop = (id: string) => change('stopExperiment', 'ExperimentIdInput', { experimentId: id });
const draftOf = async (definition: object, name = 'A test', key = server.key): Promise<LooseJson> =>
  (await change('createExperiment', 'CreateExperimentInput', { name, definition }, key)).experiment;
const right = (random: { next(): number }, share: number) => (random.next() < share ? '50 + 50' : '50 + 7');

beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.stop());

/** Users of an app, one after the other in small groups, until the test has ended; how it ended. */
async function sendUsers(name: string, id: string, shares: readonly [number, number], users: number, seed: number) {
  const random = createSeededRandom(seed);
  const ids: string[] = [];
  for (let user = 0; user < users; user += 6) {
    const group = Array.from({ length: 6 }, (_, index) =>
      call(name, { one: right(random, shares[0]), two: right(random, shares[1]) }, `user-${seed}-${user + index}`),
    );
    ids.push(...(await Promise.all(group)));
  }
  return { runIds: ids, end: (await follow(id)).at(-1).experiment as LooseJson };
}

describe('a live split', () => {
  // Who gets what depends on the id of the test, so the difference is large enough for any assignment.
  test('finds a true difference of 0.7 in what users get, names itself in the runs, and leaves the step as it was', async () => {
    await publish(server, workflow('finds'));
    const { id } = await start(definitionOf('finds'), 'Questions');
    const { runIds, end } = await sendUsers('finds', id, [0.2, 0.9], 96, 3);
    expect(end).toMatchObject({ state: 'ended', stopReason: 'win', winner: 'two' });
    const { results, report, registration } = await resultsOf(id);
    expect(results.headline).toMatch(/"two" wins over "one" after \d+ of 90 users/);
    expect(results.variants[0].metrics[0].words).toContain('better for sure');
    expect(results.health.isSampleRatioBroken).toBe(false);
    expect(report).toContain('score "right"');
    expect(JSON.parse(registration)).toMatchObject({ step: { workflowVersion: 1, content: { id: 'write' } } });
    const document =
      'query($id: ID!) { run(id: $id) { subject step(stepId: "write") { test { experimentId name variant } routes { explanation } } note: step(stepId: "note") { test { name } } } }';
    const { run } = await ask(server, document, { id: runIds[0] });
    expect(run).toMatchObject({ subject: 'user-3-0', note: { test: null } });
    expect(run.step.test).toMatchObject({ experimentId: id, name: 'Questions' });
    const why = `The live test "Questions" put this on its variant "${run.step.test.variant}".`;
    expect(run.step.routes[0].explanation).toContain(why);
    // The same user again, after the end: the step as it is.
    const after = await runToEnd(server, { workflow: 'finds', subject: 'user-3-0' });
    expect((await ask(server, document, { id: after.id })).run.step.test).toBeNull();
    const items = await ask(
      server,
      'query($id: ID!) { experiment(id: $id) { items(first: 1) { edges { node { key position input answers { variant output scores { score } costUsd latencyMs timeToFirstTokenMs } } } } } }',
      { id },
    );
    const [{ node }] = items.experiment.items.edges;
    expect(node).toMatchObject({ input: expect.stringMatching(/^What is 50/), answers: [{ scores: [{}] }] });
    expect(node.answers[0].latencyMs).toBeGreaterThan(0);
    const rated = await change('rateExperimentAnswer', 'RateExperimentAnswerInput', {
      ...{ experimentId: id, position: node.position, variant: node.answers[0].variant, rating: 5 },
    });
    expect(rated.experiment.id).toBe(id);
  }, 120_000);

  test('does not find one where there is none', async () => {
    await publish(server, workflow('same'));
    const { id } = await start(
      definitionOf('same', { source: sourceOf('same', { plannedUnits: 40 }), stop: { alpha: 0.001 } }),
    );
    const { end } = await sendUsers('same', id, [0.6, 0.6], 48, 8);
    expect(end).toMatchObject({ state: 'ended', winner: null });
    expect(['end', 'futility']).toContain(end.stopReason);
  }, 120_000);

  test('keeps a user on one variant, tells who moved, and leaves out who has no name, and reruns', async () => {
    await publish(server, workflow('sticky'));
    const { id } = await start(definitionOf('sticky', { source: sourceOf('sticky', { plannedUnits: 1_000 }) }));
    const ended: LooseJson[] = [];
    for (const [subject, session] of [
      ['anna', 'one'],
      ['anna', 'two'],
      [undefined, 'three'],
    ] as const)
      ended.push(await runToEnd(server, { workflow: 'sticky', subject, session }));
    const chat = { model: 'workflow:sticky', user: 'anna', messages: [{ role: 'user', content: '{"one":"1 + 1"}' }] };
    const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: JSON.stringify(chat),
    });
    expect(answer.status).toBe(200);
    const exposures = await exposuresOf(id);
    expect(exposures).toHaveLength(3);
    expect(new Set(exposures.map(({ variant, unit }) => `${variant} ${unit}`)).size).toBe(1);
    // Others come in Anna's session until one is on the other variant: the app changed what it calls a user.
    const movedOf = async () => (await exposuresOf(id)).filter(({ contamination }) => contamination === 'moved-unit');
    for (let guest = 0; guest < 20 && (await movedOf()).length === 0; guest += 1)
      await runToEnd(server, { workflow: 'sticky', subject: `guest-${guest}`, session: 'one' });
    const [moved] = await movedOf();
    expect(moved?.variant).not.toBe(exposures[0]!.variant);
    const all = await exposuresOf(id);
    expect(JSON.stringify(all)).not.toContain('anna');
    const fields = '... on RerunWorkflowSuccess { run { id subject } }';
    const changes = { runId: ended[0].id, changes: { isWhole: true } };
    const { run } = await mutate('rerunWorkflow', 'RerunWorkflowInput', fields, changes);
    expect(run.subject).toBe('anna');
    await untilRun(server, run.id, 'COMPLETED');
    expect(await exposuresOf(id)).toHaveLength(all.length);
    await untilIn(id, all.length);
    const { results } = await resultsOf(id);
    expect(results.variants[0].metrics[0].missing).toEqual([{ reason: 'moved-unit', count: 1 }]);
    await stop(id);
    await follow(id);
  }, 120_000);

  test('taken over in the middle it counts every execution once', async () => {
    await publish(server, workflow('taken'));
    const { id } = await start(definitionOf('taken', { source: sourceOf('taken', { plannedUnits: 1_000 }) }));
    const send = (from: number) =>
      Promise.all(
        Array.from({ length: 6 }, (_, user) => runToEnd(server, { workflow: 'taken', subject: `u${from + user}` })),
      );
    await send(0);
    await untilIn(id, 3);
    // As after a kill: another engine takes the test, while the first one still believes that it owns it.
    const other = createExperiments({ ...server.services, instanceId: 'srv_other' });
    await server.services.prisma.experiment.update({ where: { id: rawIdOf(id) }, data: { leaseUntil: new Date(0) } });
    await other.engine.start();
    await other.engine.look();
    try {
      await send(6);
      await untilIn(id, 12);
    } finally {
      await other.engine.shutDown(0);
    }
    const exposures = await exposuresOf(id);
    expect(new Set(exposures.map(({ position }) => position)).size).toBe(12);
    const { results } = await resultsOf(id);
    expect(results.items).toBe(12);
    await stop(id);
    expect((await follow(id)).at(-1).experiment).toMatchObject({
      state: 'ended',
      stopReason: 'stopped',
      doneItems: 12,
    });
  }, 120_000);

  test('has judges look at a sample, paid from the cap, and the cap ends it', async () => {
    await publish(server, workflow('judged'));
    const judge = { type: 'rubric', model, rubric: 'Is it right?' };
    const { id } = await start(
      definitionOf('judged', {
        source: sourceOf('judged', { plannedUnits: 500, judgedShare: 0.5 }),
        scorers: { right: definitionOf('judged').scorers.right, liked: { judge } },
        caps: { costUsd: '0.0006', concurrency: 4 },
      }),
    );
    for (let user = 0; user < 120; user += 6) {
      await Promise.all(
        Array.from({ length: 6 }, (_, index) => runToEnd(server, { workflow: 'judged', subject: `u${user + index}` })),
      );
      const { state } = await server.services.prisma.experiment.findUniqueOrThrow({ where: { id: rawIdOf(id) } });
      if (state === 'ended') break;
    }
    expect((await follow(id)).at(-1).experiment).toMatchObject({ state: 'ended', stopReason: 'budget' });
    const answers = await server.services.prisma.experimentAnswer.findMany({ where: { experimentId: rawIdOf(id) } });
    const judged = answers.filter(({ judgeCostNanoUsd }) => judgeCostNanoUsd > 0n);
    expect(judged.length).toBeGreaterThan(0);
    expect(judged.length).toBeLessThan(answers.length);
  }, 120_000);

  test('executes the step as it is when the model of a variant is gone, and gives the test up', async () => {
    await publish(server, workflow('gone'));
    const definition = definitionOf('gone', { variants: [{ key: 'one' }, { key: 'two', model: 'openai/gpt-4o' }] });
    const { id } = await start(definition);
    // Gone after the start: as this process reads the test anew, its variant names what nobody serves.
    const { prisma, liveSplits } = server.services;
    const write = (data: object) => prisma.experiment.update({ where: { id: rawIdOf(id) }, data });
    await write({ liveStep: null });
    await liveSplits.refresh();
    await write({
      definition: JSON.stringify(definition).replace('openai/gpt-4o"', 'openai/nowhere"'),
      liveStep: 'gone/write',
    });
    await liveSplits.refresh();
    const spoiltOf = async () => (await exposuresOf(id)).filter(({ contamination }) => contamination === 'not-applied');
    for (let user = 0; user < 60 && (await spoiltOf()).length < 3; user += 1) {
      const run = await runToEnd(server, { workflow: 'gone', subject: `u${user}` });
      expect(run).toMatchObject({ state: 'COMPLETED', outputs: { text: expect.stringContaining('100') } });
    }
    const spoilt = await spoiltOf();
    expect(spoilt.length).toBeGreaterThanOrEqual(3);
    expect((await follow(id)).at(-1).experiment).toMatchObject({ state: 'ended', stopReason: 'failed' });
  }, 120_000);

  test('one step has one test at a time; a step that is changed ends it, a workflow that is changed elsewhere does not', async () => {
    await publish(server, workflow('changed'));
    const { id } = await start(definitionOf('changed'), 'The first');
    const second = await draftOf(definitionOf('changed'), 'The second');
    expect(second.problems[0].message).toContain('The test "The first" runs on this step');
    const starting = { experimentId: second.id, revision: 1 };
    await publish(server, workflow('raced'));
    const racers = await Promise.all(['A', 'B', 'C'].map((name) => draftOf(definitionOf('raced'), name)));
    const started = await Promise.all(
      racers.map((draft) => change('startExperiment', 'StartExperimentInput', { experimentId: draft.id, revision: 1 })),
    );
    expect(started.filter(({ experiment }) => experiment?.state === 'running')).toHaveLength(1);
    const refused = await change('startExperiment', 'StartExperimentInput', starting);
    expect(refused.__typename).toBe('InvalidExperimentError');
    const { prisma, ids } = server.services;
    const { id: workflowId, teamId } = await prisma.workflow.findFirstOrThrow({ where: { name: 'changed' } });
    const put = async (version: number, changes: object) => {
      const definition = JSON.stringify(workflow('changed', changes));
      const row = { id: ids.next('wfv'), teamId, workflowId, version, definition, publishedAt: new Date() };
      await prisma.workflowVersion.create({ data: row });
      await prisma.workflow.update({ where: { id: workflowId }, data: { publishedVersion: version } });
    };
    await put(2, { steps: [...steps.slice(0, 2), { id: 'other', type: 'transform', template: 'y' }] });
    await runToEnd(server, { workflow: 'changed', subject: 'a' });
    expect(await exposuresOf(id)).toHaveLength(1);
    await put(3, { steps: [steps[0], { ...steps[1], prompt: 'What is 1 + 1?' }] });
    expect((await runToEnd(server, { workflow: 'changed', subject: 'b' })).state).toBe('COMPLETED');
    expect(await exposuresOf(id)).toHaveLength(1);
    const last = (await follow(id)).at(-1).experiment;
    expect(last).toMatchObject({ state: 'ended', stopReason: 'failed' });
    expect(last.stopMessage).toContain('was changed by version 3');
    // The step is free again.
    expect((await change('startExperiment', 'StartExperimentInput', starting)).experiment?.state).toBe('running');
    await stop(second.id);
  }, 120_000);

  test('tells what is wrong with a step or a variant, and is not another team’s', async () => {
    await publish(server, workflow('checked'));
    const early = { key: 'one', prompt: 'See {{ steps.other.output }}' };
    const wrong = { key: 'two', prompt: 'Say {{ inputs.nothing }}' };
    const flow = { key: 'two', workflow: { name: 'checked', version: 1 } };
    const pathsOf = ({ problems }: LooseJson) => problems.map(({ path }: LooseJson) => path.join('.'));
    const texts = await draftOf(definitionOf('checked', { variants: [early, wrong] }));
    expect(pathsOf(texts)).toEqual(['variants.0.prompt', 'variants.1.prompt']);
    expect(pathsOf(await draftOf(definitionOf('checked', { variants: [early, flow] })))[0]).toBe('variants.1.workflow');
    const step = await draftOf(definitionOf('checked', { source: sourceOf('checked', { stepId: 'note' }) }));
    expect(step.problems[0].message).toContain('Steps that can be split: "write"');
    const stranger = await createTeam(server.services, 'Strangers');
    const foreign = await draftOf(definitionOf('checked'), 'Mine', stranger.key);
    expect(foreign.problems[0].message).toContain('There is no workflow "checked"');
  }, 60_000);
});

describe('a paired test with a known true difference of 0.4', () => {
  const sizes = { items: 48, seeds: [1, 2, 3, 4] };
  const importItems = async (seed: number, shares: readonly [number, number]) => {
    const random = createSeededRandom(seed);
    const rows = Array.from({ length: sizes.items }, (_, index) =>
      JSON.stringify({
        key: `i${index}`,
        input: `Item ${index}`,
        one: right(random, shares[0]),
        two: right(random, shares[1]),
      }),
    );
    const made = await importFile({ name: `Known ${seed} ${shares}`, format: 'JSONL', content: rows.join('\n') });
    return made.version.id as string;
  };
  const paired = (datasetVersionId: string) =>
    definitionOf('', {
      source: { type: 'paired', datasetVersionId },
      variants: [
        { key: 'one', model, prompt: 'What is {{ fields.one }}?' },
        { key: 'two', model, prompt: 'What is {{ fields.two }}?' },
      ],
    });

  test('finds it with the power that its plan promises: 4 seeds of at most 48 items', async () => {
    const versions = await Promise.all(sizes.seeds.map((seed) => importItems(seed, [0.4, 0.8])));
    const draft = await draftOf(paired(versions[0]!));
    const { experimentPlan } = await ask(
      server,
      'query($id: ID!) { experimentPlan(experimentId: $id, baselineDeviation: 0.49, variantDeviation: 0.4, correlation: 0) { canConclude power neededItems } }',
      { id: draft.id },
    );
    expect(experimentPlan).toMatchObject({ canConclude: true });
    expect(experimentPlan.power).toBeGreaterThanOrEqual(0.8);
    const ends = await Promise.all(
      versions.map(async (version) => (await follow((await start(paired(version))).id)).at(-1).experiment),
    );
    expect(ends.filter(({ winner }) => winner === 'two').length).toBeGreaterThanOrEqual(3);
    expect(ends.filter(({ stopReason }) => stopReason === 'harm')).toEqual([]);
  }, 180_000);

  test('and an A/A test of the same size is not concluded', async () => {
    const { id } = await start(paired(await importItems(9, [0.6, 0.6])));
    const end = (await follow(id)).at(-1).experiment;
    expect(end).toMatchObject({ state: 'ended', winner: null });
    expect(['end', 'futility']).toContain(end.stopReason);
  }, 120_000);
});
