import { z } from 'zod';
import { parseUsd } from '../../kernel/index.ts';
import { expected } from '../schema/fields.ts';

/** A limit by itself: a billion dollars, or as many tokens or calls. */
export const highestAmount = 1_000_000_000;
const amountPattern = /^\d{1,10}(?:\.\d{1,9})?$/;

/** An amount of USD, tokens or calls from 0 to a billion, as a number or as text; read as billionths (nano-USD). */
export function amount(what = 'an amount from 0 to 1000000000 with at most nine decimals, for example 100 or 0.25') {
  return z
    .union(
      [
        z.number(expected(what)).min(0, expected(what)).max(highestAmount, expected(what)),
        z.string(expected(what)).regex(amountPattern, expected(what)),
      ],
      expected(what),
    )
    .transform((value, context) => {
      const written = typeof value === 'number' ? toDecimal(value) : value;
      if (amountPattern.test(written) && Number(written) <= highestAmount) return parseUsd(written);
      context.addIssue({ code: 'custom', message: what });
      return z.NEVER;
    });
}

/** A share of a limit: `0.8`, or more than 10 as a percentage, `80`. Read as the share. */
export function shareOrPercent() {
  const what = expected('a share of the limit such as 0.8, or a percentage above 10 such as 80, up to 1000');
  return z
    .number(what)
    .gt(0, what)
    .max(1_000, what)
    .transform((value) => (value > 10 ? Number((value / 100).toFixed(6)) : value));
}

/** An instant: a day, which begins at midnight UTC, or RFC 3339. Read as epoch milliseconds. */
export function instant() {
  const what = 'a day such as 2026-12-01 (midnight UTC), or a time such as 2026-12-01T08:00:00Z';
  return z.string(expected(what)).transform((value, context) => {
    const isForm = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2}))?$/.test(value);
    const ms = isForm ? Date.parse(value) : Number.NaN;
    // The calendar has no 30 February, though Date.parse may take it for 2 March.
    const isOnCalendar = !Number.isNaN(ms) && !Number.isNaN(Date.parse(`${value.slice(0, 10)}T00:00:00Z`));
    if (isOnCalendar && new Date(`${value.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(value.slice(8, 10)))
      return ms;
    context.addIssue({ code: 'custom', message: what });
    return z.NEVER;
  });
}

/** The shortest decimal that reads back as `value`, without an exponent; nine decimals at the most. */
function toDecimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(9) : text;
}
