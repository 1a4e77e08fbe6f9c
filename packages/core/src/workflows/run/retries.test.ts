import { describe, expect, test } from 'vitest';
import type { WorkflowStep } from '../definition/workflow-definition.ts';
import { ask, define } from '../testing/build-workflow.ts';
import { TestRun } from '../testing/run-workflow.ts';
import { promptOf, type ScriptedAnswer } from '../testing/scripted-caller.ts';
import { replayRun } from './apply-event.ts';
import { beginRun, planRetry } from './begin-run.ts';
import { planRun } from './plan-run.ts';
import { previewStep } from './preview-step.ts';
import { reuseOutputs } from './reuse-outputs.ts';
import type { JournalFact } from './run-fact.ts';
import { newRun } from './run-state.ts';

const refused: ScriptedAnswer = { error: { code: 'MODEL.AUTH', message: 'Bad key.' } };

describe('retries and repetitions', () => {
  const chain = define([ask('a'), ask('b', 'b{{ steps.a.output }}'), ask('c', 'c{{ steps.b.output }}')]);

  test('go on from the failed step and pay nothing twice', async () => {
    let isDown = true;
    const run = new TestRun(chain, (prepared) =>
      isDown && promptOf(prepared).startsWith('b') ? refused : promptOf(prepared),
    );
    const failed = await run.start();
    const plan = planRetry(failed, chain, run.clock.nowMs());
    if (plan.isReady) await run.tell(plan.fact);
    isDown = false;
    const state = await run.resume();
    expect(state.outputs).toEqual({ c: 'cba' });
    expect(run.caller.calls.map(promptOf)).toEqual(['a', 'ba', 'ba', 'cba']);
    expect(new Set(run.caller.calls.map(({ call }) => call.callId)).size).toBe(4);
    expect(state.totals.simulated?.calls).toBe(4);
  });

  test('of a map ask again only for the entries that failed', async () => {
    const map: WorkflowStep = {
      id: 'm',
      type: 'map',
      over: '["x", "y", "z"]',
      concurrency: 1,
      maxFailedShare: 0.4,
      do: { type: 'prompt', role: 'coder', prompt: '{{ item }}' },
    };
    let isDown = true;
    const definition = define([map, ask('n', '{{ steps.m.output | join }}', { retry: { rounds: 1 } })]);
    const run = new TestRun(
      { ...definition, steps: [{ ...map, maxFailedShare: 0 }, ...definition.steps.slice(1)] },
      (prepared) => (isDown && promptOf(prepared) === 'y' ? refused : promptOf(prepared)),
    );
    const failed = await run.start();
    expect(failed.outcome).toBe('failed');
    isDown = false;
    const plan = planRetry(failed, run.definition, run.clock.nowMs());
    if (plan.isReady) await run.tell(plan.fact);
    expect((await run.resume()).outputs).toEqual({ n: 'x y z' });
    expect(run.caller.calls.map(promptOf)).toEqual(['x', 'y', 'y', 'z', 'x y z']);
  });

  test('of a run that was broken off with a call open make that call once', () => {
    const one = define([ask('a')]);
    const beginning = beginRun('run_1', one, {}, 0);
    const error = { code: 'STEP.FAILED', message: 'Broken off.' };
    const call = { callId: 'call_1', stepId: 'a', slot: 0, attempt: 1, purpose: 'answer' } as const;
    const facts: JournalFact[] = [
      ...(beginning.isReady ? [beginning.fact] : []),
      { type: 'step-started', stepId: 'a', generation: 0 },
      { type: 'call-started', ...call },
      { type: 'run-failing', error },
      { type: 'run-finished', outcome: 'failed', error },
    ];
    const number = (fact: JournalFact, index: number) => ({ ...fact, seq: index + 1, atMs: 0 });
    let state = replayRun(facts.map(number), newRun);
    const plan = planRetry(state, one, 1);
    const next: JournalFact[] = plan.isReady ? [plan.fact] : [];
    for (let fact = next.shift(); fact; fact = next.shift()) {
      state = replayRun([{ ...fact, seq: state.lastSeq + 1, atMs: 1 }], state);
      const records = planRun(state, one, 1).flatMap((command) => (command.type === 'record' ? [command.fact] : []));
      next.splice(0, next.length, ...records);
    }
    const calls = planRun(state, one, 1).flatMap((command) => (command.type === 'call-model' ? [command.call] : []));
    expect(calls).toMatchObject([{ stepId: 'a', attempt: 2 }]);
  });

  test('of a cancelled run keep the answers that had come', async () => {
    const models = [{ model: 'a/1' }, { model: 'b/1' }];
    const definition = define([ask('x', 'q', { role: undefined, models, strategy: 'parallel' })]);
    let isFirst = true;
    const run = new TestRun(definition, async ({ models: [model] }) => {
      if (model?.model === 'a/1') return 'kept';
      if (!isFirst) return 'again';
      isFirst = false;
      // The other answer is there by now.
      await new Promise((resolve) => setImmediate(resolve));
      await run.tell({ type: 'cancel-requested' });
      return refused;
    });
    const cancelled = await run.start();
    expect(cancelled.outcome).toBe('cancelled');
    const plan = planRetry(cancelled, definition, run.clock.nowMs());
    if (plan.isReady) await run.tell(plan.fact);
    const { steps } = await run.resume();
    expect(steps.x?.modelOutputs).toEqual({ a: { 1: 'kept' }, b: { 1: 'again' } });
    expect(run.caller.calls.map((prepared) => prepared.models[0]?.model)).toEqual(['a/1', 'b/1', 'b/1']);
  });

  test('of a whole map use no call id a second time', async () => {
    const map: WorkflowStep = {
      id: 'm',
      type: 'map',
      over: '["x", "y"]',
      do: { type: 'prompt', role: 'coder', prompt: '{{ item }}' },
    };
    const definition = define([map]);
    const run = new TestRun(definition, () => 'ok');
    const plan = planRetry(await run.start(), definition, run.clock.nowMs(), 'm');
    if (plan.isReady) await run.tell(plan.fact);
    await run.resume();
    expect(new Set(run.caller.calls.map(({ call }) => call.callId)).size).toBe(4);
  });

  test('from a chosen step do it and what depends on it anew', async () => {
    const run = new TestRun(chain, (prepared) => `${promptOf(prepared)}!`);
    const done = await run.start();
    expect(planRetry(done, chain, 0)).toEqual({ isReady: false, refusal: 'completed' });
    expect(planRetry(done, chain, 0, 'nobody')).toEqual({ isReady: false, refusal: 'unknown-step' });
    const plan = planRetry(done, chain, run.clock.nowMs(), 'b');
    if (plan.isReady) await run.tell(plan.fact);
    await run.resume();
    expect(run.caller.calls.map(promptOf)).toEqual(['a', 'ba!', 'cba!!', 'ba!', 'cba!!']);
    expect(new Set(run.caller.calls.map(({ call }) => call.callId)).size).toBe(5);
  });

  test('with a change take over what the change does not touch', async () => {
    const run = new TestRun(chain, (prepared) => promptOf(prepared));
    const state = await run.start();
    const changed = define([...chain.steps.slice(0, 2), ask('c', 'C{{ steps.b.output }}')]);
    const given = reuseOutputs({ definition: chain, state }, changed, {});
    expect(Object.keys(given)).toEqual(['a', 'b']);
    const again = new TestRun(changed, (prepared) => promptOf(prepared));
    expect((await again.start({}, given)).outputs).toEqual({ c: 'Cba' });
    expect(again.caller.calls).toHaveLength(1);
    expect(Object.keys(reuseOutputs({ definition: chain, state }, chain, {}, ['b']))).toEqual(['a']);
  });

  test('changed inputs touch only the steps that look at them', async () => {
    const inputs = { inputs: { x: { type: 'string' as const }, y: { type: 'string' as const } } };
    const definition = define([ask('a', '{{ inputs.x }}'), ask('b', '{{ inputs.y }}')], inputs);
    const run = new TestRun(definition, (prepared) => promptOf(prepared));
    const state = await run.start({ x: '1', y: '2' });
    expect(Object.keys(reuseOutputs({ definition, state }, definition, { x: '1', y: '3' }))).toEqual(['a']);
  });
});

describe('a preview', () => {
  test('runs one step with sample values and nothing else', async () => {
    const definition = define([ask('a'), ask('b', 'b{{ steps.a.output.title }}{{ inputs.x }}')], {
      inputs: { x: { type: 'string' } },
    });
    expect(previewStep(definition, 'nobody', { inputs: {} })).toBeUndefined();
    expect(previewStep(definition, 'b', { inputs: { x: '1' } })).toEqual({ isReady: false, missingStepIds: ['a'] });
    const preview = previewStep(definition, 'b', { inputs: { x: '1' }, steps: { a: { output: { title: 'T' } } } });
    if (!preview?.isReady) throw new Error('The preview is not ready.');
    const run = new TestRun(preview.definition, (prepared) => promptOf(prepared));
    expect((await run.start({ x: '1' }, preview.given)).outputs).toEqual({ b: 'bT1' });
    expect(run.caller.calls).toHaveLength(1);
  });
});

test('inputs are checked before anything begins, all at once', () => {
  const definition = define([ask('a')], {
    inputs: {
      n: { type: 'number' },
      l: { type: 'list', items: 'string' },
      d: { type: 'string', default: 'x' },
      o: { type: 'object', isOptional: true },
    },
  });
  const wrong = beginRun('run', definition, { n: 'one', l: ['a', 2], nn: 1 }, 0);
  expect(!wrong.isReady && wrong.problems.map(({ message }) => message)).toEqual([
    'The input "n" must be a number, but it is string.',
    'The input "l" must be a list of string, but entry 2 is number.',
    'The workflow has no input "nn". Did you mean "n"?',
  ]);
  const right = beginRun('run', definition, { n: 1, l: [] }, 0);
  expect(right.isReady && right.fact.inputs).toEqual({ n: 1, l: [], d: 'x', o: null });
});

test('a call whose process was told to stop is paid once for each stop, stays open and is made again', () => {
  const place = { callId: 'call_1', stepId: 'a', slot: 0, attempt: 1 };
  const spend = [{ providerId: 'p', calls: 1, usage: { inputTokens: 1, outputTokens: 2 }, costNanoUsd: '7' }];
  const facts: JournalFact[] = [
    { type: 'run-started', runId: 'run_1', inputs: {}, deadlineAtMs: 1_000 },
    { type: 'step-started', stepId: 'a', generation: 0 },
    { type: 'call-started', ...place, purpose: 'answer' },
    { type: 'call-interrupted', ...place, interruption: 1, spend },
    { type: 'call-interrupted', ...place, interruption: 1, spend },
    { type: 'call-interrupted', ...place, interruption: 2, spend },
  ];
  const state = replayRun(
    facts.map((fact, index) => ({ ...fact, seq: index + 1, atMs: 1 })),
    newRun,
  );
  expect(state.totals.p).toMatchObject({ calls: 2, costNanoUsd: '14' });
  const commands = planRun(state, define([ask('a')]), 2);
  expect(commands).toMatchObject([{ type: 'call-model', call: { callId: 'call_1' } }, { type: 'wake' }]);
});
