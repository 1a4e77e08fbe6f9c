import { afterAll, beforeAll, expect, test } from 'vitest';
import { experimentDocuments } from '../../testing/experiment-documents.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { setTeamRouting } from '../../testing/routing-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { definitionOf } from '../experiments/experiment-row.ts';
import { TestRewards } from './test-rewards.ts';

let server: TestServer;
const { mutate, importFile, change, start, follow } = experimentDocuments(() => server);

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test('scores, ratings and votes of a test are learned for answers that the router chose, once, and never for named models', async () => {
  const { services } = server;
  const { prisma } = services;
  await setTeamRouting(server, { strategy: 'ADAPTIVE' });
  const { version } = await importFile({
    name: 'Eight',
    format: 'CSV',
    content: `input\n${Array.from({ length: 8 }, (_, i) => `Topic ${i}`).join('\n')}\n`,
  });
  const { id } = await start({
    hypothesis: 'The router is as good as a named model.',
    source: { type: 'paired', datasetVersionId: version.id },
    baseline: 'named',
    variants: [
      { key: 'named', model: 'openai/gpt-4o-mini' },
      { key: 'chosen', model: 'auto' },
    ],
    scorers: { words: { check: { type: 'regex', pattern: '[a-z]' } } },
    primary: { metric: 'score:words' },
    smallestEffect: 0.1,
    caps: { costUsd: '1' },
  });
  await follow(id);
  const row = await prisma.experiment.findFirstOrThrow();
  const answers = await prisma.experimentAnswer.findMany({ omit: { output: true } });
  const chosen = answers.filter(({ variant }) => variant === 'chosen');
  expect(answers.filter(({ variant }) => variant === 'named').every(({ decisionId }) => decisionId === null)).toBe(
    true,
  );
  expect(chosen.every(({ decisionId }) => decisionId !== null)).toBe(true);
  const { teamId } = row;
  const rewards = () => prisma.routingReward.findMany({ where: { teamId }, orderBy: { judge: 'asc' } });
  expect(await rewards()).toHaveLength(8);
  expect(
    (await rewards()).every(
      ({ judge, weight, quality }) => judge === `test:${row.id}` && weight === 0.8 && quality === 1,
    ),
  ).toBe(true);

  // A restart tells all of it again, and nothing counts twice.
  await services.routing.learn(teamId);
  const observed = async (): Promise<number> =>
    (await ask(server, '{ routing { learned { scope observed } } }')).routing.learned.find(
      ({ scope }: LooseJson) => scope === 'team',
    ).observed;
  expect(await observed()).toBe(8);
  await new TestRewards(services).noteAll(row, definitionOf(row));
  await services.routing.learn(teamId);
  expect(await observed()).toBe(8);

  // What another model answered says nothing about the choice.
  const { decisionId, position } = chosen[0]!;
  await prisma.routingReward.deleteMany({ where: { decisionId: decisionId! } });
  const place = { experimentId: row.id, position, repeat: 0, variant: 'chosen' };
  await prisma.experimentAnswer.updateMany({ where: place, data: { contamination: 'failover' } });
  await new TestRewards(services).noteAll(row, definitionOf(row));
  expect(await prisma.routingReward.count({ where: { decisionId: decisionId! } })).toBe(0);

  // People: a rating counts 1, a vote a half, each under its own name; of a named model neither is learned.
  const rate = (variant: string) =>
    change('rateExperimentAnswer', 'RateExperimentAnswerInput', {
      ...{ experimentId: id, position: chosen[1]!.position, variant, rating: 2 },
    });
  await rate('chosen');
  await rate('named');
  const { nextBallot } = await ask(server, 'query($id: ID!) { nextBallot(experimentId: $id) { id } }', { id });
  const cast = await mutate(
    'castExperimentVote',
    'CastExperimentVoteInput',
    '... on CastExperimentVoteSuccess { left }',
    {
      ...{ experimentId: id, ballotId: nextBallot.id, choice: 'LEFT' },
    },
  );
  const people = (await rewards()).filter(({ judge }) => /^test-(rating|vote)/.test(judge));
  expect(people).toMatchObject([
    { quality: 0.25, weight: 1 },
    { quality: cast.left === 'chosen' ? 1 : 0, weight: 0.5 },
  ]);

  // Tests do not count in the figures of models: their items are not the team's work.
  const { readQuality } = await import('../metrics/read-quality.ts');
  const nowMs = services.clock.nowMs();
  const range = { fromMs: nowMs - 3_600_000, toMs: nowMs + 3_600_000 };
  expect((await readQuality(prisma, { teamId, origin: 'simulated', by: ['model'], ...range })).size).toBe(0);
}, 60_000);
