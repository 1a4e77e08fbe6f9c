import type { Budget } from './budget.ts';

/** A span of time in epoch milliseconds, the end not included. `endMs` is undefined where it has no end (lifetime, run). */
export interface WindowSpan {
  readonly startMs: number;
  readonly endMs: number | undefined;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const endless: WindowSpan = { startMs: 0, endMs: undefined };

/**
 * The window of the budget that `nowMs` (epoch ms) lies in. Days, weeks (from Monday) and months begin and end by the
 * calendar of the budget's time zone, so that a day of a clock change has 23 or 25 hours. An hour (a minute) is a full one of
 * UTC in every zone, so that a clock change neither repeats nor loses one. Throws `RangeError` for an unknown zone.
 */
export function windowOf(budget: Pick<Budget, 'window' | 'timeZone'>, nowMs: number): WindowSpan {
  const { window, timeZone } = budget;
  if (window === 'lifetime' || window === 'run') return endless;
  if (window === 'hour' || window === 'minute') {
    const lengthMs = window === 'hour' ? hourMs : minuteMs;
    const startMs = Math.floor(nowMs / lengthMs) * lengthMs;
    return { startMs, endMs: startMs + lengthMs };
  }
  const { year, month, day } = localDateOf(nowMs, timeZone);
  if (window === 'month') {
    return { startMs: startOfDay(year, month, 1, timeZone), endMs: startOfDay(year, month + 1, 1, timeZone) };
  }
  if (window === 'day') {
    return { startMs: startOfDay(year, month, day, timeZone), endMs: startOfDay(year, month, day + 1, timeZone) };
  }
  const daysSinceMonday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  const monday = day - daysSinceMonday;
  return { startMs: startOfDay(year, month, monday, timeZone), endMs: startOfDay(year, month, monday + 7, timeZone) };
}

/** Whether this machine knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    // There are about 600 zone names; the bound is against names that differ in case only.
    if (formatters.size < 1_000) formatters.set(timeZone, formatter);
  }
  return formatter;
}

interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** What the zone's clock shows, as if it were UTC. */
  readonly shownMs: number;
}

function localDateOf(atMs: number, timeZone: string): LocalTime {
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(atMs)) part[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return { year, month, day, shownMs: Date.UTC(year, month - 1, day, hour, minute, second) };
}

/** The first instant of a local day. `month` and `day` may run over; where midnight is skipped the day begins later. */
function startOfDay(year: number, month: number, day: number, timeZone: string): number {
  const midnightMs = Date.UTC(year, month - 1, day);
  const isOnDay = (atMs: number) => localDateOf(atMs, timeZone).shownMs >= midnightMs;
  const offsetMs = (atMs: number) => localDateOf(atMs, timeZone).shownMs - atMs;
  // The offset before and after a possible change within a day of midnight; the earlier instant that fits wins.
  const candidates = [offsetMs(midnightMs - dayMs), offsetMs(midnightMs + dayMs)].map((offset) => midnightMs - offset);
  const fitting = candidates.filter((atMs) => isOnDay(atMs) && !isOnDay(atMs - 1_000));
  if (fitting.length > 0) return Math.min(...fitting);
  return firstInstant(isOnDay, midnightMs - dayMs, midnightMs + dayMs);
}

/** Bisects for the first second at which `holds`; it must be false at `lowMs` and true at `highMs`. */
function firstInstant(holds: (atMs: number) => boolean, lowMs: number, highMs: number): number {
  let low = lowMs;
  let high = highMs;
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
