import { expect, it } from 'vitest';
import { fieldsOf, formOfRule, inputOfForm, problemsOf, serverProblems } from './rule-form.ts';
import { detailsInWords, type Rule, stateOfRule } from './rule-words.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const rule = {
  __typename: 'AlertRule',
  ...{ id: 'r', kind: 'ERROR_RATE', name: 'Fails', isStandard: true, isEnabled: true, provider: null },
  ...{ threshold: 0.07, windowMs: 600_000, shortWindowMs: null, minCalls: null, objective: null },
  ...{ renotifyAfterMs: 86_400_000, mutedUntil: null, summary: '', firing: [], version: 2, updatedAt: null },
} satisfies Rule;

it('says when too few calls decide nothing, and after what time it tells again', () => {
  expect(detailsInWords(rule)).toBe(
    'Fewer than 10 calls in the window decide nothing. What lasts is told again after 1 d.',
  );
  expect(detailsInWords({ ...rule, threshold: null })).toBe('What lasts is told again after 1 d.');
  expect(detailsInWords({ ...rule, kind: 'BURN_RATE', minCalls: 1, renotifyAfterMs: 5_400_000 })).toBe(
    'Fewer than one call in the window decide nothing. What lasts is told again after 1 h 30 min.',
  );
  expect(detailsInWords({ ...rule, kind: 'RECOVERY', threshold: null })).toBe('');
});

it('never says that a rule fires or is on while nobody would be told', () => {
  const firing = [{ __typename: 'FiringAlert' as const, title: 'OpenAI fails', since: '2026-11-21T11:00:00Z' }];
  const muted = '2026-11-21T14:30:00Z';
  expect(stateOfRule(rule, now).text).toBe('On');
  expect(stateOfRule({ ...rule, firing }, now)).toEqual({ tone: 'firing', text: 'Firing now' });
  expect(stateOfRule({ ...rule, firing, mutedUntil: muted }, now).text).toBe('Muted for 2 h 30 min more');
  expect(stateOfRule({ ...rule, mutedUntil: muted }, Date.parse(muted)).text).toBe('On');
  expect(stateOfRule({ ...rule, firing, mutedUntil: muted, isEnabled: false }, now).text).toBe('Off');
});

it('gives back exactly the figures that it was shown, and asks only for those of the kind', () => {
  const form = formOfRule(rule);
  expect(form).toMatchObject({ threshold: '7', windowMinutes: '10', renotifyHours: '24' });
  expect(problemsOf(form, false)).toEqual({});
  expect(inputOfForm(form, rule)).toMatchObject({ threshold: 0.07, windowMs: 600_000, minCalls: null });
  expect([...fieldsOf({ kind: 'DOWN', threshold: '' })]).toEqual(['windowMinutes', 'renotifyHours']);
  expect(problemsOf({ ...form, threshold: '101' }, false)).toHaveProperty('threshold');
  expect(problemsOf({ ...form, kind: 'DOWN' }, true)).toHaveProperty('providerId');
});

it("puts the server's words at their field, and at the form where that is not shown", () => {
  const issues = [
    { path: ['input', 'shortWindowMs'], message: 'shortWindowMs: it must be shorter than the long window.' },
    { path: ['input', 'objective'], message: 'objective: none.' },
  ];
  expect(serverProblems({ message: 'x', issues }, new Set(['shortWindowMinutes']))).toEqual({
    shortWindowMinutes: 'It must be shorter than the long window.',
    form: 'None.',
  });
});
