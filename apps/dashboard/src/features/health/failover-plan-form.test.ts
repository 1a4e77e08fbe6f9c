import { expect, it } from 'vitest';
import { emptyPlanForm, formOfPlan, inputOfForm, problemsOf, serverProblems } from './failover-plan-form.ts';
import { outageInWords, type Plan, returnInWords, scopeInWords, triggersInWords } from './failover-words.ts';

const plan = {
  __typename: 'FailoverPlan',
  ...{ id: 'p', name: 'Coder', scope: 'role:coder', isEnabled: true, isFromFile: false, primary: 'openai/gpt-5' },
  chain: ['anthropic/claude-sonnet-4-5', 'quick'],
  triggers: {
    __typename: 'FailoverTriggers',
    ...{ errorRateAbove: 0.075, firstTokenP95AboveMs: 2500, consecutiveFailures: 3, statusFrom: 'DEGRADED' },
    ...{ windowMs: 300_000, minCalls: 10, returnAfterMs: 45_000 },
  },
  ...{ when: null, returnKind: 'AFTER_ANSWERS', returnAfterAnswers: 5, version: 2, updatedAt: null },
  ...{ updatedByName: null, passedOver: [] },
} as Plan;

it('keeps all of a plan through the form, also what the form does not show', () => {
  expect(inputOfForm(formOfPlan(plan), plan)).toEqual({
    ...{ name: 'Coder', scope: 'role:coder', isEnabled: true, primary: 'openai/gpt-5', chain: plan.chain },
    triggers: {
      ...{ statusFrom: 'DEGRADED', consecutiveFailures: 3, errorRateAbove: 0.075, firstTokenP95AboveMs: 2500 },
      ...{ windowMs: 300_000, minCalls: 10, returnAfterMs: 45_000 },
    },
    ...{ when: null, returning: { kind: 'AFTER_ANSWERS', answers: 5 }, note: null },
  });
});

it('says what is missing before it is sent, and puts what the server found beside its field', () => {
  expect(
    Object.keys(problemsOf({ ...emptyPlanForm, scopeKind: 'role', errorPercent: '120', minCalls: '1.5' })),
  ).toEqual([...['name', 'scope', 'errorPercent', 'minCalls']]);
  expect(problemsOf({ ...emptyPlanForm, name: 'A' })).toEqual({});
  const issues = [
    { path: ['input', 'chain', '0'], message: 'No such model.' },
    { path: ['input', 'chain', '1'], message: 'Twice.' },
  ];
  expect(serverProblems({ message: 'x', issues })).toEqual({ chain: 'No such model. Twice.' });
  expect(serverProblems({ message: 'Somebody changed it.' })).toEqual({ form: 'Somebody changed it.' });
});

it('tells a plan in words', () => {
  expect(scopeInWords('workflow:a:b')).toBe('Calls of the workflow a:b');
  expect(triggersInWords(plan.triggers)).toHaveLength(4);
  expect(triggersInWords(plan.triggers)[2]).toContain('7.5 %');
  expect(returnInWords(plan)).toContain('5 good answers');
  expect(outageInWords({ reason: 'TRIGGER_STATUS', measured: 2, threshold: 1 })).toBe('its provider is down');
});
