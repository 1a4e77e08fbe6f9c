import { hashToUnit } from './assign-variant.ts';

/**
 * The order in which the variants of one item and repeat are asked: random over items, so that none is always first to a
 * provider, and the same after a restart.
 */
export function orderVariants(
  seed: number,
  itemId: string,
  repeat: number,
  keys: readonly string[],
): readonly string[] {
  return sortByHash(keys, (key) => [seed, 'order', itemId, repeat, key]);
}

/** The items of a test in the order in which they are asked: a random one, so that an early stop has seen a fair sample. */
export function orderItems<Item extends { readonly id: string }>(
  seed: number,
  items: readonly Item[],
): readonly Item[] {
  return sortByHash(items, ({ id }) => [seed, 'item', id]);
}

function sortByHash<Value>(values: readonly Value[], partsOf: (value: Value) => readonly (string | number)[]): Value[] {
  return values
    .map((value) => ({ value, place: hashToUnit(partsOf(value)) }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
