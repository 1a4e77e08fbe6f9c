import { randomBytes } from 'node:crypto';
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

/** Ids from 48 bits of time and 80 bits of cryptographic chance, in the manner of ULID. */
export const systemIds: Ids = {
  next(prefix) {
    const chance = randomBytes(10);
    const high = chance.readUIntBE(0, 5);
    const low = chance.readUIntBE(5, 5);
    return `${prefix}_${encodeBase32(Date.now(), 10)}${encodeBase32(high, 8)}${encodeBase32(low, 8)}`;
  },
};
