import type { WorkflowDefinition } from '@switchyard/core/workflows';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRun } from '../../testing/run-documents.ts';
import { RunStage } from '../../testing/run-stage.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { followBudgetDecisions } from './follow-budget-decisions.ts';
import { RunQueue } from './run-queue.ts';

let server: TestServer;
let stage: RunStage;
beforeAll(async () => {
  server = await startTestServer();
  stage = await RunStage.of(server.services);
});
afterAll(() => server.stop());

const one = [{ id: 'a', type: 'transform', value: '1' }] as unknown as WorkflowDefinition['steps'];

const askedOf = (runId: string) => ({
  runId,
  approvalId: 'a:0:0',
  teamId: stage.identity.teamId,
  stepId: 'a',
  kind: 'budget',
  budgetApprovalId: 'bap_gone',
  approvers: 'admin',
  canEdit: false,
  message: 'More?',
  state: 'pending',
  createdAt: new Date(),
});

test('a decision about money that comes after the end of its run leaves the run ended', async () => {
  const { prisma, runParts, runs } = server.services;
  const { id } = await stage.run('ended-before', one);
  // As another process saw it before the run ended.
  await prisma.runApproval.create({ data: askedOf(id) });
  await followBudgetDecisions(runParts);
  expect(await runs.find(stage.identity.teamId, id)).toMatchObject({ state: 'completed' });
  expect(await prisma.run.findUnique({ where: { id } })).toMatchObject({ wakeAt: null, leaseUntil: null });
  await expect.poll(() => runParts.engine.owns(id)).toBe(false);
});

test('a run whose row does not know that it has ended is put right by whoever takes it up', async () => {
  const { prisma, runParts, runs } = server.services;
  const { id } = await stage.run('wrong-row', one);
  await prisma.run.update({ where: { id }, data: { state: 'running', wakeAt: new Date(0) } });
  await runParts.engine.look();
  await expect
    .poll(async () => (await runs.find(stage.identity.teamId, id))?.state, { timeout: 5_000 })
    .toBe('completed');
  expect(await prisma.run.findUnique({ where: { id } })).toMatchObject({ wakeAt: null, leaseUntil: null });
});

test('a process whose clock is an hour behind owns what it begins for as long as any other', async () => {
  const { prisma, runParts } = server.services;
  const { teamId } = stage.identity;
  const behind = new Date(Date.now() - 3_600_000);
  const texts = { definition: '{}', inputs: '{}', workflowId: 'w', workflowName: 'w', source: 'api', state: 'running' };
  const times = { stepCount: 1, deadlineAt: new Date(), createdAt: behind, wakeAt: behind };
  const owner = { leaseToken: 1, ownerId: 'srv_behind' };
  const first = { type: 'run-started', runId: 'run_behind', inputs: {}, deadlineAtMs: 0, seq: 1, atMs: 0 } as const;
  await runParts.runs.create({ id: 'run_behind', teamId, ...texts, ...times, ...owner }, first, 15_000);
  const other = new RunQueue({ prisma, instanceId: 'srv_other', leaseMs: 15_000 });
  expect(await other.claim(Date.now(), 10)).toEqual([]);
  await prisma.run.delete({ where: { id: 'run_behind' } });
});

test('a merge takes the answer of the model that people and judges found best', async () => {
  const { prisma, clock } = server.services;
  const { teamId } = stage.identity;
  const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'];
  const steps = [
    { id: 'ask', type: 'prompt', strategy: 'parallel', models: models.map((model) => ({ model })), prompt: 'Hello.' },
    { id: 'best', type: 'merge', from: ['ask'], mode: 'best', by: 'rating' },
  ] as unknown as WorkflowDefinition['steps'];
  const now = new Date(clock.nowMs());
  for (const [index, chosenModelId] of models.entries()) {
    const id = `dec_rated_${index}`;
    const texts = { requestedName: 'auto', source: 'complete', snapshotVersion: '', strategy: 'manual', chosenModelId };
    await prisma.routingDecision.create({
      data: { id, teamId, decidedAt: now, ...texts, request: {}, plan: {}, seed: 0n, propensity: 1 },
    });
    const times = { createdAt: now, updatedAt: now, isPending: false };
    const words = [`feedback:${index}`, 'judge:tests'].map((judge) => ({
      ...{ id: `rwd_${index}_${judge}`, teamId, decisionId: id, judge, quality: index === 0 ? 0.25 : 0.75 },
      ...times,
    }));
    await prisma.routingReward.createMany({ data: words });
  }
  const { id } = await stage.run('best-rated', steps);
  const details = await server.services.runs.details(teamId, id);
  expect(details?.steps[1]).toMatchObject({ modelId: models[1], reason: 'The best rated of 2: 0.75.' });
});

test('inputs that are nested deeper than a stack are refused', async () => {
  await stage.publish('deep', one, { inputs: { list: { type: 'list' } } });
  const depth = 20_000;
  const list: unknown = JSON.parse(`${'['.repeat(450)}${']'.repeat(450)}`);
  // The graph has a limit of its own before that of the run.
  await expect(startRun(server, { workflow: 'deep', inputs: { list } })).rejects.toThrow('COST_LIMIT_EXCEEDED');
  await expect(stage.start('deep', { inputs: { list }, idempotencyKey: 'less' })).rejects.toMatchObject({
    code: 'INPUT.INVALID',
  });
  const deeper = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
  await expect(stage.start('deep', { inputs: { list: deeper }, idempotencyKey: 'deep' })).rejects.toMatchObject({
    code: 'INPUT.INVALID',
  });
});

test('calls bear the tags of their step however many the run was given', async () => {
  const tags = Array.from({ length: 20 }, (_, index) => `given-${index}`);
  const prompt = [
    { id: 'a', type: 'prompt', models: [{ model: 'openai/gpt-4o-mini' }], prompt: 'Hello.', tags: ['counted'] },
  ];
  const { id } = await stage.run('tagged', prompt as unknown as typeof one, {}, { tags });
  const { prisma } = server.services;
  await expect
    .poll(async () => (await prisma.callRecord.findFirst({ where: { runId: id } }))?.tags, { timeout: 10_000 })
    .toEqual(expect.arrayContaining(['counted', ...tags]));
});

test('what can never be written is refused after a few tries, though nothing else is to be written', async () => {
  const { id } = await stage.run('unwritable', one);
  const reason = {
    toJSON: () => {
      throw new RangeError('Invalid string length');
    },
  } as unknown as string;
  const lease = { runId: id, token: 1 };
  const facts = [{ type: 'step-skipped', stepId: 'a', generation: 0, reason }] as const;
  await expect(server.services.runParts.journal.write({ runId: id, facts, lease })).rejects.toBeInstanceOf(RangeError);
}, 30_000);

const ask = (body: object, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.key}`, ...headers },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello.' }], ...body }),
  });

test('a request of /v1 that is repeated after another version was published comes back to its own run and answer', async () => {
  const { prisma, ids } = server.services;
  const { teamId } = stage.identity;
  const inputs = { text: { type: 'string' } } as const;
  const workflowId = await stage.publish('changing', one, { inputs, outputs: { answer: "'first'" } });
  const request = () => ask({ model: 'workflow:changing' }, { 'idempotency-key': 'once' });
  const [runId, answer] = await request().then(async (first) => [
    first.headers.get('x-switchyard-run'),
    (await first.json()).choices[0].message.content,
  ]);
  const outputs = { other: "'second'" };
  const definition = JSON.stringify({ format: 1, name: 'changing', inputs, steps: one, outputs });
  await prisma.workflowVersion.create({
    data: { id: ids.next('wfv'), teamId, workflowId, version: 2, definition, publishedAt: new Date() },
  });
  await prisma.workflow.update({ where: { id: workflowId }, data: { publishedVersion: 2 } });
  const again = await request();
  expect([again.status, again.headers.get('x-switchyard-run')]).toEqual([200, runId]);
  expect((await again.json()).choices[0].message.content).toBe(answer);
});

test('a server that stops tells the readers of /v1 and lets their runs go on later', async () => {
  server.simulator.control.addFault({ kind: 'silent' });
  const prompt = [{ id: 'a', type: 'prompt', models: [{ model: 'openai/gpt-4o-mini' }], prompt: '{{ inputs.text }}' }];
  await stage.publish('silent', prompt as unknown as typeof one, { inputs: { text: { type: 'string' } } });
  const cancel = vi.spyOn(server.services.runs, 'cancel');
  const stream = await ask({ model: 'workflow:silent', stream: true });
  const whole = ask({ model: 'workflow:silent' });
  const { engine } = server.services.runParts;
  await expect.poll(() => engine.runCount, { timeout: 10_000 }).toBe(2);
  await server.stopServer();
  expect(await stream.text()).toContain('server_stopping');
  expect((await whole).status).toBe(503);
  expect(cancel).not.toHaveBeenCalled();
});
