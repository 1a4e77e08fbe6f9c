import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowDefinition } from '@switchyard/core/workflows';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RunStage } from '../../testing/run-stage.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let stage: RunStage;
beforeAll(async () => {
  server = await startTestServer();
  stage = await RunStage.of(server.services);
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const model = 'openai/gpt-4o-mini';
const other = 'anthropic/claude-haiku-4-5';
type Step = WorkflowDefinition['steps'][number];
const ask = (id: string, prompt: string, more: object = {}): Step =>
  ({ id, type: 'prompt', models: [{ model }], prompt, ...more }) as Step;

test('a run of two steps ends with outputs, totals, attempts and the whole story for a subscriber', async () => {
  await stage.publish(
    'two-steps',
    [
      ask('draft', 'Write one sentence about {{ inputs.topic }}.'),
      ask('review', 'Review: {{ steps.draft.output }}', { models: [{ model: other }] }),
    ],
    { inputs: { topic: { type: 'string' } } },
  );
  const started = await stage.start('two-steps', { inputs: { topic: 'tides' }, tags: ['blue'] });
  expect(started).toMatchObject({ workflowName: 'two-steps', workflowVersion: 1, tags: ['blue'], stepCount: 2 });
  const events = await stage.events(started.id);
  const run = await stage.finish(started.id);
  expect(run.state, JSON.stringify(run.error)).toBe('completed');
  expect(run.outputs?.review).toEqual(expect.any(String));
  expect(run).toMatchObject({ settledStepCount: 2, activeStepIds: [], pendingApprovals: 0 });
  expect(run.totals.map(({ providerId, calls }) => [providerId, calls]).sort()).toEqual([
    ['anthropic', 1],
    ['openai', 1],
  ]);
  const types = events.map(({ type }) => type);
  expect(types[0]).toBe('run-started');
  expect(types.at(-1)).toBe('run-finished');
  for (const type of [
    'step-started',
    'route-decided',
    'attempt-started',
    'output-delta',
    'output-completed',
    'step-completed',
  ])
    expect(types).toContain(type);
  const details = await stage.services.runs.details(stage.identity.teamId, run.id);
  expect(details?.steps.map(({ stepId, state }) => [stepId, state])).toEqual([
    ['draft', 'completed'],
    ['review', 'completed'],
  ]);
  for (const step of details?.steps ?? []) {
    expect(step.attempts).toHaveLength(1);
    expect(step.attempts[0]).toMatchObject({ state: 'succeeded', stepId: step.stepId });
    expect(Number(step.attempts[0]?.costNanoUsd)).toBeGreaterThan(0);
  }
  // What a subscriber put together from the deltas is the answer.
  const text = events.flatMap((event) =>
    event.type === 'output-delta' && event.stepId === 'review' ? [event.text] : [],
  );
  expect(text.join('')).toBe(run.outputs?.review);
  await expect
    .poll(() => server.services.prisma.callRecord.count({ where: { runId: run.id } }), { timeout: 10_000 })
    .toBe(2);
  const records = await server.services.prisma.callRecord.findMany({ where: { runId: run.id } });
  expect(records[0]).toMatchObject({ source: 'workflow-step', workflowId: 'two-steps', tags: ['blue'] });
  const spent = records.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n);
  expect(run.totals.reduce((sum, { costNanoUsd }) => sum + BigInt(costNanoUsd), 0n)).toBe(spent);
});

test('a subscriber that comes back with the number of its last event loses and doubles nothing', async () => {
  const run = await stage.run('resumed', [ask('a', 'One sentence.'), ask('b', '{{ steps.a.output }}')]);
  const all = await stage.events(run.id);
  for (const at of [0, 1, 3, all.length - 1]) {
    const rest = await stage.events(run.id, all[at]?.seq ?? 0);
    expect(rest).toEqual(all.slice(at + 1));
  }
});

test('the same idempotency key gives the same run, and another input is refused', async () => {
  await stage.publish('once', [ask('a', 'Say {{ inputs.word }}.')], { inputs: { word: { type: 'string' } } });
  const start = (word: string) => stage.start('once', { inputs: { word }, idempotencyKey: 'key-once' });
  const [first, ...others] = await Promise.all([start('yes'), start('yes'), start('yes')]);
  expect(new Set([first.id, ...others.map(({ id }) => id)]).size).toBe(1);
  await expect(start('no')).rejects.toMatchObject({ code: 'IDEMPOTENCY.CONFLICT' });
  await stage.finish(first.id);
  expect((await start('yes')).id).toBe(first.id);
});

describe('what is wrong is told at once', () => {
  test('inputs', async () => {
    await stage.publish('strict', [ask('a', '{{ inputs.word }}')], { inputs: { word: { type: 'string' } } });
    await expect(stage.start('strict', { inputs: { word: 3, more: 1 } })).rejects.toMatchObject({
      code: 'INPUT.INVALID',
      issues: [{ path: ['input', 'inputs', 'word'] }, { path: ['input', 'inputs', 'more'] }],
    });
  });
  test('workflows that are not there, and runs of other teams', async () => {
    await expect(stage.start('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const run = await stage.run('mine', [ask('a', 'Hello.')]);
    const stranger = new RunStage(server.services, 'team_other');
    expect(await server.services.runs.find('team_other', run.id)).toBeUndefined();
    expect(await server.services.runs.details('team_other', run.id)).toBeUndefined();
    expect(await stranger.events(run.id)).toEqual([]);
    await expect(server.services.runs.cancel(stranger.identity, run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(server.services.runs.retry(stranger.identity, { runId: run.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(server.services.runs.delete(stranger.identity, run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('a failing step fails the run; after the repair a retry keeps what succeeded and pays for the rest only', async () => {
  server.simulator.control.addFault({ kind: 'error', status: 400, vendor: 'anthropic' });
  const failed = await stage.run('mended', [
    ask('a', 'One sentence.'),
    ask('b', 'Again: {{ steps.a.output }}', { models: [{ model: other }], retry: { maxAttempts: 1 } }),
  ]);
  expect(failed).toMatchObject({ state: 'failed', error: { code: expect.stringMatching(/^MODEL\./) } });
  server.simulator.control.reset();
  const { runs } = server.services;
  const [again, twice] = await Promise.allSettled([
    runs.retry(stage.identity, { runId: failed.id }),
    runs.retry(stage.identity, { runId: failed.id }),
  ]);
  expect([again.status, twice.status].sort()).toEqual(['fulfilled', 'rejected']);
  const run = await stage.finish(failed.id);
  expect(run).toMatchObject({ state: 'completed', retries: 1, error: undefined });
  const journal = await stage.journal(run.id);
  const answered = journal.flatMap((event) => (event.type === 'output-completed' ? [event.stepId] : []));
  expect(answered).toEqual(['a', 'b']);
  await expect(runs.retry(stage.identity, { runId: run.id })).rejects.toMatchObject({ code: 'RUNS.COMPLETED' });
  await runs.retry(stage.identity, { runId: run.id, fromStepId: 'b' });
  expect(await stage.finish(run.id)).toMatchObject({ state: 'completed', retries: 2 });
  const later = (await stage.journal(run.id)).flatMap((event) =>
    event.type === 'output-completed' ? [event.stepId] : [],
  );
  expect(later).toEqual(['a', 'b', 'b']);
});

test('a rerun with another model for the last step pays for the last step only', async () => {
  const first = await stage.run('compared', [ask('a', 'One sentence.'), ask('b', 'Again: {{ steps.a.output }}')]);
  const { runs } = server.services;
  const started = await runs.rerun(stage.identity, { runId: first.id, models: { b: [other] }, source: 'api' });
  const run = await stage.finish(started.id);
  expect(run).toMatchObject({ state: 'completed', rerunOfId: first.id });
  expect(run.totals.map(({ providerId }) => providerId)).toEqual(['anthropic']);
  const details = await runs.details(stage.identity.teamId, run.id);
  expect(details?.steps[0]).toMatchObject({ isGiven: true, fromRunId: first.id, attempts: [] });
  expect(details?.steps[1]?.attempts[0]).toMatchObject({ modelId: other });
});

test('cancelling stops the open calls, and the run ends as cancelled', async () => {
  server.simulator.control.addFault({ kind: 'silent' });
  await stage.publish('endless', [ask('a', 'One sentence.'), ask('b', '{{ steps.a.output }}')]);
  const { id } = await stage.start('endless');
  await expect.poll(async () => (await stage.journal(id)).some(({ type }) => type === 'call-started')).toBe(true);
  await server.services.runs.cancel(stage.identity, id);
  const run = await stage.finish(id);
  expect(run).toMatchObject({ state: 'cancelled', activeStepIds: expect.any(Array) });
  expect(await server.services.runs.cancel(stage.identity, id)).toMatchObject({ state: 'cancelled' });
});

test('a run that takes longer than its deadline fails and says so', async () => {
  server.simulator.control.addFault({ kind: 'silent' });
  await stage.publish('slow', [ask('a', 'One sentence.')]);
  const { id } = await stage.start('slow', { deadlineMs: 1_000 });
  expect(await stage.finish(id)).toMatchObject({ state: 'failed', error: { code: 'RUN.DEADLINE' } });
});

test('an answer that is not the promised JSON is asked to be mended once, then the step fails with its type', async () => {
  // What no model can give.
  const schema = { type: 'object', properties: { n: { type: 'number', minimum: 9, maximum: 1 } }, required: ['n'] };
  const run = await stage.run('no-json', [ask('a', 'Write a poem.', { output: { format: 'json', schema } })]);
  expect(run).toMatchObject({ state: 'failed', error: { code: 'OUTPUT.INVALID' } });
  const calls = (await stage.journal(run.id)).flatMap((event) =>
    event.type === 'call-started' ? [event.purpose] : [],
  );
  expect(calls).toEqual(['answer', 'repair']);
});

test('a template that never ends is killed, and its run alone fails', async () => {
  const steps: Step[] = [
    {
      id: 'a',
      type: 'transform',
      template: '{% for a in (1..100000) %}{% for b in (1..100000) %}{% endfor %}{% endfor %}',
    },
  ];
  const [bad, good] = await Promise.all([
    stage.run('looping', steps),
    stage.run('unharmed', [ask('a', 'One sentence.')]),
  ]);
  expect(bad.state).toBe('failed');
  expect(bad.error?.code).toMatch(/^(TEMPLATE.FAILED|EVALUATION.KILLED)$/);
  expect(good.state).toBe('completed');
});

test('an approval waits without anybody holding the run, and goes on with what the person made of the subject', async () => {
  await stage.publish('asked', [
    ask('a', 'One sentence.'),
    {
      id: 'ok',
      type: 'approval',
      message: 'Send {{ steps.a.output }}?',
      subject: 'steps.a.output',
      canEdit: true,
      approvers: 'admin',
    },
    { id: 'sent', type: 'transform', template: 'Sent: {{ steps.ok.output.value }}' },
  ]);
  const { id } = await stage.start('asked');
  const waiting = await stage.untilWaiting(id);
  expect(waiting).toMatchObject({ state: 'waiting', pendingApprovals: 1, activeStepIds: ['ok'] });
  await expect.poll(() => server.services.runParts.engine.owns(id)).toBe(false);
  const { runs } = server.services;
  const details = await runs.details(stage.identity.teamId, id);
  const approvalId = details?.steps[1]?.approvals[0]?.approvalId ?? '';
  expect(details?.steps[1]).toMatchObject({
    state: 'waiting',
    approvals: [{ kind: 'step', canEdit: true, approvers: 'admin' }],
  });
  const developer = new RunStage(server.services, stage.identity.teamId, { accessRole: 'DEVELOPER' });
  const decision = { runId: id, approvalId, isApproved: true, value: 'Something else.' };
  await expect(runs.decideApproval(developer.identity, decision)).rejects.toMatchObject({ code: 'TEAMS.FORBIDDEN' });
  const [yes, no] = await Promise.allSettled([
    runs.decideApproval(stage.identity, decision),
    runs.decideApproval(stage.identity, { runId: id, approvalId, isApproved: false }),
  ]);
  expect([yes.status, no.status].filter((status) => status === 'fulfilled')).toHaveLength(1);
  const run = await stage.finish(id);
  if (yes.status === 'fulfilled')
    expect(run).toMatchObject({ state: 'completed', outputs: { sent: 'Sent: Something else.' } });
  expect(run.pendingApprovals).toBe(0);
});

test('one step is previewed with samples through the same engine', async () => {
  const definition = {
    format: 1,
    name: 'in-the-editor',
    inputs: { topic: { type: 'string' } },
    steps: [
      ask('a', 'About {{ inputs.topic }}'),
      { id: 'pick', type: 'transform', template: '{{ steps.a.output }} and {{ inputs.topic }}' },
    ],
  };
  const { runs } = server.services;
  const wanted = { workflow: { definition }, stepId: 'pick', inputs: { topic: 'tides' } };
  await expect(runs.preview(stage.identity, wanted)).rejects.toMatchObject({ code: 'RUNS.SAMPLE_MISSING' });
  const started = await runs.preview(stage.identity, { ...wanted, outputs: { a: { output: 'Pinned' } } });
  const run = await stage.finish(started.id);
  expect(run).toMatchObject({
    state: 'completed',
    source: 'preview',
    previewStepId: 'pick',
    outputs: { pick: 'Pinned and tides' },
    totals: [],
  });
  const { runs: listed } = await runs.list(stage.identity.teamId, {}, { limit: 100 });
  expect(listed.map(({ id }) => id)).not.toContain(run.id);
  const call = await runs.preview(stage.identity, {
    workflow: { definition },
    stepId: 'a',
    inputs: { topic: 'tides' },
  });
  expect(await stage.finish(call.id)).toMatchObject({
    state: 'completed',
    totals: [{ providerId: 'openai', calls: 1 }],
  });
});

test('a step with several models fails over, and says so in its events and in its row', async () => {
  server.simulator.control.addFault({ kind: 'error', status: 503, vendor: 'openai' });
  const run = await stage.run('failover', [
    ask('a', 'One sentence.', { models: [{ model }, { model: other }], retry: { maxAttempts: 1 } }),
  ]);
  expect(run).toMatchObject({ state: 'completed', failovers: 1 });
  expect(run.failedAttempts).toBeGreaterThan(0);
  expect((await stage.events(run.id)).some(({ type }) => type === 'failover-happened')).toBe(true);
});

test('a map over thousands of entries ends and starves nobody', async () => {
  await stage.publish(
    'many',
    [
      {
        id: 'm',
        type: 'map',
        over: 'inputs.list',
        concurrency: 64,
        maxItems: 10_000,
        do: { type: 'transform', template: '{{ item }}!' },
      },
    ],
    { inputs: { list: { type: 'list' } } },
  );
  const list = Array.from({ length: 2_000 }, (_, index) => index);
  const big = await stage.start('many', { inputs: { list } });
  const small = await stage.run('beside', [ask('a', 'One sentence.')]);
  expect(small.state).toBe('completed');
  const bigNow = await server.services.runs.find(stage.identity.teamId, big.id);
  expect(bigNow?.state).toBe('running');
  const run = await stage.finish(big.id, 120_000);
  expect(run.outputs?.m).toEqual(list.map((entry) => `${entry}!`));
}, 180_000);

test('lists are filtered and paged, newest first', async () => {
  const { runs } = server.services;
  await stage.publish('listed', [{ id: 'a', type: 'transform', template: 'x' }], { title: 'Find me' });
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.push((await stage.start('listed', { tags: [`n${n}`] })).id);
  for (const id of ids) await stage.finish(id);
  const newest = ids.toReversed();
  const filter = { workflowName: 'listed' };
  const list = async (page: { limit: number; afterId?: string; beforeId?: string }) => {
    const found = await runs.list(stage.identity.teamId, filter, page);
    return { ids: found.runs.map(({ id }) => id), hasMore: found.hasMore };
  };
  expect(await list({ limit: 2 })).toEqual({ ids: newest.slice(0, 2), hasMore: true });
  expect(await list({ limit: 10, afterId: newest[1] ?? '' })).toEqual({ ids: newest.slice(2), hasMore: false });
  expect(await list({ limit: 2, beforeId: newest[4] ?? '' })).toEqual({ ids: newest.slice(2, 4), hasMore: true });
  expect(await runs.count(stage.identity.teamId, { ...filter, states: ['completed'] })).toBe(5);
  expect(await runs.count(stage.identity.teamId, { ...filter, tag: 'n3' })).toBe(1);
  expect(await runs.count(stage.identity.teamId, { search: 'FIND me' })).toBe(5);
  expect(await runs.count(stage.identity.teamId, { ...filter, states: ['failed'] })).toBe(0);
  await runs.delete(stage.identity, ids[0] ?? '');
  expect(await runs.count(stage.identity.teamId, filter)).toBe(4);
  await delay(1);
});
