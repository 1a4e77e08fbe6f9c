import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FailoverPlan } from '../failover/index.ts';
import { readConfiguration, writeFailoverYaml } from './index.ts';

const words = fc.constantFrom('Support', 'It\'s "quoted": #1', 'no', '- x', 'Übergang', '2026-01-01');
const models = fc.constantFrom('openai/gpt-5-mini', 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash');
const settings: fc.Arbitrary<FailoverPlan['settings']> = fc.record(
  {
    primary: models,
    chain: fc.uniqueArray(models, { maxLength: 3 }),
    triggers: fc.record(
      {
        errorRateAbove: fc.constantFrom(0, 0.25, 1),
        firstTokenP95AboveMs: fc.integer({ min: 1, max: 3_600_000 }),
        consecutiveFailures: fc.integer({ min: 1, max: 1_000 }),
        statusFrom: fc.constantFrom('degraded' as const, 'down' as const),
        windowMs: fc.integer({ min: 1_000, max: 3_600_000 }),
      },
      { requiredKeys: [] },
    ),
    when: fc.constantFrom('true', 'request.role == "a: b" && time.hour < 6'),
    returning: fc.oneof(
      fc.constant({ kind: 'at-once' as const }),
      fc.constant({ kind: 'by-hand' as const }),
      fc.record({ kind: fc.constant('after-answers' as const), answers: fc.integer({ min: 1, max: 100 }) }),
    ),
  },
  { requiredKeys: ['chain', 'triggers', 'returning'] },
);

test('plans that were written as a section of the file are read as they were', () => {
  const scopes = fc.constantFrom('team', 'role:coder', 'workflow:my flow');
  const plan = fc.record({ name: words, scope: scopes, isEnabled: fc.boolean(), settings });
  fc.assert(
    fc.property(fc.uniqueArray(plan, { maxLength: 4, selector: ({ name }) => name }), (given) => {
      const plans = given.map((each) => ({ ...each, id: `file:${each.name}` }));
      const { configuration, problems } = readConfiguration(`version: 1\n${writeFailoverYaml(plans)}`, {
        environment: {},
      });
      expect(problems).toEqual([]);
      expect(configuration?.failover.map(({ position: _position, ...read }) => read)).toEqual(plans);
    }),
    { numRuns: 50 },
  );
});

test('what is wrong in failover and health is told with its place', () => {
  const text = `version: 1
health:
  deadline_ms: 9s
  paid_probes:
    openai: { model: anthropic/claude-haiku-4-5 }
failover:
  - name: a
    scope: everywhere
    chain: [openai/gpt-5-mini, openai/gpt-5-mini]
  - name: b
    chain: [nobody]
    when: request.rolle == "x"
`;
  const { problems } = readConfiguration(text, { environment: {} });
  expect(problems.map(({ code, path, position }) => `${code} ${path} ${position.line}`)).toEqual([
    'INVALID_VALUE health.deadline_ms 3',
    'CONTRADICTION health.paid_probes.openai.model 5',
    'INVALID_VALUE failover[0].scope 8',
    'DUPLICATE_ENTRY failover[0].chain[1] 9',
    'UNKNOWN_NAME failover[1].chain[0] 11',
    'INVALID_VALUE failover[1].when 12',
  ]);
});
