import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../read-configuration.ts';

const environment = {
  HOOK: 'https://hooks.slack.com/services/T/B/secret-part',
  METADATA: 'http://169.254.169.254/latest',
  NOT_A_URL: 'hooks.slack.com',
  SIGNING: `whsec_${'A'.repeat(32)}`,
};
const read = (body: string) => readConfiguration(`version: 1\n${body}`, { environment });
const shortly = (body: string) =>
  read(body).problems.map(
    ({ severity, position, code, path, suggestion = '' }) =>
      `${severity} ${position.line} ${code} ${path} ${suggestion}`,
  );

describe('cost_controls', () => {
  test('as the source document writes it becomes a daily budget and a limit of each request', () => {
    const { configuration, problems } = read(
      'cost_controls:\n  daily_budget: 100.0\n  per_request_limit: 1.0\n  alert_threshold: 80.0\n',
    );
    expect(problems).toEqual([]);
    expect(configuration?.costControls).toEqual({ maxCostPerRequestNanoUsd: 1_000_000_000n });
    expect(configuration?.budgets).toMatchObject([
      {
        key: 'cost_controls.daily_budget',
        name: 'Daily budget',
        unit: 'cost',
        window: 'day',
        timeZone: 'UTC',
        limit: 100_000_000_000n,
        mode: 'hard',
        alertThresholds: [0.8],
        scope: [],
        unpriced: { kind: 'refuse' },
      },
    ]);
  });

  test('a share and a percentage mean the same threshold; amounts are exact to the nano-dollar', () => {
    const thresholds = ['0.8', '80', '1', '150'].map(
      (text) => read(`cost_controls: {daily_budget: 0.000000001, alert_threshold: ${text}}`).configuration?.budgets[0],
    );
    expect(thresholds.map((budget) => budget?.alertThresholds)).toEqual([[0.8], [0.8], [1], [1.5]]);
    expect(thresholds[0]?.limit).toBe(1n);
  });

  test('sets what the budgets of the file do with unpriced calls, unless they say so themselves', () => {
    const { configuration } = read(`cost_controls: {unpriced: {reserve_usd: 0.05}}
budgets:
  - {name: a, window: day, limit: 1}
  - {name: b, window: week, limit: 2, unpriced: refuse}
`);
    expect(configuration?.budgets.map(({ unpriced }) => unpriced)).toEqual([
      { kind: 'flat-reserve', amountNanoUsd: 50_000_000n },
      { kind: 'refuse' },
    ]);
  });

  test.each([
    ['{daily_budget: -5}', 'error 2 OUT_OF_RANGE cost_controls.daily_budget'],
    ['{daily_budget: 1e300}', 'error 2 OUT_OF_RANGE cost_controls.daily_budget'],
    ['{daily_buget: 5}', 'error 2 UNKNOWN_FIELD cost_controls.daily_buget Did you mean "daily_budget"?'],
    ['{alert_threshold: 80}', 'warning 2 CONTRADICTION cost_controls.alert_threshold Add daily_budget'],
    ['{per_request_limit: 1, max_cost_per_request: 1}', 'error 2 DUPLICATE_ENTRY cost_controls.max_cost_per_request'],
    ['{daily_budget: 1, per_request_limit: 2}', 'warning 2 CONTRADICTION cost_controls.daily_budget'],
    ['{daily_budget: 0}', 'warning 2 CONTRADICTION cost_controls.daily_budget'],
    [
      '{daily_budget: 1, time_zone: Europe/Berln}',
      'error 2 UNKNOWN_VALUE cost_controls.time_zone Did you mean "Europe/Berlin"?',
    ],
    ['{max_tokens_per_request: 0.5}', 'error 2 OUT_OF_RANGE cost_controls.max_tokens_per_request'],
  ])('%s', (body, expected) => {
    expect(shortly(`cost_controls: ${body}`)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('budgets', () => {
  test('are read with units, defaults and raises', () => {
    const { configuration, problems } = read(`budgets:
  - name: Everything
    window: month
    limit: "12.5"
  - name: Tokens
    id: tokens
    scope: {provider: openai, member: each, api_key: each, tag: x}
    unit: tokens
    window: run
    limit: 1000
    raises: [{amount: 50, from: 2026-12-01, until: 2026-12-02T12:00:00+02:00}]
`);
    expect(problems).toEqual([]);
    expect(configuration?.budgets).toMatchObject([
      {
        key: 'Everything',
        limit: 12_500_000_000n,
        mode: 'hard',
        alertThresholds: [0.8, 1],
        onBreach: 'skip-to-next',
        whenAllBreach: 'fail',
        isEnabled: true,
      },
      {
        key: 'tokens',
        limit: 1_000n,
        scope: [
          { kind: 'provider', value: 'openai' },
          { kind: 'member', each: true },
          { kind: 'api-key', each: true },
          { kind: 'tag', value: 'x' },
        ],
        raises: [{ amount: 50n, fromMs: Date.UTC(2026, 11, 1), untilMs: Date.UTC(2026, 11, 2, 10) }],
      },
    ]);
  });

  const entry = (more: string) => `budgets:\n  - {name: a, window: month, limit: 10, ${more}}`;
  test.each([
    [entry('scope: {provider: opnai}'), 'error 3 UNKNOWN_PROVIDER budgets[0].scope.provider Did you mean "openai"?'],
    [
      entry('scope: {model: openai/gpt-5-mni}'),
      'error 3 UNKNOWN_MODEL budgets[0].scope.model Did you mean "openai/gpt-5-mini"?',
    ],
    [
      entry('scope: {provider: google, model: openai/gpt-5}'),
      'error 3 NEVER_MATCHES budgets[0].scope Correct the scope',
    ],
    [entry('scope: {member: usr_1}'), 'error 3 UNKNOWN_VALUE budgets[0].scope.member'],
    [
      entry('unit: tokens, limit: 0.5').replace('limit: 10, ', ''),
      'error 3 INVALID_VALUE budgets[0].limit Give a whole number.',
    ],
    [entry('time_zone: Berlin/Europe'), 'error 3 UNKNOWN_VALUE budgets[0].time_zone'],
    [entry('thresholds: [0.8, 0.5]'), 'error 3 CONTRADICTION budgets[0].thresholds[1]'],
    [
      entry('raises: [{amount: 1, from: 2026-02-02, until: 2026-02-01}]'),
      'error 3 INVALID_VALUE budgets[0].raises[0].until',
    ],
    [
      entry('raises: [{amount: 1, from: 2026-02-30, until: 2026-03-01}]'),
      'error 3 INVALID_VALUE budgets[0].raises[0].from',
    ],
    [entry('mode: hart'), 'error 3 UNKNOWN_VALUE budgets[0].mode Did you mean "hard"?'],
    [
      `${entry('')}\n  - {name: a, window: day, limit: 1}`,
      'error 4 DUPLICATE_ID budgets[1].name Give this one another name.',
    ],
    [
      `${entry('id: x')}\n  - {name: b, id: x, window: day, limit: 1}`,
      'error 4 DUPLICATE_ID budgets[1].id Give this one another id.',
    ],
    [
      `${entry('')}\n  - {name: b, window: month, limit: 1}`,
      'warning 4 CONTRADICTION budgets[1].limit Remove one of the two',
    ],
    [
      `${entry('')}\n  - {name: b, window: day, limit: 20}`,
      'warning 4 CONTRADICTION budgets[1].limit Correct one of the two',
    ],
    [
      `cost_controls: {daily_budget: 5}\nbudgets:\n  - {name: b, window: day, limit: 9}`,
      'warning 4 CONTRADICTION budgets[0].limit Remove one of the two',
    ],
    ['budgets:\n  - {window: day, limit: 9}', 'error 3 MISSING_FIELD budgets[0].name'],
    ['budgets:\n  - {name: a, limit: 9}', 'error 3 MISSING_FIELD budgets[0].window'],
  ])('%s', (body, expected) => {
    expect(shortly(body)).toEqual([expect.stringContaining(expected)]);
  });

  test("the simulator's providers and providers of the file are known", () => {
    expect(
      shortly(`providers: [{id: own, type: custom, base_url: "https://llm.example.com", models: [{id: m}]}]
budgets:
  - {name: a, window: month, limit: 10, scope: {provider: own}}
  - {name: b, window: month, limit: 10, scope: {model: own/m}}
  - {name: c, window: month, limit: 10, scope: {provider: simulated-openai}}
`),
    ).toEqual([]);
  });
});

describe('alert_channels', () => {
  test('take address and secret from the environment alone', () => {
    const { configuration, problems } = read(`alert_channels:
  - {name: ops, type: slack, url: "\${HOOK}", events: [provider.down, provider.down]}
  - {name: pager, type: webhook, url: {env: HOOK}, secret: "\${SIGNING}", enabled: false}
`);
    expect(problems).toEqual([]);
    expect(configuration?.alertChannels).toMatchObject([
      { name: 'ops', type: 'slack', url: environment.HOOK, kinds: ['provider.down'], isEnabled: true },
      {
        name: 'pager',
        type: 'webhook',
        url: environment.HOOK,
        secret: environment.SIGNING,
        kinds: [],
        isEnabled: false,
      },
    ]);
  });

  const channel = (more: string) => `alert_channels:\n  - {name: ops, type: slack, ${more}}`;
  test.each([
    [
      channel('url: "https://hooks.slack.com/services/T/B/secret-part"'),
      'error 3 LITERAL_SECRET alert_channels[0].url',
    ],
    [channel(`url: "\${MISSING}"`), 'warning 3 UNSET_VARIABLE alert_channels[0].url Set MISSING'],
    [channel(`url: "\${METADATA}"`), 'error 3 ADDRESS_REFUSED alert_channels[0].url'],
    [channel(`url: "\${NOT_A_URL}"`), 'error 3 INVALID_ENDPOINT alert_channels[0].url'],
    [channel(`url: "\${HOOK}", secret: "\${SIGNING}"`), 'warning 3 CONTRADICTION alert_channels[0].secret'],
    [
      channel(`url: "\${HOOK}", secret: "\${HOOK}"`).replace('slack', 'webhook'),
      'error 3 INVALID_VALUE alert_channels[0].secret',
    ],
    [
      channel(`url: "\${HOOK}", events: [provider.dwon]`),
      'UNKNOWN_VALUE alert_channels[0].events[0] Did you mean "provider.down"?',
    ],
    [
      `${channel(`url: "\${HOOK}"`)}\n  - {name: ops, type: teams, url: "\${HOOK}"}`,
      'error 4 DUPLICATE_ID alert_channels[1].name',
    ],
  ])('%s', (body, expected) => {
    const { problems } = read(body);
    expect(shortly(body)).toEqual([expect.stringContaining(expected)]);
    expect(JSON.stringify(problems)).not.toContain('secret-part');
  });
});
