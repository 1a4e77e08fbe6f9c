import type { BudgetRefusal, BudgetWarning, CallAttributes } from '@switchyard/core/guardrails';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let stranger: OtherTeam;
let teamId: string;
let userId: string;
let budgetId: string;
beforeAll(async () => {
  server = await startTestServer();
  stranger = await createTeam(server.services, 'Strangers');
  const owner = await server.services.prisma.member.findFirstOrThrow({ where: { teamId: { not: stranger.teamId } } });
  ({ teamId, userId } = owner);
  budgetId = await makeBudget(server.key, 'Research');
});
afterAll(() => server.stop());

/** Answers the id as it is stored. */
async function makeBudget(key: string, name: string, changes: object = {}): Promise<string> {
  const document = `mutation($input: CreateBudgetInput!) { createBudget(input: $input) {
    ... on CreateBudgetSuccess { budget { id } } } }`;
  const input = { name, unit: 'COST', window: 'DAY', limit: '10', ...changes };
  const { createBudget } = await ask(server, document, { input }, { key });
  return decodeId(createBudget.budget.id, 'Budget') ?? '';
}

const attributes = (): CallAttributes => {
  return { teamId, origin: 'live', providerId: 'openai', modelId: 'openai/gpt-4o', memberId: userId, stepId: 'draft' };
};
const refusalOf = (changes: Partial<BudgetRefusal> = {}): BudgetRefusal => ({
  budgetId,
  budgetName: 'Research',
  unit: 'cost',
  windowId: `${budgetId}/live/0/`,
  spent: 9_800_000_000n,
  reserved: 100_000_000n,
  limit: 10_000_000_000n,
  resetsAtMs: server.services.clock.nowMs() + 3_600_000,
  reason: 'budget-exceeded',
  requested: 500_000_000n,
  onBreach: 'skip-to-next',
  whenAllBreach: 'fail',
  ...changes,
});
const note = (changes: Partial<BudgetRefusal> = {}, callId = 'call_1') =>
  server.services.breaches.noteRefusal({
    refusal: refusalOf(changes),
    attributes: attributes(),
    decision: 'skip-to-next',
    source: 'comparison-lane',
    sourceId: 'lan_1',
    callId,
    expectedNanoUsd: 400_000_000n,
    atMs: server.services.clock.nowMs(),
  });

const list = `query($filter: BudgetBreachFilterInput) { budgetBreaches(filter: $filter) { totalCount edges { node {
  id kind reason decision unit requested spent reserved limit modelId budgetName occurrences recommendation sourceId
  threshold stepId budget { name } member { id } } } } }`;
const read = async (filter: object = {}, key = server.key): Promise<LooseJson> =>
  (await ask(server, list, { filter }, { key })).budgetBreaches;

describe('what budgets refuse', () => {
  test('is on record with a recommendation, told people, and logged with the fields of the channel', async () => {
    note();
    note({ requested: 700_000_000n }, 'call_2');
    await server.services.breaches.flush();
    const { totalCount, edges } = await read({ budgetId: encodeId('Budget', budgetId) });
    expect(totalCount).toBe(1);
    expect(edges[0].node).toMatchObject({
      kind: 'REFUSED',
      reason: 'BUDGET_EXCEEDED',
      decision: 'SKIP_TO_NEXT',
      requested: '0.7',
      spent: '9.8',
      limit: '10',
      modelId: 'openai/gpt-4o',
      occurrences: 2,
      sourceId: 'lan_1',
      stepId: 'draft',
      budget: { name: 'Research' },
      member: { id: encodeId('User', userId) },
    });
    expect(edges[0].node.recommendation).toMatch(/^Raise the limit by \$\d+ to \$\d+ to cover/);
    expect(edges[0].node.recommendation).toMatch(/can do the same for \d+ % of the price/);
    await server.services.alerts.tick();
    expect(await server.services.prisma.alert.count({ where: { kind: 'budget.breached' } })).toBe(1);
    const line = server.log.text.split('\n').find((text) => text.includes('model.budgetBreached')) ?? '';
    for (const part of [
      'model_guardrails',
      '"stepId":"draft"',
      '"provider":"openai"',
      '"estimatedCost":"0.4"',
      'latencyMs',
      'actualCost',
      'workflowId',
      '"decisionType":"skip-to-next"',
    ])
      expect(line).toContain(part);
  });

  test('is each team’s own', async () => {
    const { edges } = await read();
    expect(await read({}, stranger.key)).toEqual({ totalCount: 0, edges: [] });
    const theirs = await ask(
      server,
      'query($id: ID!) { node(id: $id) { id } }',
      { id: edges[0].node.id },
      { key: stranger.key },
    );
    expect(theirs.node).toBeNull();
  });

  test('and warns of is told apart: thresholds only when they are asked for', async () => {
    const { reason: _, requested: __, onBreach: ___, whenAllBreach: ____, ...figures } = refusalOf();
    const warning: BudgetWarning = { ...figures, type: 'threshold', threshold: 0.8 };
    server.services.breaches.noteWarning(warning, attributes(), server.services.clock.nowMs());
    await server.services.breaches.flush();
    expect((await read()).totalCount).toBe(1);
    const { edges } = await read({ kinds: ['THRESHOLD'] });
    expect(edges).toMatchObject([{ node: { kind: 'THRESHOLD', threshold: 0.8, reason: null, decision: null } }]);
  });

  test('is no storm of rows when many calls are refused at once, and of a limit that is no budget it is kept too', async () => {
    const before = (await read()).totalCount;
    for (let count = 0; count < 5_000; count += 1) note({}, `storm_${count}`);
    note({ budgetId: '', budgetName: 'limit of the request', windowId: '' });
    await server.services.breaches.flush();
    const { totalCount, edges } = await read();
    expect(totalCount - before).toBe(2);
    const nodes = edges.map(({ node }: LooseJson) => node);
    expect(nodes.some(({ occurrences }: LooseJson) => occurrences === 5_000)).toBe(true);
    expect(
      nodes.some(({ budgetName, budget }: LooseJson) => budgetName === 'limit of the request' && budget === null),
    ).toBe(true);
  });

  test('never fails a call, also of a team that is gone', async () => {
    const gone = { ...attributes(), teamId: 'team_gone' };
    const { breaches, clock } = server.services;
    breaches.noteRefusal({ refusal: refusalOf(), attributes: gone, decision: 'fail-fast', atMs: clock.nowMs() });
    await breaches.flush();
    note({ budgetName: 'after' });
    await breaches.flush();
    expect((await read()).edges.some(({ node }: LooseJson) => node.budgetName === 'after')).toBe(true);
  });
});

test('a call that a budget refuses ends with the typed error, and leaves a breach and a request on record', async () => {
  const { prisma, budgets } = server.services;
  const { edges } = await read();
  await prisma.budgetBreach.deleteMany();
  expect(edges.length).toBeGreaterThan(0);
  const tight = await makeBudget(server.key, 'Tight', { unit: 'REQUESTS', limit: '1', whenAllBreach: 'ASK' });
  const document = `mutation($input: CompleteInput!) { complete(input: $input) { __typename ... on BudgetExceeded {
    code message budget { id } budgetName unit spent reserved limit requested reason resetsAt
    approval { state neededAmount budget { name } } } } }`;
  const input = { model: 'openai/gpt-4o-mini', messages: [{ role: 'USER', content: 'Hello' }] };
  const first = (await ask(server, document, { input })).complete;
  expect(first.__typename).toBe('CompleteSuccess');
  const { complete } = await ask(server, document, { input });
  expect(complete).toMatchObject({
    __typename: 'BudgetExceeded',
    code: 'BUDGETS.EXCEEDED',
    budget: { id: encodeId('Budget', tight) },
    budgetName: 'Tight',
    unit: 'REQUESTS',
    limit: '1',
    requested: '1',
    reason: 'BUDGET_EXCEEDED',
    approval: { state: 'PENDING', neededAmount: '1', budget: { name: 'Tight' } },
  });
  expect(Number(complete.spent) + Number(complete.reserved)).toBe(1);
  await server.services.breaches.flush();
  const breaches = (await read({ budgetId: encodeId('Budget', tight) })).edges;
  expect(breaches).toMatchObject([
    { node: { kind: 'REFUSED', modelId: 'openai/gpt-4o-mini', unit: 'REQUESTS', decision: 'ASK_APPROVAL' } },
  ]);
  await prisma.budget.deleteMany({ where: { id: tight } });
  await budgets.book.reload();
});

describe('a subscriber', () => {
  const document = `subscription($budgets: [ID!]) { budgetEvents(budgets: $budgets) { __typename
    ... on BudgetChanged { budget { name effectiveLimit } windows { spent reserved } }
    ... on BudgetBreached { breach { budgetName } } ... on BudgetThresholdCrossed { breach { threshold } }
    ... on BudgetApprovalRequested { approval { id state } } ... on BudgetApprovalResolved { approval { id state } } } }`;

  function follow(key: string, budgets?: readonly string[]) {
    const events: LooseJson[] = [];
    const client = createClient({
      url: server.socketUrl,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
    });
    const ended = (async () => {
      const variables = budgets ? { budgets } : {};
      for await (const { data, errors } of client.iterate<LooseJson>({ query: document, variables })) {
        if (errors) throw new Error(JSON.stringify(errors));
        events.push(data.budgetEvents);
      }
    })();
    ended.catch(() => {});
    return { events, ended, client };
  }

  test('sees figures and breaches of its team, and nobody else’s, until its key is revoked', async () => {
    const other = await makeBudget(stranger.key, 'Theirs');
    const second = await makeBudget(server.key, 'Second');
    const own = await createKey(server.services, { teamId }, ['READ']);
    const mine = follow(own.key);
    const one = follow(server.key, [encodeId('Budget', second)]);
    const theirs = follow(stranger.key);
    const names = ({ events }: { events: LooseJson[] }) =>
      [
        ...new Set(events.filter(({ __typename }) => __typename === 'BudgetChanged').map(({ budget }) => budget?.name)),
      ].sort();
    await expect.poll(() => names(mine)).toEqual(['Research', 'Second']);
    await expect.poll(() => names(one)).toEqual(['Second']);
    await expect.poll(() => names(theirs)).toEqual(['Theirs']);

    const { ledger } = server.services.budgets;
    const upperBound = { costNanoUsd: 2_000_000_000n, tokens: 1n };
    await ledger.reserve({ reservationId: 'sub_1', callId: 'sub_1', attributes: attributes(), upperBound });
    const moved = ({ events }: { events: LooseJson[] }) => events.some(({ windows }) => windows?.[0]?.reserved === '2');
    await expect.poll(() => moved(mine), { timeout: 5_000 }).toBe(true);
    await expect.poll(() => moved(one), { timeout: 5_000 }).toBe(true);
    expect(moved(theirs)).toBe(false);
    ledger.release('sub_1');

    // Written as by another process: nobody tells this one.
    note();
    await server.services.breaches.flush();
    const row = await server.services.prisma.budgetBreach.findFirstOrThrow({ where: { type: 'refused', budgetId } });
    const { seq: _, ...copy } = row;
    const from = (values: object) => ({ ...copy, id: server.services.ids.next('brc'), ...values });
    await server.services.prisma.budgetBreach.createMany({
      data: [
        from({ budgetName: 'from elsewhere' }),
        from({ budgetId: other, teamId: stranger.teamId, budgetName: 'foreign' }),
      ],
    });
    const breached = ({ events }: { events: LooseJson[] }) =>
      events.filter(({ __typename }) => __typename === 'BudgetBreached').map(({ breach }) => breach.budgetName);
    await expect.poll(() => breached(mine), { timeout: 5_000 }).toEqual(['Research', 'from elsewhere']);
    await expect.poll(() => breached(theirs), { timeout: 5_000 }).toEqual(['foreign']);
    expect(breached(one)).toEqual([]);

    await server.services.prisma.apiKey.update({ where: { id: own.keyId }, data: { revokedAt: new Date(0) } });
    await mine.ended.catch(() => {});
    await one.client.dispose();
    await theirs.client.dispose();
    await expect.poll(() => server.services.budgetFeed.subscriberCount).toBe(0);
  });

  test('of another team’s budget is told the same as of one that does not exist', async () => {
    const reasons = [];
    for (const id of [budgetId, 'bud_none']) {
      const { ended } = follow(stranger.key, [encodeId('Budget', id)]);
      reasons.push(
        await ended.then(
          () => 'delivered',
          (error: Error) => error.message,
        ),
      );
    }
    expect(reasons[0]).toContain('no such budget');
    expect(reasons[0]).toBe(reasons[1]);
    await expect.poll(() => server.services.budgetFeed.subscriberCount).toBe(0);
  });

  test('that does not read keeps nobody waiting and gets the last figures of each budget', async () => {
    const { budgetFeed, budgets } = server.services;
    const sleepy = await budgetFeed.subscribe(teamId, new Set([budgetId]));
    const upperBound = { costNanoUsd: 1_000_000_000n, tokens: 1n };
    for (let count = 1; count <= 3; count += 1) {
      const callId = `sleepy_${count}`;
      await budgets.ledger.reserve({ reservationId: callId, callId, attributes: attributes(), upperBound });
      await budgetFeed.poll();
    }
    const { value } = await sleepy.next();
    expect(value).toMatchObject({ type: 'changed', budgetId });
    expect(value.windows).toContainEqual(expect.objectContaining({ origin: 'live', reserved: 3_000_000_000n }));
    await sleepy.return?.();
    for (let count = 1; count <= 3; count += 1) budgets.ledger.release(`sleepy_${count}`);
  });
});
