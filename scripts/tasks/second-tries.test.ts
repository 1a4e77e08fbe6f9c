import { expect, test } from 'vitest';
import { describeSecondTries } from './check-steps.mjs';

test('tells each test that passed only when tried again, with the first line of why', () => {
  const failure = 'AssertionError: expected 5 to be 4\n    at somewhere';
  const results = [
    { status: 'passed', fullName: 'a sound test', failureMessages: [] },
    { status: 'passed', fullName: 'a late test', failureMessages: [failure] },
    { status: 'failed', fullName: 'a broken test', failureMessages: [failure, failure] },
  ];
  expect(describeSecondTries([{ assertionResults: results }])).toEqual([
    '  ! passed only when tried again: a late test (AssertionError: expected 5 to be 4)',
  ]);
});
