import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import { preRegister } from '../definition/pre-registration.ts';
import { readExperiment } from '../definition/read-definition.ts';
import type { AnsweredItem } from '../watch/answer-fact.ts';
import { buildResults } from './build-results.ts';
import { formatReportCsv, formatReportJson, formatReportMarkdown } from './format-report.ts';
import { buildLeaderboard, type PairVote } from './leaderboard.ts';
import { valueWords } from './result-words.ts';

const definition = readExperiment({
  hypothesis: 'B | is <b>better</b>.',
  source: { type: 'paired', datasetVersionId: 'd' },
  baseline: 'a',
  variants: [
    { key: 'a', model: 'sim/one' },
    { key: 'b', model: 'sim/two' },
  ],
  scorers: { right: { check: { type: 'exact' } } },
  primary: { metric: 'score:right' },
  smallestEffect: 0.1,
  caps: { costUsd: '5' },
}).definition!;
const plan = { definition, plannedUnits: 200 };
const random = createSeededRandom(4);
const items: readonly AnsweredItem[] = Array.from({ length: 100 }, (_, i) => ({
  itemId: `i${i}`,
  answers: ['a', 'b'].map((variant) => ({
    variant,
    repeat: 0,
    latencyMs: 500 + 300 * random.next() + (variant === 'b' ? 400 : 0),
    costNanoUsd: BigInt(1_000_000 + Math.round(100_000 * random.next())),
    outputTokens: 20,
    scores: { right: random.next() < (variant === 'b' ? 0.9 : 0.5) ? 1 : 0 },
    ...(i < 4 && variant === 'b' && { failure: 'server' }),
    ...(i === 5 && variant === 'a' && { contamination: 'failover' as const }),
  })),
}));
const stop = { reason: 'win', winner: 'b' } as const;

describe('the results of a test', () => {
  test('tell the effect with its interval in words, the money per success, what is missing and why', () => {
    const results = buildResults(plan, items, stop);
    const primary = results.variants[0]!.metrics[0]!;
    expect(primary).toMatchObject({ metric: 'score:right', isPrimary: true, pairs: 99, missing: { failover: 1 } });
    expect(primary.words).toMatch(
      /^The score "right" of "b" is [\d.]+ points higher \(95 % interval [\d.]+ points to [\d.]+ points\): better for sure\.$/,
    );
    const latency = results.variants[0]!.metrics.find(({ metric }) => metric === 'latencyMs')!;
    expect(latency.words).toContain('worse for sure');
    expect(latency.missing).toEqual({ server: 4, failover: 1 });
    expect(results.variants[0]!.latencyP95Ms.kind).toBe('quantile');
    expect(results.summaries[1]).toMatchObject({ variant: 'b', answers: 96, failed: 4, failures: { server: 4 } });
    const [, b] = results.summaries;
    expect(b!.costPerSuccessUsd.kind === 'estimate' && b!.costPerSuccessUsd.estimate).toBeCloseTo(
      Number(b!.costNanoUsd) / 1e9 / 96,
      9,
    );
    expect(results.headline).toBe('"b" wins over "a" after 100 of 200 items.');
    expect(results.health.power.b).toBeGreaterThan(0.1);
    expect(results.health.sampleRatio).toMatchObject({ isBroken: false, counts: { a: 99, b: 100 } });
  });

  test('an empty test, a test without one answer and a broken split are told honestly', () => {
    expect(buildResults(plan, [], undefined).headline).toBe('Running: 0 of 200 items are in.');
    expect(buildResults(plan, [], { reason: 'budget', winner: undefined }).headline).toContain(
      'Cannot tell: the budget',
    );
    const failing = items.map((item) => ({
      ...item,
      answers: item.answers.map((each) => (each.variant === 'b' ? { ...each, failure: 'auth' } : each)),
    }));
    expect(buildResults(plan, failing, undefined).health.cautions.join(' ')).toContain(
      '"b" has not given a single answer',
    );
    const spoilt = items.map((item) => ({
      ...item,
      answers: item.answers.map((each) => (each.variant === 'b' ? { ...each, contamination: 'cache' as const } : each)),
    }));
    const broken = buildResults(plan, spoilt, undefined);
    expect(broken.health.sampleRatio.isBroken).toBe(true);
    expect(broken.health.cautions[0]).toContain('unequal numbers');
  });

  test('numbers keep the digits that count', () => {
    expect(valueWords('costUsd', 0.00000123)).toBe('$0.00000123');
    expect(valueWords('costUsd', 0)).toBe('$0');
    expect(valueWords('score:x', 0.0423)).toBe('4.2 points');
    expect(valueWords('latencyMs', -12.6)).toBe('-13 ms');
    expect(valueWords('costUsd', 100)).toBe('$100');
  });
});

describe('the report of a test', () => {
  const reported = {
    name: '=HYPERLINK("x") | <script>',
    hypothesis: definition.hypothesis,
    preRegistration: preRegister({ text: '```' }),
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: undefined,
    results: buildResults(plan, items, stop),
  };

  test('as Markdown keeps the text of others text', () => {
    const text = formatReportMarkdown(reported);
    expect(text).toContain('# =HYPERLINK("x") \\| \\<script\\>');
    expect(text).toContain('| score "right" |');
    expect(text).toContain('````json\n{"text":"```"}\n````');
  });

  test('as JSON carries the pre-registration, as CSV one row for each metric', () => {
    const parsed = JSON.parse(formatReportJson(reported));
    expect(parsed).toMatchObject({
      version: 1,
      preRegistration: { content: { text: '```' } },
      results: { winner: 'b' },
    });
    const rows = formatReportCsv(reported).trimEnd().split('\r\n');
    expect(rows[0]).toMatch(/^variant,metric,role/);
    expect(rows[1]).toMatch(/^b,score:right,primary,99,0\./);
  });
});

describe('a leaderboard', () => {
  const vote = (left: string, right: string, choice: PairVote['choice'], voter: number): PairVote => ({
    left,
    right,
    choice,
    voter: `v${voter}`,
  });

  test('ranks by votes, and says when the votes do not connect or are ties only', () => {
    const votes = Array.from({ length: 60 }, (_, i) => [
      vote('a', 'b', i % 4 === 0 ? 'right' : 'left', i % 12),
      vote('c', 'b', i % 5 === 0 ? 'both-bad' : i % 3 === 0 ? 'left' : 'right', i % 12),
    ]).flat();
    const board = buildLeaderboard(votes);
    if ('kind' in board) throw new Error('no board');
    expect(board.rows.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(board.rows[0]).toMatchObject({ bestRank: 1 });
    expect(board.rows[2]!.bothBad).toBe(12);
    expect(buildLeaderboard([vote('a', 'b', 'left', 1), vote('c', 'd', 'left', 2)])).toMatchObject({
      reason: 'disconnected',
    });
    expect(buildLeaderboard([])).toMatchObject({ reason: 'empty' });
    const ties = buildLeaderboard(Array.from({ length: 30 }, (_, i) => vote('a', 'b', 'tie', i)));
    if (!('kind' in ties))
      expect(ties.rows.every(({ worstRank, bestRank }) => bestRank === 1 && worstRank === 2)).toBe(true);
  });
});
