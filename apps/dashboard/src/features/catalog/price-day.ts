const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Prices begin with a day in UTC, whatever the reader's time zone: `21 Nov 2026`. */
export const formatPriceDay = (value: string) => day.format(new Date(value));

/** Today in UTC, as a date field wants it: `2026-11-21`. */
export const todayUtc = (now: number) => new Date(now).toISOString().slice(0, 10);
