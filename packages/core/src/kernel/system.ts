import { randomFillSync } from 'node:crypto';
import type { Clock } from './clock.ts';
import { encodeBase32, type Ids } from './ids.ts';
import type { Random } from './random.ts';

/** The machine's clock. The only place of the domain that touches `Date`, `performance` and timers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  startTimer(delayMs, callback) {
    const handle = setTimeout(callback, Math.max(0, delayMs));
    return { cancel: () => clearTimeout(handle) };
  },
};

/** The machine's generator; not for secrets. */
export const systemRandom: Random = { next: () => Math.random() };

const chanceBytes = 10;
/** Drawn in bulk: asking the generator for each id costs more than the rest of the id. */
const chance = Buffer.alloc(chanceBytes * 400);
let drawn = chance.length;

/** Ids from 48 bits of time and 80 bits of cryptographic chance, in the manner of ULID. */
export const systemIds: Ids = {
  next(prefix) {
    if (drawn === chance.length) {
      randomFillSync(chance);
      drawn = 0;
    }
    const high = chance.readUIntBE(drawn, 5);
    const low = chance.readUIntBE(drawn + 5, 5);
    drawn += chanceBytes;
    return `${prefix}_${encodeBase32(Date.now(), 10)}${encodeBase32(high, 8)}${encodeBase32(low, 8)}`;
  },
};
