import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { experimentDocuments } from '../../testing/experiment-documents.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { createExperiments } from './experiment-parts.ts';

let server: TestServer;
let stranger: OtherTeam;
let versionId: string;

const { mutate, importFile, change, start, follow, resultsOf, versionFields } = experimentDocuments(() => server);

const definitionOf = (overrides: object = {}) => ({
  hypothesis: 'Short answers are shorter.',
  source: { type: 'paired', datasetVersionId: versionId },
  baseline: 'long',
  variants: [
    { key: 'long', model: 'openai/gpt-4o-mini' },
    { key: 'short', model: 'openai/gpt-4o-mini', parameters: { maxOutputTokens: 16 } },
  ],
  scorers: { short: { check: { type: 'length', max: 20 } } },
  primary: { metric: 'score:short' },
  smallestEffect: 0.1,
  caps: { costUsd: '5', concurrency: 8 },
  ...overrides,
});

const rawIdOf = (id: string) => Buffer.from(id, 'base64').toString('utf8').split(':')[1]!;

const teamIdOf = async () =>
  (await server.services.prisma.team.findFirstOrThrow({ where: { id: { not: stranger.teamId } } })).id;

beforeAll(async () => {
  server = await startTestServer();
  stranger = await createTeam(server.services, 'Strangers');
  const rows = Array.from(
    { length: 60 },
    (_, i) => `"Explain topic number ${i}, in detail",answer ${i},group-${i % 12},t${i % 3}`,
  );
  const made = await importFile({
    name: 'Topics',
    format: 'CSV',
    content: `\ufeffprompt,expected,cluster,topic\r\n${rows.join('\r\n')}\r\n`,
    mapping: { input: 'prompt', expected: 'expected' },
  });
  versionId = made.version.id;
}, 120_000);
afterAll(() => server.stop());

describe('datasets', () => {
  test('an import keeps every column, is refused whole with the lines that are wrong, and can leave them out', async () => {
    const content = 'input,a,a\n1,2,3\nonly one\n"open,1,2\n4,5,6';
    const preview = await ask(
      server,
      `query($content: String!) { previewDatasetImport(format: CSV, content: $content) { columns mapping { input } items { input fields } problems { line } problemCount message } }`,
      { content },
    );
    expect(preview.previewDatasetImport).toMatchObject({
      columns: ['input', 'a', 'a (2)'],
      mapping: { input: 'input' },
      items: [{ input: '1', fields: { a: '2', 'a (2)': '3' } }],
      problemCount: 2,
    });
    const refused = await importFile({ name: 'Broken', format: 'CSV', content });
    expect(refused).toMatchObject({
      code: 'DATASETS.INVALID_FILE',
      problemCount: 2,
      problems: [{ line: 3 }, { line: 4 }],
    });
    const taken = await importFile({ name: 'Broken', format: 'CSV', content, skipsProblems: true });
    expect(taken).toMatchObject({
      dataset: { name: 'Broken' },
      version: { version: 1, itemCount: 1, skippedCount: 2, fieldNames: ['a', 'a (2)'] },
    });
    const again = await importFile({ name: 'Broken', format: 'JSONL', content: '{"input":"x"}' });
    expect(again).toMatchObject({ code: 'DATASETS.NAME_TAKEN' });
    const second = await importFile({
      datasetId: taken.dataset.id,
      format: 'JSONL',
      content: '{"input":"x"}\n{"input":"y"}',
    });
    expect(second).toMatchObject({ version: { version: 2, itemCount: 2 } });
    expect(await server.services.prisma.datasetVersion.count({ where: { version: null } })).toBe(0);
  });

  test('a split keeps clusters together, is the same for the same seed, and leaves the version as it was', async () => {
    const split = (seed: number) =>
      mutate(
        'splitDataset',
        'SplitDatasetInput',
        `... on DatasetVersionSuccess { ${versionFields} version { items(first: 100) { edges { node { key split } } } } }`,
        {
          versionId,
          seed,
          splits: [
            { name: 'train', share: 0.6 },
            { name: 'test', share: 0.4 },
          ],
        },
      );
    const [once, again, other] = [await split(1), await split(1), await split(2)];
    const of = (made: LooseJson) => made.version.items.edges.map(({ node }: LooseJson) => [node.key, node.split]);
    expect(of(once)).toEqual(of(again));
    expect(of(once)).not.toEqual(of(other));
    const sizes = once.version.splits.map(({ itemCount }: LooseJson) => itemCount);
    expect(sizes.reduce((sum: number, each: number) => sum + each, 0)).toBe(60);
  });

  test('belong to their team, and to whoever may make them', async () => {
    const read = 'query($id: ID!) { node(id: $id) { id } }';
    expect((await ask(server, read, { id: versionId }, { key: stranger.key })).node).toBeNull();
    expect(
      await mutate(
        'splitDataset',
        'SplitDatasetInput',
        '',
        { versionId, seed: 1, splits: [{ name: 'a', share: 1 }] },
        stranger.key,
      ),
    ).toMatchObject({ code: 'NOT_FOUND' });
    const { key } = await createKey(server.services, { teamId: stranger.teamId }, ['READ']);
    expect(await importFile({ name: 'Mine', format: 'CSV', content: 'input\n1' }, key)).toMatchObject({
      code: 'TEAMS.FORBIDDEN',
    });
  });
});

describe('people', () => {
  test('vote blind and rate, and a winner is put in front of a role and taken back', async () => {
    const variants = [
      { key: 'long', model: 'openai/gpt-4o-mini' },
      { key: 'short', model: 'anthropic/claude-haiku-4-5', parameters: { maxOutputTokens: 16 } },
    ];
    const source = { type: 'paired', datasetVersionId: versionId, maxItems: 3 };
    const { id } = await start(definitionOf({ source, variants }));
    const early = await change('promoteExperimentVariant', 'PromoteExperimentVariantInput', {
      experimentId: id,
      variant: 'short',
      role: 'coder',
    });
    expect(early).toMatchObject({ code: 'EXPERIMENTS.NOT_ENDED' });
    await follow(id);
    const ballotDocument = 'query($id: ID!) { nextBallot(experimentId: $id) { id input left right } }';
    const vote = (ballotId: string, choice: string) =>
      mutate('castExperimentVote', 'CastExperimentVoteInput', '... on CastExperimentVoteSuccess { left right }', {
        experimentId: id,
        ballotId,
        choice,
      });
    for (let round = 0; round < 3; round += 1) {
      const { nextBallot } = await ask(server, ballotDocument, { id });
      expect((await ask(server, ballotDocument, { id })).nextBallot).toEqual(nextBallot);
      const cast = await vote(nextBallot.id, round === 2 ? 'BOTH_BAD' : 'LEFT');
      expect([cast.left, cast.right].sort()).toEqual(['long', 'short']);
      expect(await vote(nextBallot.id, 'RIGHT')).toMatchObject({ code: 'EXPERIMENTS.ALREADY_VOTED' });
    }
    expect((await ask(server, ballotDocument, { id })).nextBallot).toBeNull();
    expect((await ask(server, ballotDocument, { id }, { key: stranger.key })).nextBallot).toBeNull();
    expect(await vote('bm9uc2Vuc2U', 'TIE')).toMatchObject({ code: 'NOT_FOUND' });
    const rated = await change('rateExperimentAnswer', 'RateExperimentAnswerInput', {
      experimentId: id,
      position: 0,
      variant: 'short',
      rating: 4,
    });
    expect(rated).toMatchObject({ experiment: { id } });
    const read =
      'query($id: ID!) { experiment(id: $id) { leaderboard { votes cannotTell } promotions { variant role revertedAt } } }';
    const roleModels = async (): Promise<LooseJson> =>
      server.services.roles
        .of(await teamIdOf())
        .byName.get('coder')
        ?.role.models.map(({ model }) => model);
    const before = await roleModels();
    const promoted = await change('promoteExperimentVariant', 'PromoteExperimentVariantInput', {
      experimentId: id,
      variant: 'short',
      role: 'coder',
    });
    expect(promoted).toMatchObject({ experiment: { id } });
    expect((await roleModels())[0]).toBe('anthropic/claude-haiku-4-5');
    const shown = await ask(server, read, { id });
    expect(shown.experiment).toMatchObject({
      leaderboard: { votes: 3 },
      promotions: [{ variant: 'short', role: 'coder', revertedAt: null }],
    });
    await change('revertExperimentPromotion', 'RevertExperimentPromotionInput', { experimentId: id });
    expect(await roleModels()).toEqual(before);
    const again = await change('revertExperimentPromotion', 'RevertExperimentPromotionInput', { experimentId: id });
    expect(again).toMatchObject({ code: 'NOT_FOUND' });
    const audit = await server.services.prisma.routingAudit.count({ where: { scope: 'role:coder' } });
    expect(audit).toBe(2);
  }, 60_000);

  test('are told beforehand that a test cannot conclude, and what would help', async () => {
    const { experiment } = await change('createExperiment', 'CreateExperimentInput', {
      name: 'Small',
      definition: definitionOf({ smallestEffect: 0.001 }),
    });
    const plan = (
      await ask(
        server,
        'query($id: ID!) { experimentPlan(experimentId: $id) { canConclude neededItems plannedItems calls detectableEffect remedies assumptions powerCurve { items power } } }',
        { id: experiment.id },
      )
    ).experimentPlan;
    expect(plan).toMatchObject({ canConclude: false, plannedItems: 60, calls: 120 });
    expect(plan.remedies.join(' ')).toContain('The dataset has 60 items');
    const write = 'query($text: String!) { experimentText(text: $text, format: YAML) { text definition problem } }';
    const written = (await ask(server, write, { text: JSON.stringify(definitionOf()) })).experimentText;
    expect(written).toMatchObject({ problem: null, definition: definitionOf() });
    expect((await ask(server, write, { text: written.text })).experimentText).toEqual(written);
    expect((await ask(server, write, { text: 'a: [' })).experimentText).toMatchObject({
      text: null,
      problem: expect.stringContaining('Line 1'),
    });
    const powers = plan.powerCurve.map(({ power }: LooseJson) => power);
    expect(powers.length).toBeGreaterThan(5);
    expect(powers).toEqual(powers.toSorted((a: number, b: number) => a - b));
    expect(powers.at(-1)).toBeGreaterThan(0.8);
  }, 30_000);
});

describe('a paired test', () => {
  test('finds a true difference, says so in words, and was frozen before the start', async () => {
    const experiment = await start(definitionOf());
    const told = await follow(experiment.id);
    expect(told.at(-1)).toMatchObject({ experiment: { state: 'ended', stopReason: 'win', winner: 'short' } });
    const result = await resultsOf(experiment.id);
    expect(result.results).toMatchObject({ winner: 'short', health: { isSampleRatioBroken: false } });
    expect(result.results.variants[0].metrics[0].words).toContain('better for sure');
    expect(result.results.headline).toContain('"short" wins over "long"');
    expect(result.report).toContain(result.registrationHash);
    expect(JSON.parse(result.registration)).toMatchObject({ plannedItems: 60, definition: { baseline: 'long' } });
    const details = `query($id: ID!) { experiment(id: $id) { dataset { name } datasetVersion { version itemCount }
      primaryEffects { variant verdict estimate low high } looks { items effects { variant metric low high } }
      all: foundItems(shown: ALL, first: 3) { totalCount pageInfo { hasNextPage } edges { node { key answers { variant ratingCount } } } }
      losses: foundItems(shown: LOSSES, variant: "short") { totalCount } } }`;
    const { experiment: more } = await ask(server, details, { id: experiment.id });
    expect(more).toMatchObject({
      dataset: { name: 'Topics' },
      datasetVersion: { version: 1, itemCount: 60 },
      primaryEffects: [{ variant: 'short', verdict: 'wins' }],
      all: { totalCount: result.results.items, pageInfo: { hasNextPage: true } },
    });
    expect(more.all.edges[0].node.answers.map(({ variant }: LooseJson) => variant).sort()).toEqual(['long', 'short']);
    const [effect] = result.results.variants[0].metrics;
    expect(more.looks.at(-1)).toMatchObject({
      items: result.results.items,
      effects: [{ variant: 'short', metric: 'score:short', low: effect.effect.low, high: effect.effect.high }],
    });
    expect((await ask(server, details, { id: experiment.id }, { key: stranger.key })).experiment).toBeNull();
    const saved = await change('saveExperiment', 'SaveExperimentInput', {
      experimentId: experiment.id,
      revision: 1,
      name: 'Other',
    });
    expect(saved).toMatchObject({ code: 'EXPERIMENTS.FROZEN' });
    const calls = await server.services.prisma.experimentAnswer.count({
      where: { experimentId: rawIdOf(experiment.id), failure: null },
    });
    expect(calls).toBeGreaterThanOrEqual(2 * result.results.items);
  }, 60_000);

  test('an A/A test does not find one', async () => {
    const same = { model: 'openai/gpt-4o-mini', parameters: { maxOutputTokens: 40 } };
    const experiment = await start(
      definitionOf({
        source: { type: 'paired', datasetVersionId: versionId, maxItems: 30 },
        variants: [
          { key: 'long', ...same },
          { key: 'twin', ...same },
        ],
      }),
    );
    const last = (await follow(experiment.id)).at(-1);
    expect(last.experiment).toMatchObject({ state: 'ended', winner: null });
    expect(['futility', 'end']).toContain(last.experiment.stopReason);
  }, 60_000);

  test('taken over in the middle it ends with every item answered once per variant and repeat', async () => {
    const source = { type: 'paired', datasetVersionId: versionId, repeats: 2, maxItems: 24 };
    const experiment = await start(definitionOf({ source, stop: { onWin: false, onHarm: false, onFutility: false } }));
    const id = rawIdOf(experiment.id);
    const { prisma } = server.services;
    await expect
      .poll(() => prisma.experimentAnswer.count({ where: { experimentId: id } }), { timeout: 30_000, interval: 20 })
      .toBeGreaterThan(10);
    // As after a kill: the lease is gone and another engine begins, while the first one still believes that it owns the test.
    const other = createExperiments({ ...server.services, instanceId: 'srv_other' });
    await other.engine.start();
    await other.engine.look();
    try {
      const last = (await follow(experiment.id)).at(-1);
      expect(last.experiment).toMatchObject({ state: 'ended', doneItems: 24 });
    } finally {
      await other.engine.shutDown(0);
    }
    const answers = await prisma.experimentAnswer.groupBy({
      by: ['position'],
      where: { experimentId: id },
      _count: { _all: true },
    });
    expect(answers).toHaveLength(24);
    expect(answers.every(({ _count }) => _count._all === 4)).toBe(true);
    await server.services.callRecords.flush();
    const calls = await prisma.callRecord.count({ where: { source: 'experiment', sourceId: id } });
    // What was in flight when the first engine lost the test was asked again; nothing that was stored was.
    expect(calls).toBeLessThanOrEqual(4 * 24 + 2 * 8);
    const row = await prisma.experiment.findUniqueOrThrow({ where: { id } });
    const sum = await prisma.experimentAnswer.aggregate({ where: { experimentId: id }, _sum: { costNanoUsd: true } });
    expect(row.spentNanoUsd).toBeGreaterThanOrEqual(sum._sum.costNanoUsd ?? 0n);
  }, 90_000);

  test('stops at its cap with at most the calls in flight above it, and a valid interval on what there is', async () => {
    const experiment = await start(
      definitionOf({
        caps: { costUsd: '0.0005', concurrency: 4 },
        stop: { onWin: false, onHarm: false, onFutility: false },
      }),
    );
    const last = (await follow(experiment.id)).at(-1);
    expect(last.experiment).toMatchObject({ state: 'ended', stopReason: 'budget' });
    const answers = await server.services.prisma.experimentAnswer.findMany({
      where: { experimentId: rawIdOf(experiment.id) },
      select: { costNanoUsd: true },
    });
    const dearest = answers.reduce(
      (most, { costNanoUsd }) => ((costNanoUsd ?? 0n) > most ? (costNanoUsd ?? 0n) : most),
      0n,
    );
    const spent = BigInt(Math.round(Number(last.experiment.spentUsd) * 1e9));
    expect(spent).toBeLessThanOrEqual(500_000n + 4n * dearest);
    expect((await resultsOf(experiment.id)).results.headline).toContain('budget');
  }, 60_000);

  test('tells all that is wrong before it starts, and never starts twice or for another team', async () => {
    const wrong = definitionOf({
      source: { type: 'paired', datasetVersionId: Buffer.from('DatasetVersion:nope').toString('base64') },
      variants: [
        { key: 'long', model: 'openai/nothing' },
        { key: 'short', model: 'openai/gpt-4o-mini', prompt: 'Say {{ inptu }}' },
      ],
    });
    const { experiment } = await change('createExperiment', 'CreateExperimentInput', {
      name: 'Wrong',
      definition: wrong,
    });
    const places = experiment.problems
      .filter(({ isError }: LooseJson) => isError)
      .map(({ path }: LooseJson) => path.join('.'));
    expect(places.sort()).toEqual(['source.datasetVersionId', 'variants.0.model', 'variants.1.prompt']);
    const refused = await change('startExperiment', 'StartExperimentInput', {
      experimentId: experiment.id,
      revision: 1,
    });
    expect(refused).toMatchObject({ __typename: 'InvalidExperimentError', code: 'EXPERIMENTS.INVALID' });
    const foreign = await change(
      'startExperiment',
      'StartExperimentInput',
      { experimentId: experiment.id, revision: 1 },
      stranger.key,
    );
    expect(foreign).toMatchObject({ code: 'NOT_FOUND' });
    const stale = await change('saveExperiment', 'SaveExperimentInput', {
      experimentId: experiment.id,
      revision: 7,
      definition: {},
    });
    expect(stale).toMatchObject({ code: 'EXPERIMENTS.CHANGED' });
    const started = await start(definitionOf({ source: { type: 'paired', datasetVersionId: versionId, maxItems: 4 } }));
    const again = await change('startExperiment', 'StartExperimentInput', {
      experimentId: started.id,
      revision: started.revision,
    });
    expect(again).toMatchObject({ code: 'EXPERIMENTS.FROZEN' });
    await follow(started.id);
    await expect(follow(started.id, stranger.key)).rejects.toThrow('no such test');
  }, 60_000);
});
