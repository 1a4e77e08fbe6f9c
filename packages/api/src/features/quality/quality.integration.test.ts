import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { experimentDocuments } from '../../testing/experiment-documents.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let stranger: OtherTeam;
let versionId: string;

const { mutate, importFile, change, start, follow } = experimentDocuments(() => server);
const scorerFields = '... on SavedScorerSuccess { scorer { id name kind version content } }';
const invalid = '... on InvalidScorerError { problems { path message } }';
const create = (input: object, key?: string) =>
  mutate('createSavedScorer', 'CreateSavedScorerInput', `${scorerFields} ${invalid}`, input, key);
const save = (input: object, key?: string) =>
  mutate('saveSavedScorer', 'SaveSavedScorerInput', `${scorerFields} ${invalid}`, input, key);
const attempt = (input: object, key?: string) =>
  mutate(
    'tryScorer',
    'TryScorerInput',
    `... on TryScorerSuccess { costUsd scores { score missing why changedWithOrder } } ${invalid}`,
    input,
    key,
  );

const judge = (more: object = {}) => ({
  judge: { type: 'rubric', model: 'anthropic/claude-haiku-4-5', rubric: 'Is it a good answer?', ...more },
});

beforeAll(async () => {
  server = await startTestServer();
  stranger = await createTeam(server.services, 'Strangers');
  const rows = Array.from({ length: 14 }, (_, i) => `Explain topic number ${i},answer ${i}`);
  const made = await importFile({
    name: 'Topics',
    format: 'CSV',
    content: `prompt,expected\n${rows.join('\n')}\n`,
    mapping: { input: 'prompt', expected: 'expected' },
  });
  versionId = made.version.id;
}, 120_000);
afterAll(() => server.stop());

describe('saved scorers', () => {
  test('are kept in versions under one name, with entries in the audit, and tell what is wrong at its field', async () => {
    const made = await create({ name: 'Short', content: { check: { type: 'length', max: 20 } } });
    expect(made.scorer).toMatchObject({ kind: 'CHECK', version: 1, content: { check: { unit: 'words', max: 20 } } });
    expect(await create({ name: 'Short', content: { check: { type: 'exact' } } })).toMatchObject({
      code: 'QUALITY.NAME_TAKEN',
    });
    const scorerId = made.scorer.id;
    const changed = await save({ scorerId, version: 1, content: { check: { type: 'length', max: 30 } } });
    expect(changed.scorer).toMatchObject({ version: 2, content: { check: { max: 30 } } });
    expect(await save({ scorerId, version: 1, name: 'Shorter' })).toMatchObject({ code: 'QUALITY.CHANGED' });
    expect(await save({ scorerId, version: 2, content: judge() })).toMatchObject({ code: 'QUALITY.OTHER_KIND' });
    const same = await save({
      scorerId,
      version: 2,
      name: 'Not long',
      content: { check: { type: 'length', max: 30 } },
    });
    expect(same.scorer).toMatchObject({ name: 'Not long', version: 2 });
    const wrong = await create({ name: 'Wrong', content: { check: { type: 'regex', pattern: '(' } } });
    expect(wrong).toMatchObject({ code: 'QUALITY.INVALID_SCORER', problems: [{ path: ['check', 'pattern'] }] });
    const content = judge({ model: 'nobody/nothing', scale: { min: 5, max: 5 } });
    const { scorerProblems } = await ask(
      server,
      'query($content: JSON!) { scorerProblems(content: $content) { path isError } }',
      { content },
    );
    expect(scorerProblems).toEqual([{ path: ['judge', 'scale', 'max'], isError: true }]);
    const shown = await ask(
      server,
      'query($id: ID!) { savedScorer(id: $id) { versions { version } usedByCount judgeReport { n: verdicts } } savedScorers(kind: CHECK, search: "LONG") { totalCount edges { node { name } } } routingAudit(first: 3) { edges { node { action scope } } } }',
      { id: scorerId },
    );
    expect(shown.savedScorer).toEqual({
      versions: [{ version: 2 }, { version: 1 }],
      usedByCount: 0,
      judgeReport: null,
    });
    expect(shown.savedScorers).toEqual({ totalCount: 1, edges: [{ node: { name: 'Not long' } }] });
    expect(shown.routingAudit.edges[0].node).toEqual({ action: 'set-scorer', scope: 'scorer:Not long' });
  });

  test('belong to their team, and to whoever may change them', async () => {
    const { scorer } = await create({ name: 'Ours', content: { check: { type: 'exact' } } });
    expect(
      (await ask(server, 'query($id: ID!) { node(id: $id) { id } }', { id: scorer.id }, { key: stranger.key })).node,
    ).toBeNull();
    expect(await save({ scorerId: scorer.id, version: 1, name: 'Mine' }, stranger.key)).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await attempt({ scorerId: scorer.id, answers: [{ text: 'x' }] }, stranger.key)).toMatchObject({
      code: 'NOT_FOUND',
    });
    const { key } = await createKey(server.services, { teamId: stranger.teamId }, ['READ']);
    expect(await create({ name: 'Mine', content: { check: { type: 'exact' } } }, key)).toMatchObject({
      code: 'TEAMS.FORBIDDEN',
    });
    const remove = (reader: string) =>
      mutate('deleteSavedScorer', 'DeleteSavedScorerInput', '', { scorerId: scorer.id }, reader);
    expect(await remove(stranger.key)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await remove(server.key)).toMatchObject({ __typename: 'DeleteSavedScorerSuccess' });
  });

  test('can be tried: a check at once for nothing, a judge after its cost was accepted, and paid once', async () => {
    const check = { check: { type: 'contains', texts: ['yes'] } };
    const tried = await attempt({ content: check, answers: [{ text: 'Yes!' }, { text: 'no' }] });
    expect(tried).toMatchObject({ costUsd: '0', scores: [{ score: 1 }, { score: 0 }] });
    expect(await attempt({ content: { check: { type: 'exact' } }, answers: [{ text: 'x' }] })).toMatchObject({
      scores: [{ score: null, missing: 'no-expectation' }],
    });
    const input = { content: judge(), prompt: 'Say yes.', answers: [{ text: 'Yes.' }] };
    expect(await attempt(input)).toMatchObject({ code: 'QUALITY.COST_NOT_ACCEPTED' });
    const { scorerEstimate } = await ask(
      server,
      'query($input: TryScorerInput!) { scorerEstimate(input: $input) { calls likelyUsd maxUsd fits unavailableReason } }',
      { input },
    );
    expect(scorerEstimate).toMatchObject({ calls: 1, fits: true, unavailableReason: null });
    const paid = { ...input, acceptedUsd: scorerEstimate.maxUsd, idempotencyKey: 'try-1' };
    const first = await attempt(paid);
    expect(first.scores[0].score).toBeGreaterThanOrEqual(0);
    expect(Number(first.costUsd)).toBeGreaterThan(0);
    expect(Number(first.costUsd)).toBeLessThanOrEqual(Number(scorerEstimate.maxUsd));
    expect(await attempt(paid)).toEqual(first);
    await server.services.callRecords.flush();
    const calls = await server.services.prisma.callRecord.count({ where: { tags: { has: 'judge-trial' } } });
    expect(calls).toBe(1);
    const pair = {
      content: judge({ type: 'pairwise' }),
      prompt: 'Say yes.',
      answers: [{ text: 'Yes.' }, { text: 'No.' }],
    };
    const both = await attempt({ ...pair, acceptedUsd: '1' });
    expect(both.scores[0].score + both.scores[1].score).toBe(1);
    expect(typeof both.scores[0].changedWithOrder).toBe('boolean');
    expect(await attempt({ ...pair, answers: [{ text: 'Yes.' }], acceptedUsd: '1' })).toMatchObject({
      code: 'INPUT.INVALID',
      path: ['input', 'answers'],
    });
    const { key } = await createKey(server.services, { teamId: stranger.teamId }, ['READ']);
    expect(await attempt({ ...input, acceptedUsd: '1' }, key)).toMatchObject({ code: 'TEAMS.FORBIDDEN' });
  });
});

describe('a test with saved scorers', () => {
  const definition = (scorers: object) => ({
    hypothesis: 'Short answers are better.',
    source: { type: 'paired', datasetVersionId: versionId },
    baseline: 'long',
    variants: [
      { key: 'long', model: 'openai/gpt-4o-mini' },
      { key: 'brisk-one', model: 'anthropic/claude-haiku-4-5', parameters: { maxOutputTokens: 200 } },
    ],
    scorers,
    primary: { metric: 'score:good' },
    smallestEffect: 0.1,
    caps: { costUsd: '5', concurrency: 8 },
  });

  test('freezes them at the start, measures its judge against blind ratings, and the judge over its tests', async () => {
    const { scorer } = await create({ name: 'Good', content: judge() });
    const unknown = await change('createExperiment', 'CreateExperimentInput', {
      name: 'Unknown',
      definition: definition({ good: { saved: 'Goof' } }),
    });
    expect(unknown.experiment.problems).toContainEqual({
      isError: true,
      path: ['scorers', 'good', 'saved'],
      message: 'Your team has no saved scorer "Goof". Did you mean "Good"?',
    });
    const { id } = await start(definition({ good: { saved: 'Good' } }));
    await save({ scorerId: scorer.id, version: 1, content: judge({ rubric: 'Is it short?' }) });
    await follow(id);
    const read =
      'query($id: ID!) { experiment(id: $id) { definition registration judges { scorer model type tests verdicts words agreements { basis n judgements kappa { estimate low high cannotTell } shareAgreed { estimate } } positionBias { pairs } selfPreference { ownVerdicts otherVerdicts isFlagged } } } }';
    const before = (await ask(server, read, { id })).experiment;
    expect(before.definition.scorers.good).toMatchObject({
      saved: { name: 'Good', version: 1 },
      judge: { rubric: 'Is it a good answer?' },
    });
    expect(before.registration).toContain('Is it a good answer?');
    expect(before.judges).toMatchObject([
      { scorer: 'good', type: 'rubric', verdicts: 28, positionBias: null, selfPreference: { ownVerdicts: 14 } },
    ]);
    expect(before.judges[0].agreements[0].kappa.cannotTell).toContain('20 more are needed');
    const sampleDocument =
      'query($id: ID!, $first: Int) { answersToRate(experimentId: $id, first: $first) { token input output expected } }';
    const sample = async (first: number, key?: string): Promise<LooseJson> =>
      (await ask(server, sampleDocument, { id, first }, key === undefined ? {} : { key })).answersToRate;
    expect(await sample(5, stranger.key)).toEqual([]);
    const blind = await sample(20);
    expect(blind).toHaveLength(20);
    expect(JSON.stringify(blind)).not.toContain('brisk-one');
    for (const [index, { token }] of blind.entries()) {
      const input = { experimentId: id, token, rating: 1 + (index % 5) };
      const rated = await mutate('rateBlindAnswer', 'RateBlindAnswerInput', '', input);
      expect(rated).toMatchObject({ __typename: 'ExperimentSuccess' });
    }
    expect(await sample(20)).toHaveLength(8);
    const forged = { experimentId: id, token: '0.0.0123456789abcdef01234567', rating: 1 };
    expect(await mutate('rateBlindAnswer', 'RateBlindAnswerInput', '', forged)).toMatchObject({ code: 'NOT_FOUND' });
    const after = (await ask(server, read, { id })).experiment.judges[0];
    expect(after.agreements[0]).toMatchObject({ basis: 'ratings', n: 20, judgements: 20 });
    expect(after.agreements[0].kappa.low).toBeLessThanOrEqual(after.agreements[0].kappa.estimate);
    const { savedScorer } = await ask(
      server,
      'query($id: ID!) { savedScorer(id: $id) { usedByCount usedBy { name } judgeReport { tests verdicts scorer } } }',
      { id: scorer.id },
    );
    expect(savedScorer).toMatchObject({
      usedByCount: 1,
      judgeReport: { tests: 1, verdicts: 28, scorer: 'Good' },
    });
  }, 90_000);
});
