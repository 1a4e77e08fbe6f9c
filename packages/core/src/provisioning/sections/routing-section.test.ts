import { expect, test } from 'vitest';
import { readConfiguration } from '../read-configuration.ts';

const read = (text: string) => readConfiguration(`version: 1\n${text}`, { environment: {} });

test('rules, settings and preferences of the file become what the router uses', () => {
  const { configuration, problems } = read(`
aliases: { quick: openai/gpt-5-mini }
chains: { best: { models: [quick, anthropic/claude-haiku-4-5], strategy: cost-first } }
routing:
  strategy: adaptive
  adaptive: { algorithm: thompson, exploration_share: 0 }
  limits: { max_cost_usd: 0.10, max_latency_ms: 20s }
  time_zone: Europe/Berlin
  rules:
    - name: Legal
      when: request.taskClass == "legal"
      restrict: [anthropic/*]
      cap_cost_usd: 0.05
      final: true
task_preferences: { summarize: [best, google/gemini-2.5-flash] }
`);
  expect(problems).toEqual([]);
  expect(configuration?.chains[0]?.strategy).toBe('cost-first');
  expect(configuration?.routing?.preferences).toMatchObject({
    strategy: 'adaptive',
    // Without any exploration nothing would be learned again.
    adaptive: { algorithm: 'thompson', explorationShare: 0.001 },
    limits: { maxCostUsd: '0.1', maxLatencyMs: 20_000 },
    timeZone: 'Europe/Berlin',
  });
  expect(configuration?.routing?.rules).toMatchObject([
    {
      id: 'file:1',
      isFinal: true,
      actions: [
        { type: 'restrict', models: ['anthropic/*'] },
        { type: 'cap-cost', maxCostUsd: '0.05' },
      ],
    },
  ]);
  expect(configuration?.taskPreferences).toMatchObject([
    {
      when: 'request.taskClass == "summarize"',
      actions: [
        {
          type: 'prefer',
          models: ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'],
        },
      ],
    },
  ]);
});

test('mistakes are reported with their place: conditions, names, zones, rules that another one hides', () => {
  const { problems } = read(`
routing:
  time_zone: Mars/Base
  rules:
    - { name: Wrong, when: request.rol == "x", deny: [openai/gpt-nothing] }
    - { name: All, when: "true", strict: true, final: true }
    - { name: Hidden, when: request.role == "x", strict: true }
task_preferences: { summarize: [nobody] }
`);
  const found = problems.map(({ severity, path, position }) => `${severity} ${path} ${position.line}`);
  expect(found).toEqual(
    expect.arrayContaining([
      'error routing.time_zone 4',
      'error routing.rules[0].when 6',
      'error routing.rules[0].deny[0] 6',
      'warning routing.rules[2].when 8',
      'error task_preferences.summarize[0] 9',
    ]),
  );
  expect(problems.find(({ path }) => path.endsWith('rules[0].when'))?.message).toContain('At character 9');
});
