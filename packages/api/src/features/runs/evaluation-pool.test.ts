import { systemClock } from '@switchyard/core/kernel/system';
import { newRun, type RunState, type WorkflowDefinition } from '@switchyard/core/workflows';
import { afterAll, expect, test } from 'vitest';
import { EvaluationKilled, EvaluationPool } from './evaluation-pool.ts';

const definition = {
  format: 1,
  name: 'test',
  steps: [
    { id: 'quick', type: 'transform', template: 'Hello {{ inputs.name }}' },
    {
      id: 'endless',
      type: 'transform',
      template: '{% for a in (1..99999) %}{% for b in (1..99999) %}{% endfor %}{% endfor %}',
    },
  ],
} as unknown as WorkflowDefinition;
const state: RunState = { ...newRun, runId: 'run_1', status: 'running', inputs: { name: 'you' } };
const pool = new EvaluationPool({ clock: systemClock, size: 1, killAfterMs: 300 });
afterAll(() => pool.close());

const evaluate = (stepId: string) =>
  pool.run('key', definition, {
    type: 'evaluate',
    command: { type: 'evaluate', key: stepId, what: 'transform', stepId },
    state,
  });

test('what takes too long is killed, and what waits behind it is done by another thread', async () => {
  expect(await evaluate('quick')).toMatchObject({ type: 'step-completed', output: 'Hello you' });
  const [endless, quick] = await Promise.allSettled([evaluate('endless'), evaluate('quick')]);
  expect(endless).toMatchObject({ status: 'rejected', reason: expect.any(EvaluationKilled) });
  expect(quick).toMatchObject({ status: 'fulfilled', value: { output: 'Hello you' } });
}, 60_000);
