/** A value grew beyond what a run can keep. */
export class ValueTooLarge extends Error {
  override readonly name = 'ValueTooLarge';
}

/** Characters and entries that one output may have; more is refused before it is stored. */
export const largestValue = 2_000_000;
const deepest = 100;

/**
 * `value` as plain JSON: what JSON cannot say (undefined, functions, infinite numbers) becomes null, whole big integers
 * become numbers, maps become objects. Throws {@link ValueTooLarge} beyond `limit` characters and entries.
 */
export function toPlainValue(value: unknown, limit = largestValue): unknown {
  let left = limit;
  const charge = (amount: number) => {
    left -= amount;
    if (left < 0) throw new ValueTooLarge(`The value has more than ${limit} characters.`);
  };
  const walk = (each: unknown, depth: number): unknown => {
    if (depth > deepest) throw new ValueTooLarge(`The value is nested more than ${deepest} levels deep.`);
    charge(1);
    if (typeof each === 'string') {
      charge(each.length);
      return each;
    }
    if (typeof each === 'boolean' || each === null) return each;
    if (typeof each === 'number') return Number.isFinite(each) ? each : null;
    if (typeof each === 'bigint') return Number(each);
    if (Array.isArray(each)) {
      charge(each.length);
      return each.map((entry) => walk(entry, depth + 1));
    }
    if (each instanceof Map) return walkFields([...each], depth);
    if (typeof each !== 'object') return null;
    const prototype = Object.getPrototypeOf(each);
    if (prototype !== Object.prototype && prototype !== null) return null;
    return walkFields(Object.entries(each), depth);
  };
  const walkFields = (entries: readonly (readonly [unknown, unknown])[], depth: number) =>
    Object.fromEntries(
      entries.map(([name, each]) => {
        charge(String(name).length);
        return [String(name), walk(each, depth + 1)];
      }),
    );
  return walk(value, 0);
}
