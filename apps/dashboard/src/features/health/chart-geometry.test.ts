import { expect, it } from 'vitest';
import { ceilingOf, linePath } from './chart-geometry.ts';
import { type MaintenanceForm, spanOf } from './maintenance-span.ts';

it('ends an axis at a round number at or above all values', () => {
  expect(ceilingOf([null, 412, 90], 100)).toBe(500);
  expect(ceilingOf([1000], 0)).toBe(1000);
  expect(ceilingOf([0.3], 0.1)).toBe(0.5);
  expect(ceilingOf([], 0)).toBe(1);
});

it('breaks a line where nothing is known', () => {
  const path = linePath(
    [1, 2, null, 3, null, 4, 5],
    (step) => step * 10,
    (value) => value,
  );
  expect(path.match(/M/g)).toHaveLength(3);
  expect(path).toContain('h6');
  expect(linePath([null], Number, Number)).toBe('');
});

it('reads the span of a maintenance and says what is wrong with it', () => {
  const now = Date.parse('2026-10-24T12:00:00Z');
  const form: MaintenanceForm = { providerId: 'p', begins: 'now', beginsAt: '', length: '24', endsAt: '', note: '' };
  expect(spanOf(form, now)).toEqual({ startsAt: undefined, endsAt: '2026-10-25T12:00:00.000Z', problems: {} });
  expect(spanOf({ ...form, length: 'until' }, now).problems.endsAt).toBeDefined();
  expect(spanOf({ ...form, length: 'until', endsAt: '2026-12-31T00:00' }, now).problems.endsAt).toContain('30 days');
  expect(spanOf({ ...form, begins: 'later', beginsAt: '2020-01-01T00:00' }, now).problems.beginsAt).toBeDefined();
  expect(
    spanOf({ ...form, begins: 'later', length: 'until', beginsAt: '2026-11-02T00:00', endsAt: '2026-11-01T00:00' }, now)
      .problems.endsAt,
  ).toBeDefined();
});
