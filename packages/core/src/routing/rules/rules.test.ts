import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import { planRoute } from '../plan-route.ts';
import { aModel, aRequest, aRule, aSnapshot, figures } from '../testing/routing-builders.ts';
import { checkRules } from './check-rules.ts';
import { compileCondition } from './compile-condition.ts';
import { diffRules } from './diff-rules.ts';
import { RequestFacts, type RuleFacts, snapshotFacts, TimeFacts } from './rule-facts.ts';
import { taskPreferenceRules } from './task-preference-rules.ts';
import { createZonedClock } from './zoned-time.ts';

const act = { actions: [{ type: 'deny', models: ['a/1'] }] } as const;

test.each([
  ['request.inputTokens > ', 'UNEXPECTED_TOKEN', 22, 22, 'Something is missing'],
  ['request.rol == "coder"', 'NO_SUCH_KEY', 8, 11, 'Did you mean role?'],
  ['role == "coder"', 'UNKNOWN_VARIABLE', 0, 4, 'Did you mean request.role?'],
  ['request.role == 3', 'NO_SUCH_OVERLOAD', 0, 17, 'Both sides must be of one kind'],
  ['request.inputTokens == 3.0', 'NO_SUCH_OVERLOAD', 0, 26, 'whole numbers'],
  ['request.role', 'NOT_A_CONDITION', 0, 12, 'Compare it with something'],
  ['request.role.matches("(a+)+$")', 'NO_PATTERNS', 0, 30, 'startsWith'],
  ['models.exists(m, true)', 'LOOP_TOO_LARGE', 0, 22, 'Name one'],
  ['request.tags.all(a, request.tags.all(b, a == b))', 'TOO_MANY_LOOPS', 20, 47, 'Use in'],
  ['cel.bind(x, 1, x == 1)', 'UNKNOWN_FUNCTION', 0, 22, 'Functions'],
  ['', 'EMPTY', 0, 0, 'Write true'],
  [`${'('.repeat(60)}true${')'.repeat(60)}`, 'LIMIT_EXCEEDED', 24, 24, 'Split'],
  ['x'.repeat(3_000), 'TOO_LONG', 2_000, 3_000, 'Split'],
])('%s is refused with its place and a remedy', (when, code, start, end, remedy) => {
  const result = compileCondition(when);
  if (result.isValid) throw new Error('The condition was accepted.');
  expect(result.problem).toMatchObject({ code, start, end });
  expect(result.problem.suggestion).toContain(remedy);
});

test.each([
  'request.inputTokens > 1000 && "vip" in request.tags',
  'request.tags.exists(tag, tag.startsWith("eu-"))',
  'models["a/1"].latencyP95Ms > 3000 || models["a/1"].errorRate >= 0.1',
  'budgets["daily"].usedShare > 0.8 && time.hour in [9, 10, 11]',
  'load.inFlight > 20 && !(request.needsVision)',
  'request.taskClass.lowerAscii().contains("legal") ? request.user != "" : false',
])('%s is a condition', (when) => {
  expect(compileCondition(when).isValid).toBe(true);
});

test('hour and weekday follow the zone, through the change to summer time', () => {
  const clock = createZonedClock('Europe/Berlin');
  expect(clock(Date.UTC(2025, 2, 30, 0, 59))).toEqual({ hour: 1, minute: 59, weekday: 7 });
  expect(clock(Date.UTC(2025, 2, 30, 1, 0))).toEqual({ hour: 3, minute: 0, weekday: 7 });
  expect(clock(Date.UTC(2025, 2, 30, 22, 30))).toEqual({ hour: 0, minute: 30, weekday: 1 });
  expect(createZonedClock('Asia/Kathmandu')(0)).toEqual({ hour: 5, minute: 30, weekday: 4 });
});

test.each([
  'time.hour > 22 && time.hour < 7',
  'time.hour == 24',
  'request.role == "coder" && request.role in ["writer", "judge"]',
  'request.needsVision && !request.needsVision',
  'request.inputTokens < 10 && (request.inputTokens > 20 || request.inputTokens == 30)',
  'false && request.role == "coder"',
  'request.tags.size() > 3 && !(request.tags.size() > 3)',
])('%s is flagged: it never matches', (when) => {
  expect(checkRules([aRule(when, act)], ['a/1']).map(({ code }) => code)).toEqual(['NEVER_MATCHES']);
});

test('a rule behind a final one that always catches it is flagged with its name', () => {
  const problems = checkRules(
    [
      aRule('request.inputTokens > 1000', { ...act, id: '1', name: 'Long', isFinal: true }),
      aRule('request.inputTokens >= 2000 && request.role == "coder"', { ...act, id: '2' }),
      aRule('request.inputTokens > 500', { ...act, id: '3' }),
      aRule('request.inputTokens > 9000', { ...act, id: '4', isEnabled: false }),
    ],
    ['a/1'],
  );
  expect(problems).toMatchObject([
    { ruleId: '2', code: 'SHADOWED', message: 'Whatever matches here is caught by "Long" before.' },
  ]);
});

test('a final rule whose condition always holds catches all that follows', () => {
  const rules = [
    aRule('time.hour >= 0', { ...act, id: '1', isFinal: true }),
    aRule('request.role == "a"', { ...act, id: '2' }),
  ];
  expect(checkRules(rules, ['a/1'])).toMatchObject([{ ruleId: '2', code: 'SHADOWED' }]);
});

test('actions are checked: unknown models with the nearest name, amounts, weights', () => {
  const rule = aRule('true', {
    actions: [
      { type: 'pin', models: ['openai/gtp-5'] },
      { type: 'deny', models: [] },
      { type: 'cap-cost', maxCostUsd: 'much' },
      { type: 'strategy', strategy: 'balanced', weights: { cost: 0, latency: 0, quality: 0, reliability: 0 } },
    ],
  });
  const problems = checkRules([rule], ['openai/gpt-5']);
  expect(problems.map(({ code, field }) => `${code} ${field}`)).toEqual([
    'UNKNOWN_MODEL actions[0].models[0]',
    'NO_MODELS actions[1]',
    'BAD_AMOUNT actions[2]',
    'BAD_WEIGHTS actions[3]',
  ]);
  expect(problems[0]?.suggestion).toBe('Did you mean openai/gpt-5?');
});

const leaf = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('request.inputTokens', 'time.hour'),
      fc.constantFrom('<', '<=', '>', '>=', '==', '!='),
      fc.integer({ min: 0, max: 5 }),
    )
    .map((parts) => parts.join(' ')),
  fc
    .tuple(
      fc.constantFrom('request.role', 'request.taskClass'),
      fc.constantFrom('==', '!='),
      fc.constantFrom('"a"', '"b"', '""'),
    )
    .map((parts) => parts.join(' ')),
  fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('<', '>='), fc.constant('request.inputTokens'))
    .map((parts) => parts.join(' ')),
  fc.constantFrom(
    'request.role in ["a", "b"]',
    'time.hour in [1, 2]',
    'request.needsVision',
    'request.tags[0] == "a"',
    '"a" in request.tags',
    'true',
    'false',
    'models["a/1"].quality > 0.5',
    'models["a/1"].quality < 0.3',
    '"a" == request.role',
    '1 / request.inputTokens == 1',
  ),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    tie('condition').map((inner) => `!(${inner})`),
    fc
      .tuple(tie('condition'), tie('condition'), tie('condition'))
      .map(([test_, yes, no]) => `(${test_} ? ${yes} : ${no})`),
  ),
}));
const anyFacts: fc.Arbitrary<RuleFacts> = fc
  .record({
    inputTokens: fc.nat(6),
    role: fc.constantFrom('', 'a', 'b', 'c'),
    taskClass: fc.constantFrom('', 'a', 'b'),
    vision: fc.boolean(),
    tags: fc.constantFrom([], ['a'], ['b', 'a']),
    hour: fc.nat(6),
    quality: fc.constantFrom(undefined, 0.1, 0.4, 0.9),
  })
  .map(({ inputTokens, role, taskClass, vision, tags, hour, quality }) => ({
    ...snapshotFacts({
      models: [
        aModel('a/1', {
          measured: figures(quality === undefined ? {} : { quality: { mean: quality, standardError: 0, count: 9 } }),
        }),
      ],
      budgets: [],
    }),
    request: new RequestFacts(aRequest({ inputTokens, role, taskClass, tags, needs: { vision } }), 'balanced'),
    time: new TimeFacts({ hour, minute: 0, weekday: 1 }),
  }));

function holds(when: string, facts: RuleFacts): boolean {
  const result = compileCondition(when);
  if (!result.isValid) throw new Error(`${when}: ${result.problem.message}`);
  try {
    return result.condition.matches(facts);
  } catch {
    return false;
  }
}

test('no rule that matches something is ever flagged as impossible or shadowed', () => {
  let flagged = 0;
  fc.assert(
    fc.property(condition, condition, fc.array(anyFacts, { minLength: 20, maxLength: 20 }), (first, second, facts) => {
      const rules = [aRule(first, { ...act, id: '1', isFinal: true }), aRule(second, { ...act, id: '2' })];
      for (const { code, ruleId } of checkRules(rules, ['a/1'])) {
        flagged += 1;
        for (const each of facts) {
          if (code === 'NEVER_MATCHES') expect(holds(ruleId === '1' ? first : second, each)).toBe(false);
          else if (holds(second, each)) expect(holds(first, each)).toBe(true);
        }
      }
    }),
    { numRuns: 1_500 },
  );
  expect(flagged).toBeGreaterThan(100);
});

test('a diff names what was added, removed, changed and moved, and nothing else', () => {
  const [one, two, three, four] = ['1', '2', '3', '4'].map((id) => aRule('true', { id, name: id }));
  if (!one || !two || !three || !four) throw new Error('Four rules were made.');
  const changes = diffRules([one, two, three], [three, one, { ...two, when: 'false' }, four]);
  expect(changes.map((change) => [change.type, 'rule' in change ? change.rule.id : change.fields])).toEqual([
    ['moved', '3'],
    ['changed', ['when']],
    ['added', '4'],
  ]);
  expect(diffRules([one, two], [one, two])).toEqual([]);
});

test('task preferences put their models first for that class only', () => {
  const rules = taskPreferenceRules({ 'customer "inquiry"': ['b/2', 'a/1'] });
  const snapshot = aSnapshot([aModel('a/1'), aModel('b/2'), aModel('c/3')], { rules });
  const names = (taskClass: string) =>
    planRoute(aRequest({ strategy: 'manual', taskClass }), snapshot, createSeededRandom(1)).candidates.map(
      ({ modelId }) => modelId,
    );
  expect(names('customer "inquiry"')).toEqual(['b/2', 'a/1', 'c/3']);
  expect(names('other')).toEqual(['a/1', 'b/2', 'c/3']);
});
