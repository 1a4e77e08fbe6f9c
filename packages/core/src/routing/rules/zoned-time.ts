/** A wall clock. */
export interface ZonedTime {
  /** 0–23. */
  readonly hour: number;
  readonly minute: number;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
}

const quarterHourMs = 900_000;
/** A day and more: back-tests look at all hours. */
const mostQuarters = 128;

/**
 * Reads wall clocks in `timeZone` (IANA name). Zones change their offset at quarters of an hour only, so one look-up
 * serves all instants of a quarter. Throws `RangeError` for a zone that nobody knows.
 */
export function createZonedClock(timeZone: string): (atMs: number) => ZonedTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const offsets = new Map<number, number>();
  return (atMs) => {
    const startMs = Math.floor(atMs / quarterHourMs) * quarterHourMs;
    let offsetMs = offsets.get(startMs);
    if (offsetMs === undefined) {
      offsetMs = offsetAt(format, startMs);
      if (offsets.size >= mostQuarters) offsets.clear();
      offsets.set(startMs, offsetMs);
    }
    const minutes = Math.floor((atMs + offsetMs) / 60_000);
    const days = Math.floor(minutes / 1440);
    // The first of January 1970 was a Thursday.
    return { hour: Math.floor(mod(minutes, 1440) / 60), minute: mod(minutes, 60), weekday: mod(days + 3, 7) + 1 };
  };
}

function offsetAt(format: Intl.DateTimeFormat, atMs: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(atMs)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(atMs / 60_000) * 60_000;
}

function mod(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
