/** So many units (requests or tokens) per minute; `burst` of them at once, by default all of them. */
export interface RateLimit {
  readonly perMinute: number;
  readonly burst?: number;
}

/** The one number that the algorithm remembers: when the debt of what was let through will be paid off (epoch ms). */
export type RateState = number;

export type RateAnswer =
  | { readonly isAllowed: true; readonly state: RateState }
  | {
      readonly isAllowed: false;
      readonly state: RateState;
      /** After which `units` would pass; undefined when they never can, being more than the burst. */
      readonly retryAfterMs: number | undefined;
    };

const minuteMs = 60_000;

/**
 * Asks for `units` at `nowMs` (monotonic ms) under `limit`: the generic cell rate algorithm (GCRA, ITU-T I.371), which
 * never lets more than burst + perMinute × minutes through in any span. `state` is undefined at first.
 */
export function takeFromRate(state: RateState | undefined, limit: RateLimit, units: number, nowMs: number): RateAnswer {
  const debtEndsMs = Math.max(state ?? nowMs, nowMs);
  const burst = limit.burst ?? limit.perMinute;
  if (units > burst || limit.perMinute <= 0) return { isAllowed: false, state: debtEndsMs, retryAfterMs: undefined };
  const perUnitMs = minuteMs / limit.perMinute;
  const nextMs = debtEndsMs + units * perUnitMs;
  const excessMs = nextMs - nowMs - burst * perUnitMs;
  // A millionth of a millisecond is rounding.
  if (excessMs > 1e-6) return { isAllowed: false, state: debtEndsMs, retryAfterMs: Math.ceil(excessMs) };
  return { isAllowed: true, state: nextMs };
}

/** Books what a call really used instead of what was asked for; more than was asked delays the next ones. */
export function correctRate(state: RateState, limit: RateLimit, unitsAsked: number, unitsUsed: number): RateState {
  if (limit.perMinute <= 0) return state;
  return state + ((unitsUsed - unitsAsked) * minuteMs) / limit.perMinute;
}

/** One limit that a call must pass: `key` names whose it is (`api-key/ak_1/requests`). */
export interface RateDemand {
  readonly key: string;
  readonly limit: RateLimit;
  readonly units: number;
}

/** The rates of one process, kept by key. With several processes each has the whole rate: give each its share. */
export class RateLimits {
  readonly #states = new Map<string, RateState>();
  readonly #maxKeys: number;

  constructor(maxKeys = 100_000) {
    this.#maxKeys = maxKeys;
  }

  /** Takes all demands or none. The answer to a refusal names the demand that has to wait longest. */
  take(
    demands: readonly RateDemand[],
    nowMs: number,
  ): { readonly isAllowed: true } | { readonly isAllowed: false; key: string; retryAfterMs: number | undefined } {
    const answers = demands.map(
      (demand) => [demand, takeFromRate(this.#states.get(demand.key), demand.limit, demand.units, nowMs)] as const,
    );
    let worst: { key: string; retryAfterMs: number | undefined } | undefined;
    for (const [{ key }, answer] of answers) {
      if (answer.isAllowed) continue;
      const { retryAfterMs } = answer;
      if (!worst || (retryAfterMs ?? Number.POSITIVE_INFINITY) > (worst.retryAfterMs ?? Number.POSITIVE_INFINITY))
        worst = { key, retryAfterMs };
    }
    if (worst) return { isAllowed: false, ...worst };
    for (const [{ key }, { state }] of answers) this.#states.set(key, state);
    if (this.#states.size > this.#maxKeys) this.#forgetPaid(nowMs);
    return { isAllowed: true };
  }

  /** After the call: replaces what was taken for it by what it used. */
  correct(demand: RateDemand, unitsUsed: number): void {
    const state = this.#states.get(demand.key);
    if (state !== undefined) this.#states.set(demand.key, correctRate(state, demand.limit, demand.units, unitsUsed));
  }

  #forgetPaid(nowMs: number): void {
    for (const [key, state] of this.#states) if (state <= nowMs) this.#states.delete(key);
  }
}
