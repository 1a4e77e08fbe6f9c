import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeId } from '../../graphql/global-id.ts';
import { ask, type LooseJson, send } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let stranger: OtherTeam;
let teamId: string;
let userId: string;
beforeAll(async () => {
  server = await startTestServer();
  stranger = await createTeam(server.services, 'Strangers');
  const owner = await server.services.prisma.member.findFirstOrThrow({ where: { teamId: { not: stranger.teamId } } });
  ({ teamId, userId } = owner);
});
afterEach(async () => {
  await server.services.prisma.budget.deleteMany();
  await server.services.budgets.book.reload();
});
afterAll(() => server.stop());

const fields = `id name unit window timeZone limit effectiveLimit mode alertThresholds onBreach whenAllBreach
  unpricedReserveUsd isEnabled source version startsAt resetsAt createdBy { name }
  scope { kind isEach value label } raises { id amount isActive reason raisedBy { name } }
  warnings { path message } windows { windowId origin subject spent reserved free limit }`;

/** Carries out one mutation and returns its result, typed errors included. */
async function change(name: string, input: object, key = server.key): Promise<LooseJson> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const success =
    { deleteBudget: 'budgetId', adjustBudgets: 'budgets { name limit isEnabled } readOnlyBudgets { name }' }[name] ??
    `budget { ${fields} }${name === 'raiseBudget' ? ' raiseId' : ''}`;
  const document = `mutation($input: ${type}Input!) { ${name}(input: $input) { __typename
    ... on ${type}Success { ${success} } ... on UserError { code message path }
    ${name === 'deleteBudget' ? '' : '... on ValidationError { issues { path message } }'} } }`;
  return (await ask(server, document, { input }, { key }))[name];
}
const daily = { name: 'Daily', unit: 'COST', window: 'DAY', limit: '10' };
const make = async (input: object = {}) => {
  const { budget, ...rest } = await change('createBudget', { ...daily, ...input });
  expect(rest).toEqual({ __typename: 'CreateBudgetSuccess' });
  return budget;
};
const remove = (budgetId: string) => change('deleteBudget', { budgetId });

describe('a budget', () => {
  test('is made, looked at, changed, raised and deleted', async () => {
    const made = await make({
      name: ' Research ',
      scope: [
        { kind: 'MEMBER', value: encodeId('User', userId) },
        { kind: 'MODEL', isEach: true },
      ],
      timeZone: 'Europe/Berlin',
      limit: '12.50',
      alertThresholds: [0.5, 0.9],
      onBreach: 'CHEAPER_EQUIVALENT',
      whenAllBreach: 'ASK',
      unpricedReserveUsd: '0.01',
      idempotencyKey: 'once',
    });
    const owner = await server.services.prisma.user.findUniqueOrThrow({ where: { id: userId } });
    expect(made).toMatchObject({
      name: 'Research',
      limit: '12.5',
      effectiveLimit: '12.5',
      unpricedReserveUsd: '0.01',
      scope: [
        { kind: 'MEMBER', isEach: false, value: encodeId('User', userId), label: owner.name },
        { kind: 'MODEL', isEach: true, value: null, label: 'each model' },
      ],
      createdBy: { name: owner.name },
      source: 'DASHBOARD',
      version: 1,
      raises: [],
      warnings: [],
      windows: [],
    });
    expect(await make({ ...daily, name: 'another', idempotencyKey: undefined })).not.toMatchObject({ id: made.id });
    const again = await change('createBudget', { ...daily, idempotencyKey: 'once' });
    expect(again.__typename).toBe('IdempotencyConflictError');

    const { budget: changed } = await change('updateBudget', {
      budgetId: made.id,
      version: 1,
      limit: '20',
      unpricedReserveUsd: null,
      isEnabled: false,
    });
    expect(changed).toMatchObject({
      limit: '20',
      unpricedReserveUsd: null,
      isEnabled: false,
      version: 2,
      name: 'Research',
    });

    const endsAt = new Date(server.services.clock.nowMs() + 3_600_000).toISOString();
    const raise = { budgetId: made.id, amount: '5', endsAt, reason: 'launch', idempotencyKey: 'raise' };
    const { budget: raised, raiseId } = await change('raiseBudget', raise);
    expect(raised).toMatchObject({
      limit: '20',
      effectiveLimit: '25',
      raises: [{ id: raiseId, amount: '5', isActive: true, reason: 'launch', raisedBy: { name: owner.name } }],
    });
    // A repeated request, for example after a lost answer, raises once.
    expect((await change('raiseBudget', raise)).budget.effectiveLimit).toBe('25');
    const { budget: ended } = await change('endBudgetRaise', { budgetId: made.id, raiseId });
    expect(ended).toMatchObject({ effectiveLimit: '20', raises: [{ id: raiseId, isActive: false }] });

    expect(await remove(made.id)).toMatchObject({ budgetId: made.id });
    expect((await ask(server, 'query($id: ID!) { node(id: $id) { id } }', { id: made.id })).node).toBeNull();
    const { budgets } = await ask(server, '{ budgets { totalCount edges { node { id name } } } }');
    expect(budgets.edges.map(({ node }: LooseJson) => node.name)).toEqual(['another']);
  });

  test('shows what calls hold and have spent, this moment', async () => {
    const { id } = await make({ scope: [{ kind: 'MEMBER', isEach: true }] });
    const { ledger } = server.services.budgets;
    const attributes = {
      teamId,
      origin: 'live',
      providerId: 'openai',
      modelId: 'openai/gpt-5',
      memberId: userId,
    } as const;
    const reserve = (callId: string) =>
      ledger.reserve({
        reservationId: callId,
        callId,
        attributes,
        upperBound: { costNanoUsd: 2_000_000_000n, tokens: 9n },
      });
    expect((await reserve('live_1')).isGranted).toBe(true);
    expect((await reserve('live_2')).isGranted).toBe(true);
    ledger.settle('live_1', { costNanoUsd: 1_250_000_000n, tokens: 5n });
    const read = async () => {
      const query = `query($id: ID!) { node(id: $id) { ... on Budget { ${fields} } } }`;
      return (await ask(server, query, { id })).node.windows;
    };
    const { name } = await server.services.prisma.user.findUniqueOrThrow({ where: { id: userId } });
    const expected = [{ origin: 'LIVE', subject: name, spent: '1.25', reserved: '2', free: '6.75', limit: '10' }];
    expect(await read()).toMatchObject(expected);
    expect(await ledger.flush()).toBe(true);
    expect(await read()).toMatchObject(expected);
    ledger.release('live_2');
    await ledger.flush();
    expect(await read()).toMatchObject([{ spent: '1.25', reserved: '0', free: '8.75' }]);
  });

  test('is refused with everything that is wrong with it', async () => {
    const result = await change('createBudget', {
      ...daily,
      name: ' ',
      unit: 'TOKENS',
      limit: '-1.5',
      timeZone: 'Mars/Olympus',
      alertThresholds: [0.9, 0.5],
      scope: [{ kind: 'MEMBER', value: encodeId('User', stranger.userId) }, { kind: 'PROVIDER' }],
    });
    expect(result).toMatchObject({ __typename: 'ValidationError', code: 'INPUT.INVALID' });
    expect(result.issues.map(({ path }: LooseJson) => path.join('.')).sort()).toEqual([
      'input.alertThresholds.1',
      'input.limit',
      'input.name',
      'input.scope.0.value',
      'input.scope.1.value',
      'input.timeZone',
    ]);
    const absurd = await change('createBudget', { ...daily, limit: '99999999999999999999' });
    expect(absurd.issues).toMatchObject([{ path: ['input', 'limit'], message: expect.stringContaining('absurd') }]);
    const negative = await change('createBudget', { ...daily, limit: '-1' });
    expect(negative.issues).toMatchObject([{ message: expect.stringContaining('negative') }]);
    expect((await ask(server, '{ budgets { totalCount } }')).budgets.totalCount).toBe(0);
  });

  test('that no call can match, or that contradicts another, is kept and flagged', async () => {
    const one = await make({ scope: [{ kind: 'PROVIDER', value: 'openay' }] });
    expect(one.warnings).toEqual([
      { path: ['scope', '0', 'value'], message: 'No traffic can match: there is no provider "openay".' },
    ]);
    await make({ name: 'Day', limit: '50' });
    const three = await make({ name: 'Month', window: 'MONTH', limit: '40' });
    expect(three.warnings).toMatchObject([{ message: expect.stringContaining('Contradicts "Day"') }]);
    const { keyId } = await createKey(server.services, { teamId }, ['READ']);
    const four = await make({ scope: [{ kind: 'API_KEY', value: encodeId('ApiKey', keyId) }] });
    expect(four.warnings).toEqual([]);
    await server.services.prisma.apiKey.update({ where: { id: keyId }, data: { revokedAt: new Date(0) } });
    const query = 'query($id: ID!) { node(id: $id) { ... on Budget { warnings { message } } } }';
    const { node } = await ask(server, query, { id: four.id });
    expect(node.warnings).toMatchObject([{ message: expect.stringContaining('revoked') }]);
  });

  test('keeps what it counts: that is another budget', async () => {
    const { id } = await make();
    const noUnit = await send(server, 'mutation($i: UpdateBudgetInput!) { updateBudget(input: $i) { __typename } }', {
      i: { budgetId: id, version: 1, unit: 'TOKENS' },
    });
    expect(noUnit.errors?.[0]?.message).toContain('unit');
  });

  test('changed by two people at once keeps the first change, and the second is told', async () => {
    const { id } = await make();
    const results = await Promise.all(
      ['1', '2', '3'].map((limit) => change('updateBudget', { budgetId: id, version: 1, limit })),
    );
    const codes = results.map(({ __typename, code }) => code ?? __typename).sort();
    expect(codes).toEqual(['BUDGETS.CHANGED_MEANWHILE', 'BUDGETS.CHANGED_MEANWHILE', 'UpdateBudgetSuccess']);
  });

  test('raised by many at once loses no raise without saying so', async () => {
    const { id } = await make();
    const endsAt = new Date(server.services.clock.nowMs() + 3_600_000).toISOString();
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => change('raiseBudget', { budgetId: id, amount: '1', endsAt, reason: 'more' })),
    );
    const raised = results.filter(({ __typename }) => __typename === 'RaiseBudgetSuccess').length;
    const query = 'query($id: ID!) { node(id: $id) { ... on Budget { effectiveLimit raises { id } } } }';
    const { node } = await ask(server, query, { id });
    expect(node).toMatchObject({ effectiveLimit: `${10 + raised}` });
    expect(node.raises).toHaveLength(raised);
    expect(raised).toBeGreaterThan(0);
  });

  test('is a raise refused that is over, negative or without a reason', async () => {
    const { id } = await make({ unit: 'REQUESTS' });
    const result = await change('raiseBudget', {
      budgetId: id,
      amount: '-1',
      endsAt: '2001-01-01T00:00:00Z',
      reason: '',
    });
    expect(result.issues.map(({ path }: LooseJson) => path[1])).toEqual(['reason', 'endsAt', 'amount']);
    const half = await change('raiseBudget', {
      budgetId: id,
      amount: '1.5',
      endsAt: '2001-01-01T00:00:00Z',
      reason: 'x',
    });
    expect(half.issues.map(({ path }: LooseJson) => path[1])).toEqual(['endsAt', 'amount']);
  });

  test('is for admins to change, and for everybody to see', async () => {
    const { id } = await make();
    const { key } = await createKey(server.services, { teamId, userId }, ['READ', 'RUN']);
    const endsAt = new Date(server.services.clock.nowMs() + 3_600_000).toISOString();
    const attempts: [string, object][] = [
      ['createBudget', daily],
      ['updateBudget', { budgetId: id, version: 1, limit: '1' }],
      ['deleteBudget', { budgetId: id }],
      ['raiseBudget', { budgetId: id, amount: '1', endsAt, reason: 'x' }],
      ['endBudgetRaise', { budgetId: id, raiseId: 'x' }],
      ['adjustBudgets', { percent: 10 }],
    ];
    for (const [name, input] of attempts)
      expect(await change(name, input, key), name).toMatchObject({ code: 'TEAMS.FORBIDDEN' });
    expect((await ask(server, '{ budgets { totalCount } }', {}, { key })).budgets.totalCount).toBe(1);
    // Another team's admin finds nothing.
    for (const [name, input] of attempts.slice(1, 5))
      expect(await change(name, input, stranger.key), name).toMatchObject({ code: 'NOT_FOUND' });
    expect((await ask(server, '{ budgets { totalCount } }', {}, { key: stranger.key })).budgets.totalCount).toBe(0);
  });
});

describe('all budgets at once', () => {
  test('are changed by a percentage or switched off, all that are meant or none', async () => {
    const day = await make({ name: 'Day', limit: '10' });
    await make({ name: 'Tokens', unit: 'TOKENS', limit: '1001' });
    const file = await make({ name: 'File', limit: '7', window: 'MONTH' });
    const fileId = Buffer.from(file.id, 'base64').toString().split(':')[1] ?? '';
    await server.services.prisma.budget.update({ where: { id: fileId }, data: { source: 'file', fileKey: 'f' } });
    const input = { percent: 50, idempotencyKey: 'fifty' };
    const adjusted = await change('adjustBudgets', input);
    expect(adjusted).toMatchObject({
      budgets: [
        { name: 'Day', limit: '15' },
        { name: 'Tokens', limit: '1502' },
      ],
      readOnlyBudgets: [{ name: 'File' }],
    });
    // The same request again changes nothing more.
    expect((await change('adjustBudgets', input)).budgets[0].limit).toBe('15');
    const off = await change('adjustBudgets', { isEnabled: false, filter: { units: ['TOKENS'] } });
    expect(off.budgets).toEqual([{ name: 'Tokens', limit: '1502', isEnabled: false }]);
    expect(await change('adjustBudgets', { percent: 5, isEnabled: true })).toMatchObject({ code: 'INPUT.INVALID' });
    expect(await change('adjustBudgets', { percent: -101 })).toMatchObject({ code: 'INPUT.INVALID' });
    const foreign = { percent: 5, filter: { budgetIds: [day.id] } };
    expect(await change('adjustBudgets', foreign, stranger.key)).toMatchObject({ code: 'NOT_FOUND' });
  });
});
