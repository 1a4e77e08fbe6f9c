import { describe, expect, test } from 'vitest';
import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';
import { TestRun } from '../testing/run-workflow.ts';
import { promptOf, type ScriptedAnswer } from '../testing/scripted-caller.ts';
import { beginRun, planRetry } from './begin-run.ts';
import { previewStep } from './preview-step.ts';
import { reuseOutputs } from './reuse-outputs.ts';
import { LeaseLost } from './run-ports.ts';

const define = (steps: readonly WorkflowStep[], more: Partial<WorkflowDefinition> = {}): WorkflowDefinition => ({
  format: 1,
  name: 'test',
  ...more,
  steps,
});
const ask = (id: string, prompt = id, more: object = {}) =>
  ({ id, type: 'prompt', role: 'coder', prompt, ...more }) as WorkflowStep;
const down: ScriptedAnswer = { error: { code: 'MODEL.OVERLOADED', message: 'No capacity.' }, isTransient: true };
const refused: ScriptedAnswer = { error: { code: 'MODEL.AUTH', message: 'Bad key.' } };
const day = 86_400_000;

describe('asking models', () => {
  test('side by side gives every answer under its model, and the first of the list as the output', async () => {
    const models = [{ model: 'a/1' }, { model: 'b/1' }, { model: 'b/2' }];
    const run = new TestRun(
      define([ask('x', 'q', { role: undefined, models, strategy: 'parallel' })]),
      ({ models: [m] }) => (m?.model === 'a/1' ? refused : `by ${m?.model}`),
    );
    const { steps, outputs, totals } = await run.start();
    expect(outputs).toEqual({ x: 'by b/1' });
    expect(steps.x).toMatchObject({ modelId: 'b/1', modelOutputs: { b: { 1: 'by b/1', 2: 'by b/2' } } });
    expect(totals.b).toMatchObject({ calls: 2, inputTokens: 20, outputTokens: 10, costNanoUsd: '2000' });
    expect(totals.a).toMatchObject({ calls: 1, costNanoUsd: '1000' });
  });

  test('has an answer mended that is not the promised JSON, and shows the model what was wrong', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const texts = ['I think 4', '{"n": "4"}', 'Sure:\n```json\n{"n": 4}\n```'];
    const run = new TestRun(
      define([ask('x', 'How many?', { output: { format: 'json', schema, repairs: 2 } })]),
      () => texts.shift() ?? '',
    );
    expect((await run.start()).outputs).toEqual({ x: { n: 4 } });
    const [, second, third] = run.caller.calls;
    expect(second?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(third && promptOf(third)).toContain('answer.n must be integer, but it is string.');
  });

  test('fails the step with what was wrong when mending does not help', async () => {
    const run = new TestRun(define([ask('x', 'q', { output: { format: 'json' } })]), () => '{"cut": ');
    const { outcome, error, totals } = await run.start();
    expect(outcome).toBe('failed');
    expect(error).toEqual({ code: 'OUTPUT.INVALID', message: 'Step "x" failed: The answer is not JSON.' });
    expect(totals.simulated?.calls).toBe(2);
  });

  test('goes through all models again after a passing failure, later and later, and never after a lasting one', async () => {
    const retry = { rounds: 3, roundDelayMs: 60_000 };
    let calls = 0;
    const run = new TestRun(define([ask('x', 'q', { retry })]), () => (++calls < 3 ? down : 'late'));
    expect((await run.start()).status).toBe('running');
    run.clock.advance(59_999);
    await run.resume();
    expect(calls).toBe(1);
    run.clock.advance(1);
    await run.resume();
    run.clock.advance(120_000);
    expect((await run.resume()).outputs).toEqual({ x: 'late' });
    const lasting = new TestRun(define([ask('x', 'q', { retry })]), () => refused);
    expect((await lasting.start()).outcome).toBe('failed');
    expect(lasting.caller.calls).toHaveLength(1);
  });

  test('asks a person when a budget refuses, and goes on when it is allowed', async () => {
    const run = new TestRun(define([ask('x')]), () =>
      run.caller.calls.length === 1
        ? { error: { code: 'BUDGET.REFUSED', message: 'The budget "day" is used up.' }, needsApproval: true }
        : 'paid',
    );
    expect((await run.start()).status).toBe('running');
    const { approvalId, kind, decision } = (await run.resume()).steps.x?.approval ?? {};
    expect([kind, decision]).toEqual(['budget', undefined]);
    await run.tell({ type: 'approval-decided', stepId: 'x', approvalId: approvalId ?? '', isApproved: true });
    expect((await run.resume()).outputs).toEqual({ x: 'paid' });
    expect(run.caller.calls).toHaveLength(2);
  });
});

describe('maps', () => {
  const map = (more: object): WorkflowStep =>
    ({
      id: 'm',
      type: 'map',
      over: 'inputs.list',
      do: { type: 'prompt', role: 'coder', prompt: '{{ index }}{{ item }}' },
      ...more,
    }) as WorkflowStep;
  const inputs = { inputs: { list: { type: 'list' as const } } };

  test('keep the order of the list, work on as many entries as allowed, and hold null where one failed', async () => {
    let now = 0;
    let most = 0;
    const run = new TestRun(define([map({ concurrency: 3, maxFailedShare: 0.5 })], inputs), async (prepared) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return promptOf(prepared) === '1b' ? refused : promptOf(prepared);
    });
    const { outputs, steps } = await run.start({ list: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] });
    expect(outputs).toEqual({ m: ['0a', null, '2c', '3d', '4e', '5f', '6g'] });
    expect(steps.m?.failures).toEqual([{ index: 1, code: 'MODEL.AUTH', message: 'Bad key.' }]);
    expect(most).toBe(3);
  });

  test('fail when too many entries do, and when the list is no list or too long', async () => {
    const failing = new TestRun(define([map({})], inputs), (prepared) =>
      promptOf(prepared) === '1b' ? refused : 'ok',
    );
    expect((await failing.start({ list: ['a', 'b', 'c'] })).error?.message).toBe(
      'Step "m" failed: Entry 2 of 3 failed: Bad key.',
    );
    const long = new TestRun(define([map({ maxItems: 2 })], inputs), () => 'ok');
    expect((await long.start({ list: [1, 2, 3] })).error?.code).toBe('MAP.TOO_MANY_ITEMS');
    const none = new TestRun(define([map({ over: 'inputs.list[0]' })], inputs), () => 'ok');
    expect((await none.start({ list: ['text'] })).error?.code).toBe('MAP.NOT_A_LIST');
  });

  test('of no entries are done at once', async () => {
    const run = new TestRun(define([map({})], inputs), () => 'ok');
    expect((await run.start({ list: [] })).outputs).toEqual({ m: [] });
  });
});

describe('merges', () => {
  const sources = ['a', 'b', 'c'].map((id) => ask(id, id, { onFailure: 'continue' }));
  const merge = (more: object) =>
    define([...sources, { id: 'm', type: 'merge', from: ['a', 'b', 'c'], ...more } as unknown as WorkflowStep], {
      outputs: { m: 'steps.m.output' },
    });
  const outputOf = async (more: object, answers: Readonly<Record<string, ScriptedAnswer>>) => {
    const run = new TestRun(merge(more), (prepared) => answers[promptOf(prepared)] ?? promptOf(prepared));
    const state = await run.start();
    return state.outputs?.m ?? state.error?.code;
  };

  test('take the best by rating, by score, by length', async () => {
    const rated = { a: { text: 'A', rating: 0.2 }, b: { text: 'B', rating: 0.9 }, c: 'C' };
    expect(await outputOf({ mode: 'best', by: 'rating' }, rated)).toBe('B');
    const scored = { a: '{"s": 1}', b: '{"s": 3}', c: '{"s": 2}' };
    expect(await outputOf({ mode: 'best', by: 'score', score: 'double(parseJson(candidate.output).s)' }, scored)).toBe(
      '{"s": 3}',
    );
    expect(await outputOf({ mode: 'best', by: 'longest' }, { a: 'xx', b: 'xxxx', c: 'xxxx' })).toBe('xxxx');
  });

  test('count answers that people would call the same as one vote', async () => {
    expect(await outputOf({ mode: 'vote' }, { a: 'No', b: ' "Yes." ', c: 'YES' })).toBe(' "Yes." ');
    expect(await outputOf({ mode: 'vote' }, { a: 'No', b: 'Yes', c: 'Maybe' })).toBe('No');
    expect(await outputOf({ mode: 'vote', onTie: 'fail' }, { a: 'No', b: 'Yes', c: 'Maybe' })).toBe(
      'MERGE.NO_MAJORITY',
    );
    expect(await outputOf({ mode: 'vote', minShare: 0.9 }, { a: 'No', b: 'Yes', c: 'yes' })).toBe('MERGE.NO_MAJORITY');
  });

  test('put texts one behind the other in the order of the list, whoever was first', async () => {
    const heading = '# {{ candidate.step }}';
    expect(await outputOf({ mode: 'concatenate', heading, separator: '\n' }, { b: refused })).toBe('# a\na\n# c\nc');
    expect(await outputOf({ mode: 'concatenate', as: 'list' }, {})).toEqual(['a', 'b', 'c']);
  });

  test('by a model show it all candidates', async () => {
    const prompt = '{% for each in candidates %}[{{ each.step }}:{{ each.output }}]{% endfor %}';
    expect(await outputOf({ mode: 'llm', role: 'coder', prompt }, {})).toBe('[a:a][b:b][c:c]');
  });

  test('of nothing fail, instead of making something up', async () => {
    expect(await outputOf({ mode: 'vote' }, { a: refused, b: refused, c: refused })).toBe('MERGE.NO_CANDIDATES');
    const prompt = '{{ candidates.size }}';
    expect(await outputOf({ mode: 'llm', role: 'coder', prompt }, { a: refused, b: refused, c: refused })).toBe(
      'MERGE.NO_CANDIDATES',
    );
  });
});

describe('people', () => {
  const approval: WorkflowStep = {
    id: 'ok',
    type: 'approval',
    message: 'Send {{ steps.a.output }}?',
    subject: 'steps.a.output',
    canEdit: true,
  };
  const definition = define([ask('a'), approval, ask('b', '{{ steps.ok.output.value }}')]);

  test('may take days, and what they write goes on', async () => {
    const run = new TestRun(definition, (prepared) => promptOf(prepared));
    const waiting = await run.start();
    expect(waiting.status).toBe('running');
    expect(run.store.eventsOf(run.runId).at(-1)).toMatchObject({
      type: 'approval-requested',
      message: 'Send a?',
      subject: 'a',
    });
    run.clock.advance(30 * day);
    expect((await run.resume()).status).toBe('running');
    const approvalId = waiting.steps.ok?.approval?.approvalId ?? '';
    await run.tell({ type: 'approval-decided', stepId: 'ok', approvalId, isApproved: true, value: 'edited' });
    await run.tell({ type: 'approval-decided', stepId: 'ok', approvalId, isApproved: false });
    expect((await run.resume()).outputs).toEqual({ b: 'edited' });
  });

  test('who refuse stop what depends on it; nobody in time does what the step says', async () => {
    const run = new TestRun(definition, () => 'x');
    const approvalId = (await run.start()).steps.ok?.approval?.approvalId ?? '';
    await run.tell({ type: 'approval-decided', stepId: 'ok', approvalId, isApproved: false });
    const { outcome, steps } = await run.resume();
    expect([outcome, steps.b?.status]).toEqual(['completed', 'skipped']);
    const timed = new TestRun(define([ask('a'), { ...approval, deadlineMs: day } as WorkflowStep]), () => 'x');
    await timed.start();
    timed.clock.advance(day);
    expect((await timed.resume()).error?.code).toBe('APPROVAL.TIMEOUT');
  });
});

describe('ends', () => {
  test('a cancelled run stops its calls and starts nothing', async () => {
    const run = new TestRun(define([ask('a'), ask('b', '{{ steps.a.output }}')]), async () => {
      await run.tell({ type: 'cancel-requested' });
      return 'late';
    });
    const { outcome, totals } = await run.start();
    expect(outcome).toBe('cancelled');
    expect(run.caller.calls).toHaveLength(1);
    // Its answer came all the same, and was paid for.
    expect(totals.simulated?.calls).toBe(1);
  });

  test('a run past its deadline fails, a step past its own too', async () => {
    const hang = define([{ id: 'ok', type: 'approval', message: 'Well?' }], { deadlineMs: 5_000 });
    const run = new TestRun(hang, () => '');
    await run.start();
    run.clock.advance(5_000);
    expect((await run.resume()).error?.code).toBe('RUN.DEADLINE');
    const step = new TestRun(
      define([ask('a', 'a', { deadlineMs: 1_000, retry: { rounds: 5, roundDelayMs: 900 } })]),
      () => down,
    );
    await step.start();
    step.clock.advance(1_000);
    expect((await step.resume()).error?.code).toBe('STEP.DEADLINE');
  });

  test('a template that writes megabytes and one that loops for ever fail their step only', async () => {
    const huge = '{% for i in (1..3000) %}{% for j in (1..3000) %}xxxxxxxxxxxxxxxx{% endfor %}{% endfor %}';
    const run = new TestRun(define([ask('a', huge, { onFailure: 'continue' }), ask('b', 'fine')]), () => 'ok');
    const { outcome, steps } = await run.start();
    expect([outcome, steps.a?.error?.code, steps.b?.output]).toEqual(['completed', 'TEMPLATE.FAILED', 'ok']);
    expect(run.caller.calls).toHaveLength(1);
  });

  test('a process whose run was taken over writes nothing more', async () => {
    const run = new TestRun(define([ask('a')]), async () => {
      run.store.takeLease(run.runId);
      return 'too late';
    });
    await expect(run.start()).rejects.toThrow(LeaseLost);
    expect(run.store.eventsOf(run.runId).map(({ type }) => type)).not.toContain('output-completed');
  });
});

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
