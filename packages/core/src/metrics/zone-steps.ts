/** How long the steps of a time series are. */
export const seriesIntervals = ['minute', 'hour', 'day', 'week'] as const;
export type SeriesInterval = (typeof seriesIntervals)[number];

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    const numeric = 'numeric';
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    });
    // There are about 600 zone names; the bound is against names that differ in case only.
    if (formatters.size < 1_000) formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** What the zone's clock shows at an instant, as if it were UTC. Throws RangeError for an unknown zone. */
function shownMs(atMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return atMs;
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(atMs)) part[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The first instant of the local day that is `days` after 1970-01-01; where midnight is skipped it begins later. */
function startOfLocalDay(days: number, timeZone: string): number {
  const wanted = days * dayMs;
  let low = wanted - 16 * hourMs;
  let high = wanted + 16 * hourMs;
  // Mostly the clock does not change around the day: then its offset tells.
  const offsetMs = shownMs(low, timeZone) - low;
  if (shownMs(high, timeZone) - high === offsetMs) return wanted - offsetMs;
  // The zone's clock reaches the day between the two; minutes are exact enough for every zone since 1972.
  while (high - low > minuteMs) {
    const middle = Math.floor((low + high) / 2 / minuteMs) * minuteMs;
    if (shownMs(middle, timeZone) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The boundaries of the steps from `fromMs` to `toMs` (epoch ms), both included: the first and the last step may be
 * shorter. Minutes and hours are those of UTC; days begin at midnight of the zone and weeks on its Mondays, so that a day
 * of a clock change has 23 or 25 hours. Throws RangeError when the zone is unknown or there are more than `most` steps.
 */
export function stepBoundaries(
  range: { readonly fromMs: number; readonly toMs: number },
  interval: SeriesInterval,
  timeZone: string,
  most: number,
): readonly number[] {
  const { fromMs, toMs } = range;
  const tooMany = () => new RangeError(`more than ${most} steps: choose longer steps or a shorter range`);
  const lengthMs = { minute: minuteMs, hour: hourMs, day: dayMs, week: 7 * dayMs }[interval];
  if ((toMs - fromMs) / lengthMs > most + 1) throw tooMany();
  const boundaries = [fromMs];
  if (interval === 'minute' || interval === 'hour') {
    for (let at = (Math.floor(fromMs / lengthMs) + 1) * lengthMs; at < toMs; at += lengthMs) boundaries.push(at);
  } else {
    let days = Math.floor(shownMs(fromMs, timeZone) / dayMs);
    // 1970-01-01 was a Thursday: day 4 is a Monday.
    if (interval === 'week') days = Math.floor((days - 4) / 7) * 7 + 4;
    for (;;) {
      days += interval === 'week' ? 7 : 1;
      const at = startOfLocalDay(days, timeZone);
      if (at >= toMs) break;
      if (at > fromMs) boundaries.push(at);
    }
  }
  if (boundaries.length > most) throw tooMany();
  boundaries.push(toMs);
  return boundaries;
}
