import { afterAll, beforeAll, expect, test } from 'vitest';
import { experimentDocuments } from '../../testing/experiment-documents.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let stranger: OtherTeam;
let experimentId: string;

const { importFile, mutate, start, follow } = experimentDocuments(() => server);

beforeAll(async () => {
  server = await startTestServer();
  stranger = await createTeam(server.services, 'Strangers');
  const { version } = await importFile({
    name: 'Items',
    format: 'CSV',
    content: 'input\nName a colour.\nName a bird.',
  });
  const { id } = await start({
    hypothesis: 'One is better.',
    source: { type: 'paired', datasetVersionId: version.id },
    baseline: 'one',
    variants: [
      { key: 'one', model: 'openai/gpt-4o-mini' },
      { key: 'other', model: 'anthropic/claude-haiku-4-5' },
    ],
    primary: { metric: 'success' },
    smallestEffect: 0.1,
    caps: { costUsd: '1', concurrency: 4 },
  });
  experimentId = id;
  await follow(id);
}, 120_000);
afterAll(() => server.stop());

const ballot = async (skipped: readonly string[] = []): Promise<LooseJson> =>
  (
    await ask(
      server,
      'query($id: ID!, $skipped: [String!]) { nextBallot(experimentId: $id, skipped: $skipped) { id input left right } }',
      { id: experimentId, skipped },
    )
  ).nextBallot;
const voting = async (): Promise<LooseJson> =>
  (
    await ask(server, 'query($id: ID!) { experiment(id: $id) { voting { mine all voters pairs } } }', {
      id: experimentId,
    })
  ).experiment.voting;
const vote = (ballotId: string) =>
  mutate('castExperimentVote', 'CastExperimentVoteInput', '... on CastExperimentVoteSuccess { left right }', {
    ...{ experimentId, ballotId, choice: 'LEFT' },
  });
const undo = (ballotId: string, key?: string) =>
  mutate(
    'undoExperimentVote',
    'UndoExperimentVoteInput',
    '... on UndoExperimentVoteSuccess { ballot { id left right } }',
    { experimentId, ballotId },
    key,
  );

test('a skipped ballot comes later, and comes back when no other is left', async () => {
  const one = await ballot();
  const other = await ballot([one.id]);
  expect(other.id).not.toBe(one.id);
  expect((await ballot([one.id, other.id])).id).toBe(one.id);
  expect((await ballot([other.id, one.id])).id).toBe(other.id);
});

test('votes of one person rank what that person prefers, and say so', async () => {
  const { services } = server;
  const { experimentId: rawId } = await services.prisma.experimentAnswer.findFirstOrThrow();
  const { teamId } = await services.prisma.experiment.findFirstOrThrow({ where: { id: rawId } });
  const vote = (position: number, choice: string, userId: string) => ({
    ...{
      id: `vot_${position}_${userId}`,
      teamId,
      experimentId: rawId,
      position,
      repeat: 0,
      first: 'one',
      second: 'other',
    },
    ...{ isSwapped: false, choice, userId, createdAt: new Date() },
  });
  const board = async () =>
    (
      await ask(
        server,
        'query($id: ID!) { experiment(id: $id) { leaderboard { cannotTell caution rows { variant } } voting { tally { variant wins losses ties bothBad } } } }',
        { id: experimentId },
      )
    ).experiment;
  const mine = ['first', 'first', 'second', 'tie', 'both-bad'].map((choice, index) => vote(index, choice, 'usr_a'));
  await services.prisma.experimentVote.createMany({ data: mine });
  const alone = await board();
  expect(alone.leaderboard).toMatchObject({ cannotTell: null, caution: expect.stringContaining('one person') });
  expect(alone.leaderboard.rows.map(({ variant }: LooseJson) => variant)).toEqual(['one', 'other']);
  expect(alone.voting.tally).toEqual([
    { variant: 'one', wins: 2, losses: 1, ties: 1, bothBad: 1 },
    { variant: 'other', wins: 1, losses: 2, ties: 1, bothBad: 1 },
  ]);
  await services.prisma.experimentVote.createMany({ data: [vote(0, 'second', 'usr_b'), vote(1, 'first', 'usr_b')] });
  expect((await board()).leaderboard.caution).toBeNull();
  await services.prisma.experimentVote.deleteMany();
});

test('a vote can be taken back for a minute by whoever gave it, and is counted until then', async () => {
  expect(await voting()).toEqual({ mine: 0, all: 0, voters: 0, pairs: 2 });
  const shown = await ballot();
  expect(await undo(shown.id)).toMatchObject({ code: 'NOT_FOUND' });
  await vote(shown.id);
  expect(await voting()).toEqual({ mine: 1, all: 1, voters: 1, pairs: 2 });
  expect(await undo(shown.id, stranger.key)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await undo('nonsense')).toMatchObject({ code: 'NOT_FOUND' });
  expect((await undo(shown.id)).ballot).toEqual({ id: shown.id, left: shown.left, right: shown.right });
  expect(await voting()).toEqual({ mine: 0, all: 0, voters: 0, pairs: 2 });
  expect(await vote(shown.id)).toMatchObject({ left: expect.any(String) });
  await server.services.prisma.experimentVote.updateMany({
    data: { createdAt: new Date(server.services.clock.nowMs() - 61_000) },
  });
  expect(await undo(shown.id)).toMatchObject({ code: 'EXPERIMENTS.VOTE_COUNTS' });
  expect((await voting()).mine).toBe(1);
});
