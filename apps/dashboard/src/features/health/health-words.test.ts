import { expect, it } from 'vitest';
import type { HealthStatus } from '../../gql/health.ts';
import { formatUptime, incidentIdOf, incidentTitle, listed, overallVerdict } from './health-words.ts';
import { mergeConditions, type ProviderCondition } from './merge-conditions.ts';

const provider = (id: string, status: HealthStatus) =>
  ({ provider: { id, displayName: id, state: 'READY' }, status }) as ProviderCondition;
const verdict = (...statuses: HealthStatus[]) =>
  overallVerdict(
    statuses.map((status, index) => provider(`P${index}`, status)),
    'LIVE',
  );

it('says the worst first, and never calls unknown healthy', () => {
  expect(verdict('HEALTHY', 'HEALTHY')).toEqual({ tone: 'good', text: 'All 2 providers are healthy' });
  expect(verdict('HEALTHY', 'DOWN', 'DEGRADED')).toEqual({
    tone: 'bad',
    text: '1 of 3 providers is down, 1 degraded',
  });
  expect(verdict('DEGRADED', 'DEGRADED', 'UNKNOWN')).toEqual({ tone: 'warn', text: '2 of 3 providers are degraded' });
  expect(verdict('HEALTHY', 'UNKNOWN')).toEqual({
    tone: 'idle',
    text: 'Nothing is known of P1; all others are healthy',
  });
  expect(verdict('UNKNOWN').tone).toBe('idle');
  expect(verdict('DOWN').text).toBe('The provider is down');
});

it('never rounds uptime up to a whole', () => {
  expect(formatUptime(1)).toBe('100 %');
  expect(formatUptime(0.999_999_9)).toBe('99.99 %');
  expect(formatUptime(0)).toBe('0.00 %');
});

it('names incidents by what they are, and takes both forms of their ids', () => {
  const slow = { providerName: 'OpenAI', severity: 'DEGRADED', cause: 'LATENCY', isOpen: false } as const;
  expect(incidentTitle(slow)).toBe('OpenAI was slow');
  expect(incidentTitle({ ...slow, severity: 'DOWN', isOpen: true })).toBe('OpenAI is down');
  expect(incidentIdOf('inc_01abc')).toBe(btoa('Incident:inc_01abc'));
  expect(incidentIdOf(btoa('Incident:inc_01abc'))).toBe(btoa('Incident:inc_01abc'));
  expect(listed(['A', 'B', 'C'])).toBe('A, B and C');
});

it('puts what was told in the place of an older answer, and adds nothing', () => {
  const list = [provider('a', 'HEALTHY'), provider('b', 'HEALTHY')];
  const told = new Map([
    ['b', provider('b', 'DOWN')],
    ['gone', provider('gone', 'DOWN')],
  ]);
  expect(mergeConditions(list, told).map(({ status }) => status)).toEqual(['HEALTHY', 'DOWN']);
});
