import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Prisma } from '../../generated/prisma/client.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { ask, type LooseJson, send } from '../../testing/graph-client.ts';
import { createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import type { StoredBudget } from './budget.mapping.ts';
import { BudgetRepository } from './budget.repository.ts';

const hourMs = 3_600_000;

let server: TestServer;
let team: OtherTeam;
let nowMs: number;
beforeAll(async () => {
  server = await startTestServer();
  nowMs = Date.now();
});
afterAll(() => server.stop());

let nextId = 0;
const record = (startedAtMs: number, more: Partial<Prisma.CallRecordCreateManyInput> = {}) => ({
  id: `call_spend_${nextId++}`,
  teamId: team.teamId,
  source: 'complete',
  attempt: 1,
  providerId: 'openai',
  modelId: 'openai/gpt-4o',
  origin: 'SIMULATED' as const,
  outcome: 'succeeded',
  inputTokens: 100,
  outputTokens: 50,
  costNanoUsd: 1_000_000n,
  startedAt: new Date(startedAtMs),
  latencyMs: 10,
  tags: [],
  ...more,
});
const store = (rows: readonly Prisma.CallRecordCreateManyInput[]) =>
  server.services.prisma.callRecord.createMany({ data: [...rows] });
const makeTeam = async () => {
  team = await createTeam(server.services, 'Spenders');
};
const asTeam = (query: string, variables: object = {}): Promise<LooseJson> =>
  ask(server, query, variables as never, { key: team.key });

const makeBudget = async (more: Partial<StoredBudget> = {}): Promise<StoredBudget> => {
  const budget: StoredBudget = {
    id: server.services.ids.next('bud'),
    teamId: team.teamId,
    name: 'Research',
    scope: [],
    unit: 'cost',
    window: 'month',
    timeZone: 'UTC',
    limit: 10_000_000_000n,
    mode: 'hard',
    alertThresholds: [0.8],
    onBreach: 'fail-fast',
    whenAllBreach: 'fail',
    unpriced: { kind: 'refuse' },
    raises: [],
    isEnabled: true,
    version: 1,
    source: 'dashboard',
    fileKey: undefined,
    ...more,
  };
  await new BudgetRepository(server.services.prisma).create(budget, undefined);
  await server.services.budgets.book.reload();
  return budget;
};

const spendDocument = /* GraphQL */ `
  query Spend($from: DateTime!, $to: DateTime, $groupBy: [SpendDimension!], $per: SpendStep, $timeZone: String, $origin: DataOrigin) {
    spend(from: $from, to: $to, groupBy: $groupBy, per: $per, timeZone: $timeZone, origin: $origin) {
      startsAt groupCount
      totals { calls tokens costUsd callsWithUnknownCost estimatedShare }
      previous { calls costUsd }
      series { calls costUsd tokens callsWithUnknownCost }
      groups { keys { dimension value label } totals { calls costUsd } previous { calls } series { calls } }
    }
  }
`;

describe('spend', () => {
  test('adds up what the records say, by day of the time zone and by group, beside the days before', async () => {
    await makeTeam();
    const from = Date.parse('2026-03-28T23:00:00Z');
    const to = Date.parse('2026-03-30T22:00:00Z');
    await store([
      record(from, { tags: ['a', 'b'] }),
      // 29 March has 23 hours in Berlin: this is the 30th there already.
      record(Date.parse('2026-03-29T22:30:00Z'), { modelId: 'openai/gpt-5', isUsageEstimated: true }),
      record(Date.parse('2026-03-29T21:30:00Z'), { costNanoUsd: null, tags: ['b'] }),
      record(to),
      record(from - 1),
      record(from, { origin: 'LIVE' }),
    ]);
    const variables = { from: new Date(from), to: new Date(to), timeZone: 'Europe/Berlin', origin: 'SIMULATED' };
    const { spend } = await asTeam(spendDocument, { ...variables, groupBy: ['MODEL'] });
    expect(spend.startsAt).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
    expect(spend.totals).toEqual({
      calls: 3,
      tokens: 450,
      costUsd: '0.002',
      callsWithUnknownCost: 1,
      estimatedShare: 1 / 3,
    });
    expect(spend.previous).toEqual({ calls: 1, costUsd: '0.001' });
    expect(spend.series).toEqual({
      calls: [2, 1],
      costUsd: ['0.001', '0.001'],
      tokens: [300, 150],
      callsWithUnknownCost: [1, 0],
    });
    expect(
      spend.groups.map((group: LooseJson) => [group.keys[0].value, group.totals.calls, group.series.calls]),
    ).toEqual([
      ['openai/gpt-4o', 2, [2, 0]],
      ['openai/gpt-5', 1, [0, 1]],
    ]);
    const byTag = (await asTeam(spendDocument, { ...variables, groupBy: ['TAG', 'MODEL'], per: 'TOTAL' })).spend;
    expect(
      byTag.groups.map((group: LooseJson) => [...group.keys.map((key: LooseJson) => key.value), group.totals.calls]),
    ).toEqual(
      expect.arrayContaining([
        ['a', 'openai/gpt-4o', 1],
        ['b', 'openai/gpt-4o', 2],
        [null, 'openai/gpt-5', 1],
      ]),
    );
    expect([byTag.groupCount, byTag.totals.calls]).toEqual([3, 3]);
  });

  test('another team sees none of it, and what makes no sense is refused with the reason', async () => {
    const from = new Date('2026-03-28T23:00:00Z');
    const other = await createTeam(server.services, 'Others');
    const { spend } = await ask(server, spendDocument, { from, origin: 'SIMULATED' }, { key: other.key });
    expect([spend.totals.calls, spend.previous.calls]).toEqual([0, 0]);
    const refused = async (variables: object) => {
      const { errors } = await send(server, spendDocument, { from, ...variables }, { key: other.key });
      return `${errors?.[0]?.extensions.code} ${errors?.[0]?.message}`;
    };
    expect(await refused({ origin: 'MIXED' })).toMatch(/^BAD_USER_INPUT .*never added up/);
    expect(await refused({ timeZone: 'Mars/Olympus' })).toMatch(/IANA/);
    expect(await refused({ to: '2020-01-01T00:00:00Z' })).toMatch(/before/);
    expect(await refused({ from: '2020-01-01T00:00:00Z' })).toMatch(/400 pieces/);
    expect(await refused({ groupBy: ['MODEL', 'MODEL'] })).toMatch(/two different/);
  });
});

const forecastDocument = /* GraphQL */ `
  query Forecast($id: ID!) {
    node(id: $id) {
      ... on Budget {
        forecast {
          projectedAtEnd low high coverage burnRate perHour exhaustedAt method sampleSize cannotTell cannotTellReason
          runsLeft { kind low likely high sampleSize }
        }
        windows { forecast { projectedAtEnd sampleSize } }
      }
    }
  }
`;
const forecastOf = async (budget: StoredBudget) =>
  (await asTeam(forecastDocument, { id: encodeId('Budget', budget.id) })).node;

describe('the forecast of a budget', () => {
  test('says honestly that it cannot tell while nothing was called', async () => {
    await makeTeam();
    const budget = await makeBudget();
    const { forecast } = await forecastOf(budget);
    expect(forecast).toMatchObject({
      projectedAtEnd: null,
      cannotTell: 'NO_CALLS',
      cannotTellReason: expect.stringMatching(/No call/),
      runsLeft: null,
      sampleSize: 0,
    });
    const other = await createTeam(server.services, 'Strangers');
    const id = encodeId('Budget', budget.id);
    expect((await ask(server, forecastDocument, { id }, { key: other.key })).node).toBeNull();
  });

  test('goes on from what the ledger booked by what four weeks of records are like', async () => {
    await makeTeam();
    // A cent in every hour for five weeks: about $0.24 a day.
    await store(
      Array.from({ length: 35 * 24 }, (_, index) =>
        record(nowMs - index * hourMs - 60_000, { costNanoUsd: 10_000_000n }),
      ),
    );
    const budget = await makeBudget({ window: 'week', limit: 1_000_000_000n });
    const { ledger } = server.services.budgets;
    const callId = server.services.ids.next('call');
    const attributes = {
      teamId: team.teamId,
      origin: 'simulated' as const,
      providerId: 'openai',
      modelId: 'openai/gpt-4o',
    };
    const upperBound = { costNanoUsd: 500_000_000n, tokens: 10n };
    await ledger.reserve({ reservationId: callId, callId, attributes, upperBound });
    ledger.settle(callId, { costNanoUsd: 400_000_000n, tokens: 10n });
    const { forecast, windows } = await forecastOf(budget);
    const resetsAtMs = nextMondayMs(nowMs);
    const expected = 0.4 + ((resetsAtMs - nowMs) / hourMs) * 0.01;
    expect(forecast).toMatchObject({ method: 'PROFILE_AND_PACE', cannotTell: null, coverage: 0.8 });
    expect(Number(forecast.projectedAtEnd)).toBeCloseTo(expected, 1);
    expect(Number(forecast.low)).toBeLessThanOrEqual(Number(forecast.projectedAtEnd));
    expect(Number(forecast.high)).toBeGreaterThanOrEqual(Number(forecast.projectedAtEnd));
    expect(forecast.runsLeft).toMatchObject({ kind: 'CALLS', likely: 60, low: 60, high: 60 });
    expect(Number(windows[0].forecast.projectedAtEnd)).toBeCloseTo(Number(forecast.projectedAtEnd), 5);
  });
});

const nextMondayMs = (atMs: number) => {
  const date = new Date(atMs);
  const daysAhead = 7 - ((date.getUTCDay() + 6) % 7);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + daysAhead);
};

const estimateDocument = /* GraphQL */ `
  query Estimate($input: EstimateRunInput!) {
    estimateRun(input: $input) {
      __typename
      ... on EstimateRunSuccess {
        lowUsd likelyUsd highUsd maxUsd fits
        models { requested modelId lowUsd likelyUsd highUsd maxUsd basis sampleSize fits unavailableReason inputTokens answerLimitedToTokens }
        budgets { name free requested fits wouldBreach budget { name } }
      }
      ... on UserError { code message }
    }
  }
`;
const estimate = async (input: object): Promise<LooseJson> => (await asTeam(estimateDocument, { input })).estimateRun;

describe('estimateRun', () => {
  test('guesses without history, learns from ten answers, and never says more than the most', async () => {
    await makeTeam();
    const models = ['openai/gpt-4o', 'anthropic/claude-haiku-4-5'];
    const input = { models, prompt: 'Explain tides.', parameters: { maxOutputTokens: 1_000 } };
    const guessed = await estimate(input);
    expect(guessed.models.map(({ basis }: LooseJson) => basis)).toEqual(['GUESS', 'GUESS']);
    await store(Array.from({ length: 10 }, (_, index) => record(nowMs - index * 1_000, { outputTokens: 200 })));
    const learned = await estimate(input);
    const [gpt, claude] = learned.models;
    expect([gpt.basis, gpt.sampleSize, claude.basis]).toEqual(['HISTORY', 10, 'GUESS']);
    // $10 per million output tokens, $2.50 per million input tokens.
    expect(Number(gpt.likelyUsd)).toBeCloseTo((200 * 10 + gpt.inputTokens * 2.5) / 1e6, 9);
    for (const { lowUsd, likelyUsd, highUsd, maxUsd } of [...guessed.models, ...learned.models, guessed, learned]) {
      expect([lowUsd, likelyUsd, highUsd, maxUsd].map(Number)).toEqual(
        [lowUsd, likelyUsd, highUsd, maxUsd].map(Number).toSorted((a, b) => a - b),
      );
    }
    expect([learned.fits, learned.budgets]).toEqual([true, []]);
  });

  test('says which budget has no room, counts models beside each other, and knows models that cannot be called', async () => {
    await makeTeam();
    await makeBudget({ name: 'Tiny', limit: 15_000_000n });
    await makeBudget({ name: 'Elsewhere', scope: [{ kind: 'provider', value: 'google' }], limit: 0n });
    const parameters = { maxOutputTokens: 1_000 };
    const one = await estimate({ models: ['openai/gpt-4o'], prompt: 'Explain tides.', parameters });
    expect(one).toMatchObject({ fits: true, budgets: [{ name: 'Tiny', fits: true, wouldBreach: false }] });
    const two = await estimate({ models: ['openai/gpt-4o', 'openai/gpt-4o'], prompt: 'Explain tides.', parameters });
    expect(two.models.map(({ fits }: LooseJson) => fits)).toEqual([true, false]);
    expect(two).toMatchObject({
      fits: false,
      budgets: [{ name: 'Tiny', free: '0.015', fits: false, wouldBreach: true, budget: { name: 'Tiny' } }],
    });
    const wrong = await estimate({ models: ['openai/gpt-99', 'google/gemini-2.5-flash'], prompt: 'x', parameters });
    expect(wrong.models[0]).toMatchObject({
      modelId: null,
      fits: false,
      unavailableReason: expect.stringMatching(/gpt-99/),
    });
    expect(wrong.models[1].fits).toBe(false);
    expect(await estimate({ models: [], prompt: ' ' })).toMatchObject({ code: 'INPUT.INVALID' });
  });
});
