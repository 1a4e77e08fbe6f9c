import type { WorkflowDefinition } from '@switchyard/core/workflows';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { decodeId } from '../../graphql/global-id.ts';
import { ask } from '../../testing/graph-client.ts';
import { RunStage } from '../../testing/run-stage.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { approveRequest, declineRequest } from '../guardrails/decide-approval.ts';

let server: TestServer;
let stage: RunStage;
beforeAll(async () => {
  server = await startTestServer();
  stage = await RunStage.of(server.services);
});
afterAll(() => server.stop());

/** Two calls a day, and a person is asked for more. */
beforeEach(async () => {
  const { prisma, budgets } = server.services;
  await prisma.budgetApproval.deleteMany();
  await prisma.budget.deleteMany();
  await budgets.book.reload();
  const document = `mutation($input: CreateBudgetInput!) { createBudget(input: $input) {
    ... on CreateBudgetSuccess { budget { id } } } }`;
  const input = { name: 'Few calls', unit: 'REQUESTS', window: 'DAY', limit: '2', onBreach: 'ASK_APPROVAL' };
  const { createBudget } = await ask(server, document, { input });
  expect(decodeId(createBudget.budget.id, 'Budget')).toBeDefined();
});

const model = 'openai/gpt-4o-mini';
const steps = ['a', 'b', 'c'].map((id, index, ids) => ({
  id,
  type: 'prompt',
  models: [{ model }],
  prompt: index === 0 ? 'Hello.' : `Again: {{ steps.${ids[index - 1]}.output }}`,
})) as unknown as WorkflowDefinition['steps'];

async function startAndWait(name: string) {
  await stage.publish(name, steps);
  const { id } = await stage.start(name);
  const waiting = await stage.untilWaiting(id);
  expect(waiting).toMatchObject({ state: 'waiting', pendingApprovals: 1, settledStepCount: 2, activeStepIds: ['c'] });
  await expect.poll(() => server.services.runParts.engine.owns(id)).toBe(false);
  const details = await server.services.runs.details(stage.identity.teamId, id);
  const approval = details?.steps[2]?.approvals[0];
  expect(approval).toMatchObject({ kind: 'budget', approvers: 'admin', decision: undefined });
  return { id, approvalId: approval?.approvalId ?? '', budgetApprovalId: approval?.budgetApprovalId ?? '' };
}

test('a budget that is used up stops a run until a person approves: the money is raised and only the refused call is made', async () => {
  const { id, approvalId } = await startAndWait('over-budget');
  const { runs } = server.services;
  const reader = new RunStage(server.services, stage.identity.teamId, { accessRole: 'DEVELOPER' });
  const decision = { runId: id, approvalId, isApproved: true };
  await expect(runs.decideApproval(reader.identity, decision)).rejects.toMatchObject({ code: 'TEAMS.FORBIDDEN' });
  await runs.decideApproval(stage.identity, decision);
  const run = await stage.finish(id);
  expect(run).toMatchObject({ state: 'completed', totals: [{ providerId: 'openai', calls: 3 }] });
  const answered = (await stage.journal(id)).flatMap((event) =>
    event.type === 'output-completed' ? [event.stepId] : [],
  );
  expect(answered).toEqual(['a', 'b', 'c']);
});

test('what is decided at the desk of the budgets reaches the run', async () => {
  const approved = await startAndWait('decided-there');
  await approveRequest(server.services, stage.identity, approved.budgetApprovalId, {});
  expect(await stage.finish(approved.id)).toMatchObject({ state: 'completed' });
});

test('a request that is declined fails the step with the reason of the budget', async () => {
  const declined = await startAndWait('declined-there');
  await declineRequest(server.services, stage.identity, declined.budgetApprovalId, { reason: 'Too dear.' });
  const run = await stage.finish(declined.id);
  expect(run).toMatchObject({ state: 'failed', error: { code: 'BUDGET.REFUSED' }, pendingApprovals: 0 });
});

test('a run that is cancelled takes its request for money back', async () => {
  const { prisma, runs } = server.services;
  const cancelled = await startAndWait('cancelled-there');
  const stateOf = async () =>
    (await prisma.budgetApproval.findUniqueOrThrow({ where: { id: cancelled.budgetApprovalId } })).state;
  expect(await stateOf()).toBe('pending');
  await runs.cancel(stage.identity, cancelled.id);
  expect(await stage.finish(cancelled.id)).toMatchObject({ state: 'cancelled', pendingApprovals: 0 });
  await expect.poll(stateOf, { timeout: 20_000 }).toBe('expired');
});
