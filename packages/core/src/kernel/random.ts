/** The only source of chance in the domain. */
export interface Random {
  /** A float in [0, 1), uniform. */
  next(): number;
}

/**
 * A reproducible generator (mulberry32): the same `seed` (any integer, reduced to 32 bits) gives the same sequence.
 * Not for secrets.
 */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}
