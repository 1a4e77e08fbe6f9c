import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderMetricTable } from '../testing/render-metric-table.ts';
import { metrics } from './metrics/metric-catalogue.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../../../..', path), 'utf8');
const guide = read('docs/observability.md');

describe('docs/observability.md', () => {
  test('has every metric as it is exported', () => {
    const first = guide.indexOf('| name');
    const found = guide.slice(first, guide.indexOf('\n\n', first));
    // On a difference: put what was expected into the document.
    expect(found).toBe(renderMetricTable());
  });

  test('has every variable that is read', () => {
    const source = read('packages/api/src/observability/tracing/telemetry-settings.ts');
    const names = new Set([...source.matchAll(/'((?:OTEL|SWITCHYARD)_[A-Z_]+)'/g)].map(([, name = '']) => name));
    expect(names.size).toBeGreaterThan(10);
    expect([...names].filter((name) => !guide.includes(`\`${name}`))).toEqual([]);
  });

  test('has every attribute of ours that spans carry', () => {
    const folder = 'packages/api/src/observability/tracing';
    const sources = ['call-attributes', 'call-spans', 'request-spans', 'run-spans'].map((name) =>
      read(`${folder}/${name}.ts`),
    );
    const names = new Set([...sources.join('').matchAll(/'(switchyard\.[a-z_.]+)'/g)].map(([, name = '']) => name));
    expect(names.size).toBeGreaterThan(15);
    expect([...names].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });
});

test('names follow the rules of Prometheus, but for those of the first design', () => {
  const asked = ['model_selection_count', 'model_latency_ms'];
  for (const { name, kind, help, labels } of Object.values(metrics)) {
    expect(help, name).toMatch(/[^.]\.$/);
    expect(labels).not.toContain('le');
    if (asked.includes(name)) continue;
    expect(name.endsWith('_total'), name).toBe(kind === 'counter');
    expect(name, 'base units').not.toMatch(/_(ms|milliseconds|minutes|kilobytes|percent)(_|$)/);
  }
});
