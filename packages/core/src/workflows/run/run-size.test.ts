import { expect, test } from 'vitest';
import { define } from '../testing/build-workflow.ts';
import { TestRun } from '../testing/run-workflow.ts';
import { planRun } from './plan-run.ts';
import type { RunFact } from './run-fact.ts';
import { mostMapCharacters, mostRunCharacters, sizeOfFact, sizeOfValue } from './run-size.ts';
import { newRun } from './run-state.ts';

const items = Array.from({ length: 200 }, (_, index) => index);
const each = { type: 'prompt', models: [{ model: 'a/1' }], prompt: '{{ item }}' } as const;

test('a map whose entries write too much together fails with the step, the limit and the remedy, before all were asked', async () => {
  const long = 'x'.repeat(1_000_000);
  const definition = define([
    { id: 'many', type: 'map', over: 'inputs.items', concurrency: 2, maxFailedShare: 1, do: each },
  ]);
  const run = new TestRun({ ...definition, inputs: { items: { type: 'list' } } }, () => long);
  const { outcome, error } = await run.start({ items });
  expect(outcome).toBe('failed');
  expect(error?.code).toBe('MAP.OUTPUTS_TOO_LARGE');
  expect(error?.message).toContain('"many"');
  expect(error?.message).toContain(`${mostMapCharacters} characters`);
  expect(error?.message).toContain('split the list');
  expect(run.caller.calls.length).toBeLessThan(20);
});

test('a run that holds too much fails before it takes on more', () => {
  const state = { ...newRun, status: 'running', size: mostRunCharacters + 1 } as const;
  const [command] = planRun(state, define([{ id: 'a', type: 'transform', value: '1' }]), 0);
  expect(command).toMatchObject({ type: 'record', fact: { type: 'run-failing', error: { code: 'RUN.TOO_LARGE' } } });
});

test('the size of a value is about what it takes as JSON', () => {
  for (const value of ['', 'text', [1, 2, 3], { a: ['b', null, true], c: { d: 'e'.repeat(500) } }, undefined, 7]) {
    const exact = JSON.stringify(value)?.length ?? 0;
    expect(sizeOfValue(value)).toBeGreaterThanOrEqual(exact);
    expect(sizeOfValue(value)).toBeLessThan(exact * 2 + 30);
  }
});

test('what a fact brings along counts, wherever it stands', () => {
  const text = 'x'.repeat(10_000);
  const place = { stepId: 'a', generation: 0 };
  const facts: readonly RunFact[] = [
    { type: 'run-started', runId: 'r', inputs: { text }, deadlineAtMs: 0 },
    { type: 'run-finished', outcome: 'completed', outputs: { text } },
    { type: 'items-listed', ...place, items: [text] },
    { type: 'item-completed', ...place, itemIndex: 0, output: { text } },
    { type: 'step-completed', ...place, output: text },
    { type: 'approval-requested', ...place, approvalId: 'a', kind: 'step', message: '', subject: [text] },
    { type: 'approval-decided', stepId: 'a', approvalId: 'a', isApproved: true, value: text },
  ];
  for (const fact of facts) expect(sizeOfFact(fact)).toBeGreaterThan(10_000);
  expect(sizeOfFact({ type: 'step-started', ...place })).toBeLessThan(1_000);
});
