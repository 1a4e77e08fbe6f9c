import type { BudgetRefusal, CallAttributes } from '@switchyard/core/guardrails';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { ApprovalDesk } from './approval-desk.ts';

let server: TestServer;
let stranger: OtherTeam;
let teamId: string;
let userId: string;
let budgetId: string;
/** The desk of another process on the same database. */
let elsewhere: ApprovalDesk;
beforeAll(async () => {
  server = await startTestServer();
  stranger = await createTeam(server.services, 'Strangers');
  const owner = await server.services.prisma.member.findFirstOrThrow({ where: { teamId: { not: stranger.teamId } } });
  ({ teamId, userId } = owner);
  elsewhere = new ApprovalDesk({ ...server.services, pollEveryMs: 20 });
});
beforeEach(async () => {
  const { prisma, budgets } = server.services;
  await prisma.budgetApproval.deleteMany();
  await prisma.budget.deleteMany();
  await budgets.book.reload();
  const document = `mutation($input: CreateBudgetInput!) { createBudget(input: $input) {
    ... on CreateBudgetSuccess { budget { id } } } }`;
  const input = { name: 'Research', unit: 'REQUESTS', window: 'DAY', limit: '2', onBreach: 'ASK_APPROVAL' };
  const { createBudget } = await ask(server, document, { input });
  budgetId = decodeId(createBudget.budget.id, 'Budget') ?? '';
});
afterAll(() => server.stop());

const attributes = (memberId = userId): CallAttributes => {
  return { teamId, origin: 'live', providerId: 'openai', modelId: 'openai/gpt-4o', memberId };
};
const context = { source: 'complete', sourceId: undefined };
let count = 0;
const reserve = () => {
  const callId = `call_${++count}`;
  const upperBound = { costNanoUsd: 1n, tokens: 1n };
  return server.services.budgets.ledger.reserve({
    reservationId: callId,
    callId,
    attributes: attributes(),
    upperBound,
  });
};
/** Uses the budget up and answers the refusal of the next call. */
async function useUp(): Promise<BudgetRefusal> {
  for (;;) {
    const answer = await reserve();
    if (!answer.isGranted) return answer.refusal;
  }
}

const approvalFields = `id state requested spent limit neededAmount grantedAmount grantedUntil declineReason modelId
  requestedBy { id } decidedBy { id } budget { effectiveLimit raises { amount reason isActive } }`;
async function decide(name: string, input: object, key = server.key): Promise<LooseJson> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const document = `mutation($input: ${type}Input!) { ${name}(input: $input) { __typename
    ... on ${type}Success { approval { ${approvalFields} } } ... on UserError { code message path } } }`;
  return (await ask(server, document, { input }, { key }))[name];
}
const list = async (filter: object = {}, key = server.key): Promise<LooseJson> => {
  const query = `query($filter: BudgetApprovalFilterInput) { budgetApprovals(filter: $filter) { totalCount edges { node {
    ${approvalFields} } } } }`;
  return (await ask(server, query, { filter }, { key })).budgetApprovals;
};
const globalId = (id: string) => encodeId('BudgetApproval', id);

describe('a request for more than a budget has', () => {
  test('is one for all calls of its requester, seen by admins, and told them once', async () => {
    const refusal = await useUp();
    const desks = [server.services.approvals, elsewhere, server.services.approvals, elsewhere];
    const requests = await Promise.all(desks.map((desk) => desk.request(refusal, attributes(), context)));
    expect(new Set(requests.map((request) => request?.id)).size).toBe(1);
    const bigger = await elsewhere.request({ ...refusal, requested: 5n }, attributes(), context);
    expect(bigger?.id).toBe(requests[0]?.id);
    const other = await elsewhere.request(refusal, attributes(stranger.userId), context);
    expect(other?.id).not.toBe(requests[0]?.id);
    const { totalCount, edges } = await list({ states: ['PENDING'] });
    expect(totalCount).toBe(2);
    const mine = edges.find(({ node }: LooseJson) => node.id === globalId(requests[0]?.id ?? '')).node;
    expect(mine).toMatchObject({
      state: 'PENDING',
      requested: '5',
      limit: '2',
      neededAmount: '5',
      modelId: 'openai/gpt-4o',
      requestedBy: { id: encodeId('User', userId) },
      decidedBy: null,
    });
    const alerts = { where: { kind: 'budget.approvalRequested', dedupeKey: `budget-approval:${requests[0]?.id}` } };
    expect(await server.services.prisma.alert.count(alerts)).toBe(1);
    expect(await list({}, stranger.key)).toEqual({ totalCount: 0, edges: [] });
  });

  test('lets the call go on once it is approved, in whichever process it waits', async () => {
    const refusal = await useUp();
    const request = await elsewhere.request(refusal, attributes(), context);
    const waiting = [
      elsewhere.wait(request?.id ?? '', undefined, 60_000),
      server.services.approvals.wait(request?.id ?? '', undefined, 60_000),
    ];
    const approvalId = globalId(request?.id ?? '');
    const { approval } = await decide('approveBudgetRequest', { approvalId });
    expect(await Promise.all(waiting)).toEqual(['approved', 'approved']);
    expect(approval).toMatchObject({
      state: 'APPROVED',
      grantedAmount: '1',
      decidedBy: { id: encodeId('User', userId) },
      budget: { effectiveLimit: '3', raises: [{ amount: '1', isActive: true }] },
    });
    expect((await reserve()).isGranted).toBe(true);
    expect((await reserve()).isGranted).toBe(false);
    expect([elsewhere.waiterCount, server.services.approvals.waiterCount]).toEqual([0, 0]);
    expect(await decide('declineBudgetRequest', { approvalId })).toMatchObject({ code: 'BUDGETS.APPROVAL_DECIDED' });
  });

  test('approved by two at once raises the budget once', async () => {
    const request = await elsewhere.request(await useUp(), attributes(), context);
    const approvalId = globalId(request?.id ?? '');
    const results = await Promise.all([1, 2, 3].map(() => decide('approveBudgetRequest', { approvalId, amount: '4' })));
    expect(results.map(({ code }) => code).sort()).toEqual([
      'BUDGETS.APPROVAL_DECIDED',
      'BUDGETS.APPROVAL_DECIDED',
      undefined,
    ]);
    const [edge] = (await list()).edges;
    expect(edge.node.budget).toMatchObject({ effectiveLimit: '6', raises: [{ amount: '4' }] });
  });

  test('refuses the call once it is declined or its budget is deleted', async () => {
    const refusal = await useUp();
    const first = await elsewhere.request(refusal, attributes(), context);
    const waiting = elsewhere.wait(first?.id ?? '', undefined, 60_000);
    const input = { approvalId: globalId(first?.id ?? ''), reason: 'Too dear.' };
    expect(await decide('declineBudgetRequest', input)).toMatchObject({
      approval: { state: 'DECLINED', declineReason: 'Too dear.', budget: { effectiveLimit: '2' } },
    });
    expect(await waiting).toBe('declined');
    const second = await elsewhere.request(refusal, attributes(), context);
    expect(second?.id).not.toBe(first?.id);
    const again = elsewhere.wait(second?.id ?? '', undefined, 60_000);
    const document = 'mutation($input: DeleteBudgetInput!) { deleteBudget(input: $input) { __typename } }';
    await ask(server, document, { input: { budgetId: encodeId('Budget', budgetId) } });
    expect(await again).toBe('declined');
  });

  test('lapses with its time, and whoever waits is let go at the end of patience or when the caller goes', async () => {
    const refusal = await useUp();
    const request = await elsewhere.request(refusal, attributes(), context);
    const id = request?.id ?? '';
    expect(await elsewhere.wait(id, undefined, 10)).toBe('expired');
    const abort = new AbortController();
    const waiting = elsewhere.wait(id, abort.signal, 60_000);
    abort.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect((await list({ states: ['PENDING'] })).totalCount).toBe(1);
    const { prisma, clock } = server.services;
    await prisma.budgetApproval.update({ where: { id }, data: { expiresAt: new Date(clock.nowMs() - 1) } });
    expect(await decide('approveBudgetRequest', { approvalId: globalId(id) })).toMatchObject({
      code: 'BUDGETS.APPROVAL_DECIDED',
    });
    await server.services.approvals.expire();
    expect((await list()).edges).toMatchObject([{ node: { state: 'EXPIRED' } }]);
    expect(await elsewhere.wait(id, undefined, 60_000)).toBe('expired');
    expect((await elsewhere.request(refusal, attributes(), context))?.id).not.toBe(id);
  });

  test('is refused an amount that is too small, and is for admins of its team alone', async () => {
    const request = await elsewhere.request({ ...(await useUp()), requested: 3n }, attributes(), context);
    const approvalId = globalId(request?.id ?? '');
    expect(await decide('approveBudgetRequest', { approvalId, amount: '2' })).toMatchObject({
      code: 'INPUT.INVALID',
      path: ['input', 'amount'],
      message: 'The call needs 3 at least.',
    });
    const { key } = await createKey(server.services, { teamId, userId }, ['READ', 'RUN']);
    for (const name of ['approveBudgetRequest', 'declineBudgetRequest']) {
      expect(await decide(name, { approvalId }, key)).toMatchObject({ code: 'TEAMS.FORBIDDEN' });
      expect(await decide(name, { approvalId }, stranger.key)).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('is not made where no raise could help', async () => {
    const refusal = await useUp();
    for (const changes of [{ reason: 'unpriced' }, { reason: 'ledger-unavailable' }, { budgetId: '' }] as const)
      expect(await elsewhere.request({ ...refusal, ...changes }, attributes(), context)).toBeUndefined();
  });
});
