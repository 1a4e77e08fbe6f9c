import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePrometheusText } from '../../testing/prometheus-text.ts';
import { formatFamilies } from './format-families.ts';
import type { MetricDefinition } from './metric-family.ts';
import { SeriesStore } from './series-store.ts';

const calls: MetricDefinition = {
  ...{ name: 'calls_total', kind: 'counter', help: 'Calls.', scope: 'team' },
  labels: ['provider', 'outcome'],
};
const seconds: MetricDefinition = { ...calls, name: 'call_seconds', kind: 'histogram', buckets: [0.1, 1, 10] };
const label = fc.string({ unit: 'binary', maxLength: 12 });

test('every addition is counted once, for its team and for all, whatever the labels are', () => {
  const additions = fc.array(
    fc.record({ team: fc.constantFrom('a', 'b', 'c'), provider: label, outcome: fc.constantFrom('ok', 'failed') }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(additions, (made) => {
      const store = new SeriesStore(calls, { ofTeam: 5, all: 12 });
      for (const { team, provider, outcome } of made) store.add(team, [provider, outcome]);
      const sumOf = (team?: string) =>
        store.read(team).samples.reduce((sum, sample) => sum + ('value' in sample ? sample.value : 0), 0);
      expect(sumOf()).toBe(made.length);
      // What had no room any more is in the whole alone.
      for (const team of ['a', 'b', 'c'])
        expect(sumOf(team)).toBeLessThanOrEqual(made.filter((each) => each.team === team).length);
      const { samples } = store.read();
      expect(samples.length).toBeLessThanOrEqual(12 + 4 * 2);
    }),
  );
});

test('any labels and values make text that a strict reader takes, with the same values in it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(label, label, fc.double({ min: 0, max: 100, noNaN: true })), { maxLength: 30 }),
      (made) => {
        const store = new SeriesStore(seconds);
        for (const [provider, outcome, value] of made) store.observe('a', [provider, outcome], value);
        const family = parsePrometheusText(formatFamilies([store.read()])).get('call_seconds');
        const count = (suffix: string) =>
          (family?.samples ?? [])
            .filter(({ name }) => name === `call_seconds${suffix}`)
            .reduce((sum, { value }) => sum + value, 0);
        expect(count('_count')).toBe(made.length);
        expect(count('_sum')).toBeCloseTo(
          made.reduce((sum, [, , value]) => sum + value, 0),
          6,
        );
        for (const [provider] of made)
          expect(family?.samples.some(({ labels }) => labels.provider === provider)).toBe(true);
      },
    ),
  );
});

test('a team that is out of room keeps its own remainder and takes none of another’s', () => {
  const store = new SeriesStore(calls, { ofTeam: 2, all: 100 });
  for (let index = 0; index < 50; index += 1) store.add('loud', [`made-up-${index}`, 'ok']);
  store.add('quiet', ['openai', 'ok']);
  expect(store.read('loud').samples).toHaveLength(3);
  expect(store.read('loud').samples).toContainEqual({ values: ['other', 'ok'], value: 48 });
  expect(store.read('quiet').samples).toEqual([{ values: ['openai', 'ok'], value: 1 }]);
});
