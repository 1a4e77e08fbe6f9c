import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertRuleKinds, burnRateOf, chooseRule, describeRule, isMeasured, judgeRule, standardRule } from './index.ts';

const figures = (successes: number, failures: number, firstTokenP95Ms?: number) => ({
  ...{ successes, failures, firstTokenP95Ms },
});

test('a burn rate is the share of failures over what the objective allows', () => {
  expect(burnRateOf(figures(98, 2), 0.99)).toBeCloseTo(2);
  expect(burnRateOf(figures(0, 0), 0.99)).toBe(0);
  expect(burnRateOf(figures(0, 10), 0.999)).toBeCloseTo(1_000);
});

test('a burn rate fires when both windows are above the threshold, and not for what is over already', () => {
  const rule = { ...standardRule('burn-rate'), objective: 0.99 };
  expect(judgeRule(rule, figures(970, 30), figures(90, 10)).isFiring).toBe(true);
  expect(judgeRule(rule, figures(970, 30), figures(100, 0)).isFiring).toBe(false);
  expect(judgeRule(rule, figures(999, 1), figures(0, 1)).isFiring).toBe(false);
  expect(judgeRule(rule, figures(3, 3), figures(3, 3))).toMatchObject({ isFiring: false, measured: undefined });
});

test('thresholds are of enough calls, and are exceeded, not met', () => {
  const slow = { ...standardRule('latency'), threshold: 1_000, objective: 0.99 };
  expect(judgeRule(slow, figures(20, 0, 1_001), undefined).isFiring).toBe(true);
  expect(judgeRule(slow, figures(20, 0, 1_000), undefined).isFiring).toBe(false);
  expect(judgeRule(slow, figures(0, 20), undefined).isFiring).toBe(false);
  const failing = { ...standardRule('error-rate'), threshold: 0.2, objective: 0.99 };
  expect(judgeRule(failing, figures(7, 3), undefined)).toMatchObject({ isFiring: true, measured: 0.3 });
  expect(judgeRule(failing, figures(6, 3), undefined).isFiring).toBe(false);
});

test('more failures never end what fires', () => {
  const rule = { ...standardRule('burn-rate'), objective: 0.95 };
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.nat(100), (successes, failures, more) => {
      const before = judgeRule(rule, figures(successes, failures), figures(successes, failures)).isFiring;
      const after = judgeRule(rule, figures(successes, failures + more), figures(successes, failures + more)).isFiring;
      return !before || after;
    }),
  );
});

test('the standard rules follow incidents as ever, and one for a provider goes before one for all', () => {
  const rules = alertRuleKinds.map(standardRule);
  expect(rules.filter(isMeasured).map(({ kind }) => kind)).toEqual(['burn-rate']);
  expect(rules.filter(({ isEnabled }) => !isEnabled).map(({ kind }) => kind)).toEqual(['burn-rate']);
  const own = { ...standardRule('down'), subjectId: 'openai', isEnabled: false };
  expect(chooseRule([...rules, own], 'down', 'openai')).toBe(own);
  expect(chooseRule([...rules, own], 'down', 'google')).toBe(rules[0]);
  const lasting = { ...standardRule('down'), windowMs: 600_000 };
  expect(chooseRule([...rules, lasting, own], 'down', 'google')).toBe(lasting);
  expect(chooseRule([...rules, { ...lasting, isEnabled: false }], 'down', 'google')).toBe(rules[0]);
  const measured = { ...standardRule('latency'), threshold: 900 };
  expect(chooseRule([...rules, measured], 'latency', 'google')?.threshold).toBeUndefined();
  for (const rule of rules) expect(describeRule(rule, undefined, 0.99)).toMatch(/^Tells when /);
});
