import { expect, it } from 'vitest';
import { assignColumn, mappingOf, partOf } from './column-mapping.ts';

it('gives a part to one column at a time, and a column one part', () => {
  const mapping = mappingOf({ input: 'question', expected: 'answer', key: null });
  expect(mapping).toEqual({ input: 'question', expected: 'answer' });
  expect(assignColumn(mapping, 'answer', 'input')).toEqual({ input: 'answer' });
  expect(assignColumn(mapping, 'answer', undefined)).toEqual({ input: 'question' });
  expect(assignColumn(mapping, 'topic', 'cluster')).toEqual({ ...mapping, cluster: 'topic' });
  expect(partOf(mapping, 'answer')).toBe('expected');
  expect(partOf(mapping, 'topic')).toBeUndefined();
});
