import { describe, expect, test } from 'vitest';
import type { Identity } from '../../auth/identity.ts';
import { readDecision, readPreviewInput, readRerunInput } from './read-run-input.ts';

const identity = { teamId: 'team_1', apiKeyId: undefined } as unknown as Identity;
const large = 'x'.repeat(5_000_001);
const tooBig = expect.objectContaining({ issues: [expect.objectContaining({ code: 'too_big' })] });

describe('what a run would have to keep for ever is refused when it is too large', () => {
  test('the value of an approval', () => {
    expect(() => readDecision('run_1', true, { approvalId: 'a', value: large })).toThrow(tooBig);
    expect(readDecision('run_1', true, { approvalId: 'a', value: { b: 1 } })).toMatchObject({ value: { b: 1 } });
  });

  test('pinned outputs', () => {
    const outputs = [{ stepId: 'a', output: large }];
    expect(() => readPreviewInput({ workflow: 'w', stepId: 'b', outputs })).toThrow(tooBig);
    expect(() => readRerunInput(identity, 'run_1', { changes: { pinned: outputs } })).toThrow(tooBig);
  });
});
