import { expect, it } from 'vitest';
import { movedEntry, parsePath, readAt, writeAt } from './value-path.ts';

it('reads paths as the server writes them', () => {
  expect(parsePath('steps[2].models[0].guardrails.costLimitUsd')).toEqual([
    ...['steps', 2, 'models', 0, 'guardrails', 'costLimitUsd'],
  ]);
  expect(parsePath('inputs["a b"].type')).toEqual(['inputs', 'a b', 'type']);
  expect(parsePath('')).toEqual([]);
});

it('writes a value deep inside and makes what lies on the way', () => {
  expect(writeAt({ id: 'a' }, 'output.schema', { type: 'object' })).toEqual({
    ...{ id: 'a', output: { schema: { type: 'object' } } },
  });
  expect(writeAt({ models: [{ model: 'a' }] }, 'models[0].parameters.seed', 1)).toEqual({
    models: [{ model: 'a', parameters: { seed: 1 } }],
  });
});

it('takes a value away with the empty maps around it, and keeps other data', () => {
  const step = { retry: { rounds: 2 }, models: [{ model: 'a', guardrails: { tokenLimit: 5 } }] };
  expect(writeAt(step, 'retry.rounds', undefined)).toEqual({ models: step.models });
  expect(writeAt(step, 'models[0].guardrails.tokenLimit', undefined)).toEqual({ ...step, models: [{ model: 'a' }] });
  expect(writeAt(step, 'nothing.here', undefined)).toEqual(step);
  expect(readAt(step, 'models[0].guardrails.tokenLimit')).toBe(5);
  expect(readAt(step, 'models[1].model')).toBeUndefined();
});

it('moves entries of a list', () => {
  expect(movedEntry(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
});
