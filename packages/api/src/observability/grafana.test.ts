import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { metrics } from './metrics/metric-catalogue.ts';

const folder = join(import.meta.dirname, '../../../../deploy/grafana');
const dashboards = readdirSync(join(folder, 'dashboards')).map((name) => ({
  name,
  json: JSON.parse(readFileSync(join(folder, 'dashboards', name), 'utf8')),
}));
const rules: { readonly groups: readonly { readonly rules: readonly Rule[] }[] } = parse(
  readFileSync(join(folder, 'alert-rules.yml'), 'utf8'),
);
interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}
const allRules = rules.groups.flatMap((group) => group.rules);

/** Labels of each series that can be asked for: ours by the catalogue, which a running server is compared with elsewhere. */
const known = new Map<string, ReadonlySet<string>>();
/** What Prometheus adds to each series. */
const ofScrape = ['instance', 'job'];
beforeAll(async () => {
  for (const { name, kind, labels } of Object.values(metrics)) {
    const own = new Set([...labels, ...ofScrape]);
    if (kind !== 'histogram') known.set(name, own);
    else {
      for (const suffix of ['_sum', '_count']) known.set(name + suffix, own);
      known.set(`${name}_bucket`, new Set([...own, 'le']));
    }
  }
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const { name } of await registry.getMetricsAsJSON()) known.set(name, new Set(ofScrape));
  for (const { record, expr } of allRules) if (record) known.set(record, new Set([...groupingsOf(expr), ...ofScrape]));
});

const words = new Set([
  ...['sum', 'min', 'max', 'avg', 'count', 'by', 'without', 'on', 'and', 'or', 'unless', 'absent', 'time', 'rate'],
  ...['increase', 'histogram_quantile', 'clamp_min', 'avg_over_time', 'min_over_time', 'ignoring', 'group_left'],
]);
const groupingsOf = (expr: string) =>
  [...expr.matchAll(/\b(?:by|without|on)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((each) => each.trim()),
  );

/** The series that an expression asks for, with the labels of their selectors; and the labels that it groups by. */
function readExpression(expr: string) {
  const groupings = groupingsOf(expr);
  const series: { name: string; labels: readonly string[] }[] = [];
  const rest = expr.replace(/\b(?:by|without|on)\s*\([^)]*\)/g, ' ').replace(/\[[^\]]*\]/g, ' ');
  for (const [, name = '', selector = ''] of rest.matchAll(
    /(?<![\w:"])([a-zA-Z_:][\w:]*)(?![\w:"]|\s*\()(\{[^}]*\})?/g,
  )) {
    if (words.has(name) || isInQuotes(rest, name)) continue;
    series.push({ name, labels: [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label) });
  }
  return { series, groupings };
}

/** Words that stand in values of selectors alone are no series. */
function isInQuotes(text: string, word: string): boolean {
  return (
    !text.replace(/"[^"]*"/g, '""').includes(word) ||
    !new RegExp(`(?<![\\w:])${word}(?![\\w:])`).test(text.replace(/\{[^}]*\}/g, ''))
  );
}

function check(where: string, expr: string): void {
  const { series, groupings } = readExpression(expr);
  expect(series.length, `${where}: ${expr}`).toBeGreaterThan(0);
  for (const { name, labels } of series) {
    expect(known.has(name), `${where} asks for ${name}`).toBe(true);
    for (const label of labels) expect(known.get(name)?.has(label), `${where}: ${name}{${label}}`).toBe(true);
  }
  for (const label of groupings)
    expect(
      series.some(({ name }) => known.get(name)?.has(label)),
      `${where} groups by ${label}`,
    ).toBe(true);
}

test('an expression is read: series, selectors and groupings', () => {
  const expr =
    'sum by (provider, le) (rate(a_bucket{origin="live",error!~"b|c"}[5m])) / clamp_min(x:y, 1e-9) > 2 and d == 1';
  expect(readExpression(expr)).toEqual({
    groupings: ['provider', 'le'],
    series: [
      { name: 'a_bucket', labels: ['origin', 'error'] },
      { name: 'x:y', labels: [] },
      { name: 'd', labels: [] },
    ],
  });
});

describe('dashboards', () => {
  test('are four, each with an address of its own', () => {
    expect(new Set(dashboards.map(({ json }) => json.uid)).size).toBe(4);
  });

  test.each(dashboards)('$name asks for nothing that is not exported', ({ name, json }) => {
    for (const panel of json.panels) {
      expect(panel.description, panel.title).not.toBe('');
      for (const { expr } of panel.targets) check(`${name}, ${panel.title}`, expr);
    }
    for (const { query, type } of json.templating.list) {
      if (type !== 'query') continue;
      const [, series = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(query.query) ?? [];
      expect(known.get(series)?.has(label), query.query).toBe(true);
    }
  });

  test('show every metric of models, providers and runs somewhere', () => {
    const text = dashboards.map(({ json }) => JSON.stringify(json)).join('');
    const unseen = Object.values(metrics).filter(({ scope, name }) => scope === 'team' && !text.includes(name));
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});

describe('alert rules', () => {
  test('ask for nothing that is not exported, and name what they are about', () => {
    for (const { alert, record, expr, annotations } of allRules) {
      check(alert ?? record ?? '', expr);
      const { groupings } = readExpression(expr);
      const named = [...JSON.stringify(annotations ?? {}).matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
      for (const label of named) {
        const isKept =
          groupings.includes(label) || readExpression(expr).series.some(({ name }) => known.get(name)?.has(label));
        expect(isKept, `${alert}: ${label}`).toBe(true);
      }
    }
  });

  test('are those that were asked for: burn rate, latency, provider down, budget', () => {
    const names = allRules.flatMap(({ alert }) => alert ?? []);
    for (const name of ['ErrorBudgetBurns', 'LatencyTargetMissed', 'ProviderDown', 'BudgetNearlySpent', 'SpendingFast'])
      expect(names).toContain(`Switchyard${name}`);
  });
});
