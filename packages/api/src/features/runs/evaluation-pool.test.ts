import { Worker } from 'node:worker_threads';
import { systemClock } from '@switchyard/core/kernel/system';
import { newRun, type RunState, type WorkflowDefinition } from '@switchyard/core/workflows';
import { afterAll, expect, test } from 'vitest';
import { EvaluationKilled, EvaluationPool, EvaluationUnavailable } from './evaluation-pool.ts';

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

const evaluate = (stepId: string, by = pool) =>
  by.run('key', definition, {
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

test('work whose thread never came up is done by another one; when that fails too, it is told apart from work that was killed', async () => {
  let broken = 1;
  const startWorker = () =>
    broken-- > 0
      ? new Worker('process.exit(1)', { eval: true })
      : new Worker(new URL('./evaluation-worker.ts', import.meta.url), { env: {} });
  const unlucky = new EvaluationPool({ clock: systemClock, size: 1, startWorker });
  expect(await evaluate('quick', unlucky)).toMatchObject({ output: 'Hello you' });
  await unlucky.close();
  broken = 2;
  const hopeless = new EvaluationPool({ clock: systemClock, size: 1, startWorker });
  await expect(evaluate('quick', hopeless)).rejects.toBeInstanceOf(EvaluationUnavailable);
  // The next piece of work finds a thread again.
  expect(await evaluate('quick', hopeless)).toMatchObject({ output: 'Hello you' });
  await hopeless.close();
}, 60_000);
