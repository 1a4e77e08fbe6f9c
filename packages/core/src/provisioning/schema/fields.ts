import { z } from 'zod';

/*
 * The vocabulary of the file. Every schema carries in its `error` what is expected at that place, as the end of the
 * sentence "This must be …": `explain-issue.ts` builds its messages from it.
 */

/** How a schema says what it expects. */
export const expected = (what: string) => ({ error: () => what });

/** A map with exactly these fields. For unknown fields the message is the list of known ones. */
export function fields<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape);
  const error = (issue: { code?: string }) =>
    issue.code === 'unrecognized_keys' ? names.join(',') : `a map with fields such as ${names.slice(0, 3).join(', ')}`;
  return z.strictObject(shape, { error });
}

/** A list; an entry with nothing in it is reported by the schema of the items. */
export function list<Item extends z.ZodType>(item: Item, what: string, { min = 0, max = 1_000 } = {}) {
  const text =
    min > 0 ? `a list of ${what} with at least ${min === 1 ? 'one entry' : `${min} entries`}` : `a list of ${what}`;
  return z
    .array(item, expected(text))
    .min(min, expected(text))
    .max(max, expected(`${text} and at most ${max}`));
}

/** A map of names that the author chooses. */
export function named<Value extends z.ZodType>(value: Value, what: string) {
  return z.record(chosenName(), value, expected(`a map of ${what}`));
}

/** The name of an alias or chain. `role:` and `workflow:` in front of a name mean something of their own. */
function chosenName() {
  const what = 'letters, digits, dots, dashes and underscores, beginning with a letter or digit, at most 64';
  return z.string(expected(what)).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, expected(what));
}

export function text(what: string, { max = 200 } = {}) {
  const sentence = `${what} (text of 1 to ${max} characters)`;
  return z.string(expected(sentence)).min(1, expected(sentence)).max(max, expected(sentence));
}

export function flag() {
  return z.boolean(expected('true or false'));
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, expected(`one of ${values.join(', ')}`));
}

export function wholeNumber(min: number, max: number) {
  const what = expected(`a whole number from ${min} to ${max}`);
  return z.int(what).min(min, what).max(max, what);
}

/** A share from 0 to 1. */
export function share() {
  const what = expected('a share from 0 to 1, for example 0.25');
  return z.number(what).min(0, what).max(1, what);
}

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const durationPattern = /^\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h)$/;

/** A time: a number of milliseconds, or text with a unit (`500ms`, `2s`, `1.5m`). Read as milliseconds. */
export function duration(minMs: number, maxMs: number) {
  const what = `a time from ${sayDuration(minMs)} to ${sayDuration(maxMs)}: milliseconds, or text such as 500ms, 2s, 5m`;
  return z
    .union(
      [
        z.number(expected(what)).min(minMs, expected(what)).max(maxMs, expected(what)),
        z.string(expected(what)).regex(durationPattern, expected(what)),
      ],
      expected(what),
    )
    .transform((value, context) => {
      const ms = typeof value === 'number' ? value : toMilliseconds(value);
      if (Number.isInteger(ms) && ms >= minMs && ms <= maxMs) return ms;
      context.addIssue({ code: 'custom', message: what });
      return z.NEVER;
    });
}

function toMilliseconds(text: string): number {
  const match = /^([\d.]+)(ms|s|m|h)$/.exec(text);
  return Number(match?.[1]) * unitMs[(match?.[2] ?? 'ms') as keyof typeof unitMs];
}

/** A time as people write it: `1500` is `1500ms`, `2000` is `2s`. */
export function sayDuration(ms: number): string {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms >= 1_000 && ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

const highestUsd = 1_000_000;
const decimalPattern = /^\d{1,7}(?:\.\d{1,12})?$/;

/** An amount in USD, as a number or as text; read as the exact decimal that was written, without an exponent. */
export function decimalUsd() {
  const what = 'an amount in USD as a decimal number from 0 to 1000000 with at most 12 decimals, for example 1.25';
  return z
    .union(
      [
        z.number(expected(what)).min(0, expected(what)).max(highestUsd, expected(what)),
        z.string(expected(what)).regex(decimalPattern, expected(what)),
      ],
      expected(what),
    )
    .transform((value, context) => {
      const written = typeof value === 'number' ? toDecimal(value) : value;
      if (decimalPattern.test(written) && Number(written) <= highestUsd) return written;
      context.addIssue({ code: 'custom', message: what });
      return z.NEVER;
    });
}

/** The shortest decimal that reads back as `value`, without an exponent. */
function toDecimal(value: number): string {
  const match = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(String(value));
  if (!match) return String(value);
  const [, whole = '', fraction = '', exponent = '0'] = match;
  return `0.${'0'.repeat(Number(exponent) - 1)}${whole}${fraction}`;
}

/** A day as `2026-01-31`. */
export function day() {
  const what = 'a day written as year-month-day, for example 2026-01-31';
  return z
    .string(expected(what))
    .regex(/^\d{4}-\d{2}-\d{2}$/, expected(what))
    .refine((value) => !Number.isNaN(Date.parse(value)) && toDay(value) === value, expected(what));
}

// A check of the calendar, not a reading of the clock.
const toDay = (value: string): string => new Date(Date.parse(value)).toISOString().slice(0, 10);
