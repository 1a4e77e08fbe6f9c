import { expect, test } from 'vitest';
import type { ChainOutcome } from '../../dispatch/index.ts';
import type { CallRecord } from '../../metrics/index.ts';
import { ProviderError, type ProviderErrorKind } from '../../spec/index.ts';
import { toCallEnd } from './to-call-end.ts';

const record = (providerId: string, more: Partial<CallRecord>): CallRecord => ({
  id: 'call',
  teamId: 'team',
  source: 'complete',
  attempt: 1,
  providerId,
  modelId: `${providerId}/m`,
  origin: 'simulated',
  outcome: 'succeeded',
  usage: { inputTokens: 5, outputTokens: 7 },
  costNanoUsd: 1_500n,
  startedAtMs: 0,
  latencyMs: 12,
  finishReason: { unified: 'stop' },
  ...more,
});

function outcome(more: Partial<ChainOutcome>): ChainOutcome {
  return { record: undefined, records: [], target: { modelId: 'b/m' }, warnings: [], ...more } as ChainOutcome;
}

const errorOf = (kind: ProviderErrorKind) => new ProviderError({ kind, provider: 'b', model: 'm', message: 'No.' });

test('an answer after a failover is paid for at both providers, unknown money counted as unknown', () => {
  const records = [
    record('a', { outcome: 'failed', costNanoUsd: undefined, usage: {} } as unknown as Partial<CallRecord>),
    record('b', {}),
  ];
  const end = toCallEnd(outcome({ records, record: records[1] }), 'Hello', 0.8);
  expect(end).toMatchObject({ type: 'answered', answer: { text: 'Hello', modelId: 'b/m', retries: 1, rating: 0.8 } });
  expect(end.spend).toEqual([
    { providerId: 'a', calls: 1, usage: {}, unpricedCalls: 1 },
    { providerId: 'b', calls: 1, usage: { inputTokens: 5, outputTokens: 7 }, costNanoUsd: '1500' },
  ]);
});

test.each([
  ['overloaded', 'MODEL.OVERLOADED', true],
  ['rate-limit', 'MODEL.RATE_LIMIT', true],
  ['auth', 'MODEL.AUTH', false],
  ['context-length', 'MODEL.CONTEXT_LENGTH', false],
  ['cancelled', 'CALL.STOPPED', false],
  ['budget', 'BUDGET.REFUSED', false],
] as const)('a chain that ended with %s', (kind, code, isTransient) => {
  const end = toCallEnd(outcome({ error: errorOf(kind) }), '');
  expect(end).toMatchObject({ type: 'failed', error: { code }, isTransient });
});

test('a budget that wants a person to be asked says which request is waiting', () => {
  const breach = { approvalId: 'apr_1' } as NonNullable<ChainOutcome['breach']>;
  expect(toCallEnd(outcome({ error: errorOf('budget'), breach }), '')).toMatchObject({
    needsApproval: true,
    budgetApprovalId: 'apr_1',
  });
});
