import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowDefinition } from '@switchyard/core/workflows';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { createApiServer } from '../../server.ts';
import { RunStage } from '../../testing/run-stage.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { RunQueue } from './run-queue.ts';

type Steps = WorkflowDefinition['steps'];
const one = [{ id: 'a', type: 'prompt', models: [{ model: 'openai/gpt-4o-mini' }], prompt: 'Hello.' }] as Steps;

describe('the owner of a run', () => {
  let server: TestServer;
  let stage: RunStage;
  beforeAll(async () => {
    server = await startTestServer({ runLeaseMs: 600 });
    stage = await RunStage.of(server.services);
  });
  afterEach(() => server.simulator.control.reset());
  afterAll(() => server.stop());

  const queueOf = (instanceId: string) => new RunQueue({ prisma: server.services.prisma, instanceId, leaseMs: 60_000 });

  test('is one of those who look for due runs at the same time', async () => {
    const { prisma } = server.services;
    const { teamId } = stage.identity;
    const soon = new Date(Date.now() + 3_600_000);
    const texts = {
      definition: '{}',
      inputs: '{}',
      workflowId: 'w',
      workflowName: 'due',
      source: 'api',
      state: 'queued',
    };
    const times = { stepCount: 1, deadlineAt: soon, createdAt: new Date(), wakeAt: soon };
    const ids = Array.from({ length: 20 }, (_, index) => `run_due_${String(index).padStart(2, '0')}`);
    await prisma.run.createMany({ data: ids.map((id) => ({ id, teamId, ...texts, ...times })) });
    // Due for these queues alone: the server's own clock is an hour behind.
    const nowMs = soon.getTime() + 1;
    const queues = ['srv_a', 'srv_b', 'srv_c', 'srv_d'].map(queueOf);
    const claimed = await Promise.all(queues.map((queue) => queue.claim(nowMs, 7)));
    const taken = claimed.flat().map(({ id }) => id);
    expect(new Set(taken).size).toBe(taken.length);
    for (let rest = ids.length - taken.length; rest > 0; ) {
      const more = (await queueOf('srv_e').claim(nowMs, 7)).map(({ id }) => id);
      expect(more.filter((id) => taken.includes(id))).toEqual([]);
      taken.push(...more);
      rest -= more.length;
    }
    expect(taken.toSorted()).toEqual(ids);
    await prisma.run.deleteMany({ where: { id: { in: ids } } });
  });

  test('writes nothing more once another process has taken the run over', async () => {
    const { prisma, runParts } = server.services;
    server.simulator.control.addFault({ kind: 'silent' });
    await stage.publish('taken-over', one);
    const { id } = await stage.start('taken-over');
    await expect.poll(async () => (await stage.journal(id)).some(({ type }) => type === 'call-started')).toBe(true);
    const { leaseToken } = await prisma.run.update({
      where: { id },
      data: { leaseToken: { increment: 1 }, leaseUntil: new Date(Date.now() + 60_000), ownerId: 'srv_other' },
    });
    const before = (await stage.journal(id)).length;
    await expect.poll(() => runParts.engine.owns(id), { timeout: 10_000 }).toBe(false);
    expect(await stage.journal(id)).toHaveLength(before);
    // The other one gives it back: it is made again and paid once.
    server.simulator.control.reset();
    await queueOf('srv_other').release(id, leaseToken, Date.now(), 0, Date.now());
    const run = await stage.finish(id);
    expect(run).toMatchObject({ state: 'completed', totals: [{ calls: 1 }] });
    const begun = (await stage.journal(id)).filter(({ type }) => type === 'call-started');
    expect(begun).toHaveLength(1);
  });

  test('is missed when it dies: its lease ends and somebody else goes on', async () => {
    const { prisma } = server.services;
    await stage.publish('left-behind', one);
    server.simulator.control.addFault({ kind: 'silent' });
    const { id } = await stage.start('left-behind');
    await expect.poll(async () => (await stage.journal(id)).some(({ type }) => type === 'call-started')).toBe(true);
    const data = { leaseToken: { increment: 1 }, leaseUntil: new Date(Date.now() + 1_000), ownerId: 'srv_dead' };
    await prisma.run.update({ where: { id }, data });
    server.simulator.control.reset();
    expect(await stage.finish(id)).toMatchObject({ state: 'completed' });
  });
});

test('a server that stops gives its runs back: the next one makes the cut calls again, and decisions still find their run', async () => {
  const server = await startTestServer();
  try {
    const stage = await RunStage.of(server.services);
    await stage.publish('stopped', one);
    await stage.publish('asking', [
      ...one,
      { id: 'ok', type: 'approval', message: 'Well?' },
      { id: 'end', type: 'transform', template: '{{ steps.ok.output.approved }}' },
    ]);
    const asking = await stage.start('asking');
    await stage.untilWaiting(asking.id);
    server.simulator.control.addFault({ kind: 'silent' });
    const cut = await stage.start('stopped');
    await expect.poll(async () => (await stage.journal(cut.id)).some(({ type }) => type === 'call-started')).toBe(true);
    const { settings } = server.services;
    await server.stopServer(100);
    server.simulator.control.reset();
    const next = createApiServer(settings, { simulatorBaseUrls: server.simulator.baseUrls, log: server.log });
    try {
      const { services } = await next.start();
      const after = new RunStage(services, stage.identity.teamId);
      expect(await after.finish(cut.id)).toMatchObject({ state: 'completed' });
      const details = await services.runs.details(stage.identity.teamId, asking.id);
      expect(details?.run.state).toBe('waiting');
      const approvalId = details?.steps[1]?.approvals[0]?.approvalId ?? '';
      await services.runs.decideApproval(after.identity, { runId: asking.id, approvalId, isApproved: true });
      expect(await after.finish(asking.id)).toMatchObject({ state: 'completed', outputs: { end: 'true' } });
    } finally {
      await next.stop();
    }
  } finally {
    await server.stop();
  }
}, 120_000);

// The embedded database lives in the process and cannot go away.
describe.runIf(inject('testDatabaseUrl') !== '')('a database that goes away in the middle of a run', () => {
  test('is waited for: the run ends, no call is made twice, no event is missing', async () => {
    const server = await startTestServer({ speed: 3, runLeaseMs: 3_000 });
    try {
      const stage = await RunStage.of(server.services);
      const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'].map((model) => ({ model }));
      await stage.publish('through-outage', [
        { id: 'a', type: 'prompt', strategy: 'parallel', models, prompt: 'Write something long about tides.' },
        { id: 'b', type: 'prompt', models, prompt: '{{ steps.a.output }}' },
      ]);
      const { id } = await stage.start('through-outage');
      const reading = stage.events(id);
      await delay(300);
      await server.outage?.begin();
      await delay(4_000);
      await server.outage?.end();
      const run = await stage.finish(id);
      expect(run.state, JSON.stringify(run.error)).toBe('completed');
      const events = await reading.catch(() => stage.events(id));
      expect(events.map(({ seq }) => seq)).toEqual((await stage.events(id)).map(({ seq }) => seq));
      const begun = (await stage.journal(id)).flatMap((event) => (event.type === 'call-started' ? [event.callId] : []));
      expect(new Set(begun).size).toBe(3);
      const made = events.flatMap((event) => (event.type === 'route-decided' ? [event.callId] : []));
      expect(made.toSorted()).toEqual(begun.toSorted());
    } finally {
      await server.stop();
    }
  }, 120_000);
});
