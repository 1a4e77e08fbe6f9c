import { silentLog } from '@switchyard/core/kernel';
import { systemClock } from '@switchyard/core/kernel/system';
import type { CallEnd } from '@switchyard/core/workflows';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import type { StepCaller } from './make-call.ts';
import { RunEngine } from './run-engine.ts';
import { RunQueue } from './run-queue.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const leaseMs = 60_000;
const aheadMs = 3_600_000;
const answer: CallEnd = {
  type: 'answered',
  answer: {
    text: 'Hello.',
    providerId: 'openai',
    modelId: 'openai/gpt-4o-mini',
    finishReason: { unified: 'stop', raw: 'stop' },
    latencyMs: 1,
    retries: 0,
  },
  spend: [],
};

/** A process of its own on the server's database; `pausedMs` is how long it was stopped so far. */
function startProcess(instanceId: string, caller: StepCaller, pausedMs: () => number = () => 0) {
  const { prisma, runParts } = server.services;
  const clock = {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + aheadMs,
    monotonicMs: () => systemClock.monotonicMs() + pausedMs(),
    startTimer: systemClock.startTimer.bind(systemClock),
  };
  const queue = new RunQueue({ prisma, instanceId, leaseMs });
  const engine = new RunEngine({ ...runParts, queue, caller, clock, log: silentLog, isShared: true, leaseMs });
  return { queue, engine };
}

test('a process that was stopped for longer than its lease, just before it called a model, does not call it any more', async () => {
  const { prisma, ids, runParts } = server.services;
  const teamId = (await prisma.team.findFirstOrThrow()).id;
  const id = ids.next('run');
  const steps = [{ id: 'a', type: 'prompt', models: [{ model: 'openai/gpt-4o-mini' }], prompt: 'Hello.' }];
  // Due for processes whose clocks are ahead of the server's.
  const soon = new Date(Date.now() + aheadMs - 1_000);
  const texts = { definition: JSON.stringify({ format: 1, name: 'p', steps }), inputs: '{}', workflowId: 'w' };
  const first = { type: 'run-started', runId: id, inputs: {}, deadlineAtMs: Date.now() + 3 * aheadMs } as const;
  await runParts.runs.create(
    {
      ...{ id, teamId, ...texts, workflowName: 'p', source: 'api', state: 'queued', stepCount: 1 },
      ...{ wakeAt: soon, deadlineAt: soon, createdAt: soon },
    },
    { ...first, seq: 1, atMs: Date.now() },
  );

  const paid: string[] = [];
  const arrived = Promise.withResolvers<void>();
  const waking = Promise.withResolvers<void>();
  let pausedMs = 0;
  const paused = startProcess(
    'srv_paused',
    {
      async call(_run, _prepared, { confirm }) {
        arrived.resolve();
        await waking.promise;
        const mayPay = await confirm().then(
          () => true,
          () => false,
        );
        if (mayPay) paid.push('paused');
        return mayPay
          ? answer
          : { type: 'failed', error: { code: 'CALL.STOPPED', message: '' }, isTransient: false, spend: [] };
      },
    },
    () => pausedMs,
  );
  await paused.engine.look();
  await arrived.promise;

  // It is stopped here. Its lease ends, and another process makes the call.
  await prisma.run.update({ where: { id }, data: { leaseUntil: new Date(0) } });
  const other = startProcess('srv_other', {
    async call(_run, _prepared, { confirm }) {
      await confirm();
      paid.push('other');
      return answer;
    },
  });
  await other.engine.look();
  await expect
    .poll(async () => (await prisma.run.findUnique({ where: { id } }))?.state, { timeout: 20_000 })
    .toBe('completed');

  pausedMs = leaseMs;
  waking.resolve();
  await expect.poll(() => paused.engine.owns(id), { timeout: 20_000 }).toBe(false);
  expect(paid).toEqual(['other']);
  const events = await runParts.journal.readJournal(id, 0);
  expect(events.filter(({ type }) => type === 'output-completed')).toHaveLength(1);
  await Promise.all([paused.engine.shutDown(0), other.engine.shutDown(0)]);
}, 60_000);
