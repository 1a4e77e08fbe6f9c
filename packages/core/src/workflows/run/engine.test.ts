import { describe, expect, test } from 'vitest';
import type { WorkflowStep } from '../definition/workflow-definition.ts';
import { ask, define } from '../testing/build-workflow.ts';
import { TestRun } from '../testing/run-workflow.ts';
import { promptOf, type ScriptedAnswer } from '../testing/scripted-caller.ts';
import { applyEvent } from './apply-event.ts';
import type { JournalFact } from './run-fact.ts';
import { LeaseLost } from './run-ports.ts';

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

  test('take no time to speak of for answers made to take it', async () => {
    const dots = `${'.'.repeat(300_000)}x${'.'.repeat(300_000)}`;
    expect(await outputOf({ mode: 'vote' }, { a: dots, b: 'x', c: 'y' })).toBe(dots);
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

  test('what a process that did not know of the cancelling writes afterwards begins nothing', async () => {
    const run = new TestRun(
      define([{ id: 'ok', type: 'approval', message: 'Well?' }, ask('a', '{{ steps.ok.output }}')]),
      () => '',
    );
    const state = await run.start();
    const events: readonly JournalFact[] = [
      { type: 'cancel-requested' },
      { type: 'step-started', stepId: 'a', generation: 0 },
      { type: 'call-started', callId: 'c', stepId: 'ok', slot: 0, attempt: 1, purpose: 'answer' },
    ];
    const after = events.reduce(
      (before, fact) => applyEvent(before, { ...fact, seq: before.lastSeq + 1, atMs: 0 }),
      state,
    );
    expect(after).toEqual({ ...state, status: 'cancelling', size: after.size, lastSeq: state.lastSeq + 3 });
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
