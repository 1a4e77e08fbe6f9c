import { expect, test } from 'vitest';
import type { ModelResolution } from '../providers/model-resolution.ts';
import { pricedResolution } from './priced-resolution.ts';

const target = (modelId: string, isPriced: boolean) => ({ modelId, price: isPriced ? {} : undefined });
const resolution = (...targets: readonly object[]) => ({ requested: 'x', targets }) as unknown as ModelResolution;

test('models whose price is unknown are left out, and when none is left it is told which and what to do', () => {
  const both = resolution(target('a/free', false), target('b/paid', true));
  expect(pricedResolution(both, ['input', 'model']).targets.map(({ modelId }) => modelId)).toEqual(['b/paid']);
  const priced = resolution(target('b/paid', true));
  expect(pricedResolution(priced, [])).toBe(priced);
  expect(() => pricedResolution(resolution(target('a/free', false)), [])).toThrow(/price of a\/free is unknown/);
});
