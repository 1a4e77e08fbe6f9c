import { expect, test } from 'vitest';
import type { AuditRowFieldsFragment } from '../../gql/audit.ts';
import { groupByRequest, pathInWords, wordsOf } from './audit-words.ts';

const row = (seq: number, requestId: string | null) => ({ id: `e${seq}`, seq, requestId }) as AuditRowFieldsFragment;

test('says names of mutations and of sign-in paths in words', () => {
  expect(wordsOf('updateBudget')).toBe('Update budget');
  expect(wordsOf('sign-in/email')).toBe('Sign-in by password');
  expect(wordsOf('rotateApiKey')).toBe('Rotate API key');
  expect(pathInWords('alertThresholds.0')).toBe('Alert thresholds, 1');
});

test('puts entries of one request together and leaves entries without a request alone', () => {
  const groups = groupByRequest([row(5, 'r2'), row(4, 'r2'), row(3, null), row(2, null), row(1, 'r1')]);
  expect(groups.map(({ rows }) => rows.map(({ seq }) => seq))).toEqual([[5, 4], [3], [2], [1]]);
});
