import { z } from 'zod';
import { parseUsd } from '../../kernel/index.ts';
import { isRoleName } from '../../roles/index.ts';

/*
 * The vocabulary of a definition. Every schema says in its message what is expected at that place, as the end of the
 * sentence "This must be …".
 */

const expected = (what: string) => ({ error: () => what });

/** A map with exactly these fields. For unknown fields the message is the list of known ones. */
export function fields<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape);
  const error = (issue: { code?: string }) =>
    issue.code === 'unrecognized_keys' ? names.join(',') : `a map with fields such as ${names.slice(0, 3).join(', ')}`;
  return z.strictObject(shape, { error });
}

/** A list of `min` to `max` entries. */
export function list<Item extends z.ZodType>(item: Item, what: string, min: number, max: number) {
  const text = expected(`a list of ${min} to ${max} ${what}`);
  return z.array(item, text).min(min, text).max(max, text).readonly();
}

/** A map of names that the author chooses. */
export function named<Value extends z.ZodType>(value: Value, what: string, max: number) {
  const text = expected(`a map of at most ${max} ${what}, each under its name`);
  return z
    .record(name(), value, text)
    .refine((map) => Object.keys(map).length <= max, text)
    .readonly();
}

const nameText = 'a name: letters, digits and underscores, beginning with a letter, at most 64';

/** Something that templates and expressions can name. */
export function name() {
  return z.string(expected(nameText)).regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, expected(nameText));
}

const roleText = 'the name of a role: lower-case letters, digits and dashes, beginning with a letter, at most 64';

export function roleName() {
  return z.string(expected(roleText)).refine(isRoleName, expected(roleText));
}

export function text(what: string, max: number) {
  const sentence = expected(`${what} (text of 1 to ${max} characters)`);
  return z
    .string(sentence)
    .min(1, sentence)
    .max(max, sentence)
    .refine(isPlain, expected(`${what} without NUL`));
}

// NUL and halves of characters can be kept neither in the database nor in a file.
const isPlain = (value: string) => value.isWellFormed() && !value.includes('\0');

export const longestTemplate = 100_000;

/** A Liquid template. May be empty. */
export function template() {
  const sentence = expected(`a template (text of at most ${longestTemplate} characters)`);
  return z.string(sentence).max(longestTemplate, sentence).refine(isPlain, sentence);
}

/** A CEL expression. */
export function expression() {
  return text('an expression', 2_000);
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

export function number(min: number, max: number) {
  const what = expected(`a number from ${min} to ${max}`);
  return z.number(what).min(min, what).max(max, what);
}

/** An amount in USD as plain decimal text with at most nine decimals. */
export function usd() {
  const what = expected('an amount in USD as text with at most nine decimals, for example "0.10"');
  return z
    .string(what)
    .regex(/^\d{1,7}(?:\.\d{1,9})?$/, what)
    .refine((value) => parseUsd(value) <= 1_000_000_000_000_000n, what);
}

/** Any JSON value; canonical form sorts the names in it. */
export function json() {
  return z.json(expected('a JSON value'));
}
