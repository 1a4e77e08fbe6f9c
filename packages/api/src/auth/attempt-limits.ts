import type { Clock } from '@switchyard/core/kernel';

/** So many from one address within a window. */
export interface AddressRule {
  readonly most: number;
  readonly windowMs: number;
}

interface Window {
  readonly startedAtMs: number;
  count: number;
}

interface Failures {
  count: number;
  /** Monotonic. */
  blockedUntilMs: number;
  lastAtMs: number;
}

/** So many wrong tries cost nothing: people mistype. */
const freeFailures = 5;
const firstDelayMs = 1_000;
/** A delay never grows beyond this: strangers can slow an account down, not lock it. */
const mostDelayMs = 60_000;
const forgetAfterMs = 24 * 60 * 60 * 1000;
const maxRemembered = 50_000;

/**
 * Counts attempts of this process against brute force, in memory: by network address in windows, by account with a delay
 * that doubles with each failure. A device that signed in before has a count of its own, so that strangers who try an
 * account do not keep its person out.
 */
export class AttemptLimits {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one request of an address; answers the milliseconds to wait when there were too many. */
  count(what: string, address: string, rule: AddressRule): number | undefined {
    const nowMs = this.#clock.monotonicMs();
    const key = `${what} ${networkOf(address)}`;
    const window = this.#windows.get(key);
    if (!window || nowMs - window.startedAtMs >= rule.windowMs) {
      this.#windows.delete(key);
      shrink(this.#windows);
      this.#windows.set(key, { startedAtMs: nowMs, count: 1 });
      return undefined;
    }
    if (window.count >= rule.most) return window.startedAtMs + rule.windowMs - nowMs;
    window.count += 1;
    return undefined;
  }

  /**
   * Begins a try for an account; answers the milliseconds to wait when it comes too soon. It counts as failed until
   * {@link succeed} says otherwise, so that many at once gain nothing.
   */
  begin(account: string): number | undefined {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#failures.get(account);
    const failures =
      known && nowMs - known.lastAtMs < forgetAfterMs ? known : { count: 0, blockedUntilMs: 0, lastAtMs: 0 };
    if (nowMs < failures.blockedUntilMs) return failures.blockedUntilMs - nowMs;
    failures.count += 1;
    failures.lastAtMs = nowMs;
    const over = failures.count - freeFailures;
    if (over >= 0) failures.blockedUntilMs = nowMs + Math.min(firstDelayMs * 2 ** Math.min(over, 30), mostDelayMs);
    this.#failures.delete(account);
    shrink(this.#failures);
    this.#failures.set(account, failures);
    return undefined;
  }

  /** The last try was right: nothing is held against the account any more. */
  succeed(account: string): void {
    this.#failures.delete(account);
  }
}

/** The oldest go first. */
function shrink(map: Map<string, unknown>): void {
  if (map.size < maxRemembered) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

/** Who has one IPv6 address has 2^64 of them: the first half counts. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('%')[0]?.split('::') ?? [];
  const groups = head.split(':').filter((group) => group !== '');
  if (tail !== undefined) while (groups.length < 4) groups.push('0');
  return groups.slice(0, 4).join(':');
}
