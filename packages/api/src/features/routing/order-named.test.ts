import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { RejectionCode, RoutePlan } from '@switchyard/core/routing';
import { expect, test } from 'vitest';
import { orderNamed } from './order-named.ts';

const target = (modelId: string) => ({ modelId }) as DispatchTarget;
const named = ['a/1', 'b/2', 'c/3'].map(target);

function order(
  planned: readonly string[],
  rejected: readonly (readonly [string, RejectionCode])[],
  { isStrict = false, rule }: { readonly isStrict?: boolean; readonly rule?: 'strict' | 'pin' } = {},
): readonly string[] {
  const plan = {
    candidates: planned.map((modelId) => ({ modelId })),
    rejected: rejected.map(([modelId, code]) => ({ modelId, code, reason: '' })),
    matchedRules: rule ? [{ ruleId: 'r', name: 'r', effects: [{ type: rule, summary: '' }] }] : [],
  } as unknown as RoutePlan;
  return orderNamed(plan, named, target, isStrict).map(({ modelId }) => modelId);
}

test('a model whose circuit is open keeps its place: the chain passes over it and asks it again in time', () => {
  expect(order(['b/2', 'c/3'], [['a/1', 'UNAVAILABLE']])).toEqual(['a/1', 'b/2', 'c/3']);
});

test('what a person has decreed does not come back', () => {
  const rejected = [
    ['a/1', 'DENIED_BY_RULE'],
    ['b/2', 'OVER_COST_LIMIT'],
  ] as const;
  expect(order(['c/3'], rejected)).toEqual(['c/3']);
  expect(order([], [['a/1', 'RESTRICTED_BY_RULE']])).toEqual([]);
});

test('behind an order of the plan’s own, what was left out for a guess comes last', () => {
  expect(order(['c/3', 'a/1'], [['b/2', 'CONTEXT_TOO_SMALL']])).toEqual(['c/3', 'a/1', 'b/2']);
});

test('strict asks the first that was named and nobody else, also when its circuit is open', () => {
  expect(order(['b/2'], [['a/1', 'UNAVAILABLE']], { isStrict: true })).toEqual(['a/1']);
  expect(order(['a/1'], [['b/2', 'STRICT']])).toEqual(['a/1']);
  expect(order(['a/1', 'b/2'], [], { rule: 'strict' })).toEqual(['a/1']);
});

test('a pinned model is asked although nobody named it, and although it may be down; others that nobody named are not', () => {
  expect(order([], [['x/9', 'UNAVAILABLE']], { rule: 'pin' })).toEqual(['x/9']);
  expect(order(['a/1'], [['x/9', 'UNAVAILABLE']])).toEqual(['a/1']);
});
