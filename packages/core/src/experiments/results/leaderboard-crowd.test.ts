import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import { bootstrapBradleyTerry, toRatingPoints } from '../../stats/index.ts';
import { buildLeaderboard, type PairVote } from './leaderboard.ts';

/** 8,931 votes of a crowd on 59 models; the first line names their source. */
function readCrowdVotes(): readonly PairVote[] {
  const file = new URL('./testing/votes-llmfao.csv.gz', import.meta.url);
  const [, names = '', ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  const models = names.split('\t');
  const choices = { l: 'left', r: 'right', t: 'tie' } as const;
  return lines.map((line): PairVote => {
    const [voter = '', left, right, winner] = line.split(',');
    const choice = choices[winner as keyof typeof choices];
    return { left: models[Number(left)]!, right: models[Number(right)]!, choice, voter };
  });
}

test('the public votes of LLMFAO: GPT 4 is first, and sandwich and bootstrap agree within 10 % (400 resamples of voters)', () => {
  const votes = readCrowdVotes();
  const board = buildLeaderboard(votes);
  if ('kind' in board) throw new Error(board.message);
  expect({ votes: board.votes, voters: board.voters, models: board.rows.length }).toEqual({
    ...{ votes: 8_931, voters: 124, models: 59 },
  });
  expect(board.rows[0]).toMatchObject({ name: 'GPT 4', bestRank: 1 });
  const bootstrap = bootstrapBradleyTerry(
    votes.map(({ left, right, choice, voter }) => ({
      left,
      right,
      voter,
      outcome: choice as 'left' | 'right' | 'tie',
    })),
    { random: createSeededRandom(1), resamples: 400 },
  );
  if (bootstrap.kind === 'cannot-tell') throw new Error(bootstrap.message);
  const ratios = board.rows
    .map(({ name, lowPoints, highPoints }) => {
      const { low, high } = bootstrap.intervals.get(name)!;
      return (toRatingPoints(high) - toRatingPoints(low)) / (highPoints - lowPoints);
    })
    .sort((a, b) => a - b);
  expect(ratios[0]).toBeGreaterThan(0.9);
  expect(ratios.at(-1)).toBeLessThan(1.1);
  expect(Math.abs(ratios[29]! - 1)).toBeLessThan(0.05);
}, 120_000);
