const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

export const formatDay = (value: string) => day.format(new Date(value));
export const formatMoment = (value: string) => moment.format(new Date(value));

/** `just now`, `5 min. ago`, `yesterday`; from a week on the date. */
export function formatAge(value: string, now: number): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return 'just now';
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  if (size < 7 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day');
  return formatDay(value);
}

const utcDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** A day that is counted in UTC, whatever the reader's time zone: `21 Nov 2026`. */
export const formatUtcDay = (value: string) => utcDay.format(new Date(value));
/** `14:05`, by the reader's clock. */
export const formatClock = (value: string) => clock.format(new Date(value));
/** `21 Nov, 14:05 CET`: with the zone, so that the hour that comes twice in autumn can be told apart. */
export const formatDayAndClock = (value: string) => dayAndClock.format(new Date(value));
