/** A fixed shuffle for a comparison: the same id gives the same order, and nothing in it tells the models. */
export function blindOrder(laneIds: readonly string[], seed: string): string[] {
  let state = 2166136261;
  for (let index = 0; index < seed.length; index += 1) state = Math.imul(state ^ seed.charCodeAt(index), 16777619);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
  const order = [...laneIds];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(next() * (index + 1));
    [order[index], order[other]] = [order[other] as string, order[index] as string];
  }
  return order;
}

/** `Answer A`, `Answer B`, … */
export const blindName = (place: number) => `Answer ${String.fromCharCode(65 + place)}`;
