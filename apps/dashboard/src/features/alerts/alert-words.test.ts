import { describe, expect, it } from 'vitest';
import { alertKinds, isUrgent, kindsInWords, linkOf, toneOf } from './alert-words.ts';

describe('kindsInWords', () => {
  it('says everything for an empty list, names a whole group and counts the rest', () => {
    expect(kindsInWords([])).toBe('everything');
    expect(kindsInWords(alertKinds.filter(({ group }) => group === 'Budgets').map(({ kind }) => kind))).toBe(
      'all about budgets',
    );
    expect(kindsInWords(['PROVIDER_DOWN'])).toBe('1 kind of alert');
    expect(kindsInWords(['PROVIDER_DOWN', 'BUDGET_BREACHED'])).toBe('2 kinds of alerts');
  });
});

it('shows the end of a critical trouble as good news and does not interrupt for it', () => {
  expect(toneOf({ severity: 'CRITICAL', status: 'RESOLVED' })).toBe('good');
  expect(isUrgent({ severity: 'CRITICAL', status: 'RESOLVED', kind: 'PROVIDER_DOWN' })).toBe(false);
  expect(isUrgent({ severity: 'WARNING', status: 'FIRING', kind: 'BUDGET_THRESHOLD' })).toBe(true);
  expect(isUrgent({ severity: 'INFO', status: 'FIRING', kind: 'BUDGET_THRESHOLD' })).toBe(false);
});

it('follows only links into this dashboard', () => {
  expect(linkOf({ link: '/guardrails?tab=budgets' })).toBe('/guardrails?tab=budgets');
  for (const link of ['https://evil.example', '//evil.example', '/\\evil.example', '/', ''])
    expect(linkOf({ link })).toBeUndefined();
});
