import { expect, test } from 'vitest';
import { stepBoundaries } from './zone-steps.ts';

const dayMs = 86_400_000;
const shown = new Map<string, Intl.DateTimeFormat>();

/** Day, hour and minute on the clock of a zone, by the runtime's own formatter. */
function clockOf(atMs: number, timeZone: string): { readonly day: string; readonly time: string } {
  const format =
    shown.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'medium' });
  shown.set(timeZone, format);
  const [day = '', time = ''] = format.format(atMs).split(', ');
  return { day, time };
}

test.each([
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Santiago',
  'Africa/Cairo',
])('every day of %s for two years begins with its first minute', (timeZone) => {
  const fromMs = Date.UTC(2025, 0, 1);
  const days = stepBoundaries({ fromMs, toMs: fromMs + 730 * dayMs }, 'day', timeZone, 1_000);
  for (const atMs of days.slice(1, -1)) {
    const [before, at] = [clockOf(atMs - 60_000, timeZone), clockOf(atMs, timeZone)];
    expect(before.day < at.day).toBe(true);
    // Where midnight is skipped the day begins at one.
    expect(['00:00:00', '01:00:00']).toContain(at.time);
  }
  expect(days.length).toBeGreaterThan(729);
});
