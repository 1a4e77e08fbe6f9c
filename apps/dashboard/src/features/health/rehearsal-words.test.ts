import { expect, it } from 'vitest';
import { emptyRehearsalForm, faultInWords, rehearsalInput, rehearsalProblems } from './rehearsal-words.ts';

const form = { ...emptyRehearsalForm, providerId: 'p', model: ' openai/gpt-5-mini ' };
const fault = {
  __typename: 'RehearsalFault',
  kind: 'OUTAGE',
  status: 503,
  share: 1,
  delayMs: 0,
  afterTokens: 3,
} as const;

it('sends only what belongs to the chosen failure', () => {
  expect(rehearsalInput(form)).toEqual({
    ...{ providerId: 'p', model: 'openai/gpt-5-mini', fallbacks: [], fault: { kind: 'OUTAGE' } },
    ...{ calls: 20, maxCostUsd: '0.50' },
  });
  expect(rehearsalInput({ ...form, fault: 'ERROR', percent: '60', status: '529' }).fault).toEqual({
    ...{ kind: 'ERROR', status: 529, share: 0.6 },
  });
  expect(rehearsalInput({ ...form, fault: 'LATENCY', delaySeconds: '2.5' }).fault).toEqual({
    ...{ kind: 'LATENCY', delayMs: 2500 },
  });
});

it('says what is missing, and minds only the fields that are shown', () => {
  expect(Object.keys(rehearsalProblems(emptyRehearsalForm))).toEqual(['providerId', 'model']);
  expect(rehearsalProblems({ ...form, percent: '500' })).toEqual({});
  expect(
    Object.keys(rehearsalProblems({ ...form, fault: 'ERROR', percent: '500', calls: '', maxCostUsd: '-1' })),
  ).toEqual([...['calls', 'percent', 'maxCostUsd']]);
});

it('tells a failure in words', () => {
  expect(faultInWords(fault)).toBe('no answer at all');
  expect(faultInWords({ ...fault, kind: 'ERROR', share: 0.6 })).toBe('60 % of calls answered 503');
});
