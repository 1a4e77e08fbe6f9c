/** The only source of new identifiers. */
export interface Ids {
  /** A new unique id that sorts by time of creation: `<prefix>_<26 characters>`. `prefix` is 2–5 lower-case letters. */
  next(prefix: string): string;
}

const crockford = '0123456789abcdefghjkmnpqrstvwxyz';

/** Encodes `value` (a non-negative integer below 2^53) in Crockford base 32, left-padded to `length` characters. */
export function encodeBase32(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let position = 0; position < length; position += 1) {
    text = crockford[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
