import { createHash } from 'node:crypto';

/** A reproducible stream of chance: the same parts give the same numbers for ever. */
export interface SeededRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** Integer in [low, high], both included. */
  integer(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  /** `count` different items in random order (fewer when there are fewer). */
  sample<T>(items: readonly T[], count: number): T[];
  chance(probability: number): boolean;
  /** Standard normal draw (Box and Muller 1958). */
  normal(): number;
}

/** 32-bit FNV-1a hash of the joined parts. */
export function hashOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  const text = parts.join('\u0000');
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** Hex digest of the text, cut to `length` characters: ids, fingerprints, cache keys. */
export function digestOf(text: string, length = 24): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** 32 hex digits that follow from the parts: a cheap request id. */
export function hexIdOf(...parts: readonly (string | number)[]): string {
  const random = createSeededRandom(...parts);
  const word = (): string =>
    Math.floor(random.next() * 0x100000000)
      .toString(16)
      .padStart(8, '0');
  return word() + word() + word() + word();
}

/** Random source seeded by the parts; generator: mulberry32. */
export function createSeededRandom(...parts: readonly (string | number)[]): SeededRandom {
  let state = hashOf(...parts);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    integer,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[integer(0, items.length - 1)] as T;
    },
    sample: <T>(items: readonly T[], count: number): T[] => {
      const rest = [...items];
      const chosen: T[] = [];
      while (chosen.length < count && rest.length > 0) chosen.push(...rest.splice(integer(0, rest.length - 1), 1));
      return chosen;
    },
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An opaque id of `length` base-62 characters, as vendors append to `chatcmpl-`, `msg_01`, `call_`… */
export function createOpaqueId(random: SeededRandom, length: number): string {
  let id = '';
  for (let index = 0; index < length; index++) id += BASE62[random.integer(0, 61)];
  return id;
}
