export interface ReportRange {
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly interval: 'HOUR' | 'DAY' | 'WEEK';
  /** `the last 30 days`, `1 Nov to 7 Nov`. */
  readonly words: string;
}

export const rangeChoices = [
  { value: '1', label: 'Today' },
  { value: '7', label: '7 days' },
  { value: '14', label: '14 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: 'custom', label: 'Other days' },
];

const usualDays = 7;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 86_400_000;
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** Midnight of the reader's clock `days` days from the day of `at`; right on days of 23 and 25 hours. */
function midnight(at: number, days: number): Date {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
}

/** A day as a date field writes it, as that day's midnight; undefined for anything else. */
function readDay(text: string | null): Date | undefined {
  if (text === null || !dayPattern.test(text)) return undefined;
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number);
  const read = new Date(year, month - 1, day);
  return read.getMonth() === month - 1 && read.getDate() === day ? read : undefined;
}

export function dayText(day: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The range that an address names: `days`, or `from` and `to`, both days included. Anything odd is the last week. */
export function rangeOf(address: URLSearchParams, nowMs: number): ReportRange {
  const from = readDay(address.get('from'));
  const last = readDay(address.get('to'));
  if (address.get('days') === 'custom' && from && last && from <= last) {
    const to = midnight(last.getTime(), 1);
    const length = (to.getTime() - from.getTime()) / dayMs;
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      interval: length <= 2 ? 'HOUR' : length > 200 ? 'WEEK' : 'DAY',
      words: `${shortDay.format(from)} to ${shortDay.format(last)}`,
    };
  }
  const asked = Number(address.get('days') ?? usualDays);
  const days = rangeChoices.some(({ value }) => value === String(asked)) ? asked : usualDays;
  return {
    from: midnight(nowMs, 1 - days).toISOString(),
    // To the minute: the same question is asked again only when it has another answer.
    to: new Date(Math.ceil((nowMs + 1) / 60_000) * 60_000).toISOString(),
    interval: days === 1 ? 'HOUR' : 'DAY',
    words: days === 1 ? 'today' : `the last ${days} days`,
  };
}
