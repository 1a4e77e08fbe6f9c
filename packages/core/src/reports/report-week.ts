import { stepBoundaries } from '../metrics/index.ts';

/** A week from Monday to Monday of a time zone: 167 or 169 hours long when its clock changes. Epoch ms. */
export interface ReportWeek {
  readonly fromMs: number;
  readonly toMs: number;
}

const dayMs = 86_400_000;

/**
 * The last `count` weeks of `timeZone` that were over at `nowMs`, the oldest first; they touch. Throws RangeError for an
 * unknown zone.
 */
export function lastWeeks(nowMs: number, timeZone: string, count: number): readonly ReportWeek[] {
  const fromMs = nowMs - (count + 2) * 7 * dayMs;
  // Without its ends, which are no Mondays; where one is, the boundary is left out of `inner` and one week less is looked back.
  const inner = stepBoundaries({ fromMs, toMs: nowMs + 1 }, 'week', timeZone, count + 5).slice(1, -1);
  return inner.slice(-count - 1, -1).map((weekFromMs, index) => ({
    fromMs: weekFromMs,
    toMs: inner.slice(-count - 1)[index + 1]!,
  }));
}

/** The day that the zone's calendar shows at an instant: `2026-11-16`. */
export function calendarDay(atMs: number, timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(atMs);
}

/** Whether `timeZone` is a name of the IANA database that this machine knows. */
export function isTimeZone(timeZone: string): boolean {
  try {
    stepBoundaries({ fromMs: 0, toMs: 1 }, 'day', timeZone, 1);
    return true;
  } catch {
    return false;
  }
}
