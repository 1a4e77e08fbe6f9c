import type { BudgetWarning, ReserveRequest } from './budget-ledger.ts';
import type { Slice } from './slice.ts';

export interface Hold {
  slice: Slice;
  readonly amount: bigint;
}

/** A call's place in this process's books. */
export interface Reservation {
  readonly request: ReserveRequest;
  readonly holds: readonly Hold[];
  readonly warnings: readonly BudgetWarning[];
  /** Epoch ms. */
  readonly atMs: number;
  state: 'held' | 'released' | 'settled';
  /** Monotonic ms: until then it is held, or, once ended, remembered. */
  untilMs: number;
}

/** How many ended reservations are remembered, for messages that come twice or late. */
const maxEnded = 20_000;

/** The reservations of one process: those that hold, and for a while those that ended. */
export class Reservations {
  readonly #held = new Map<string, Reservation>();
  readonly #ended = new Map<string, Reservation>();

  get heldCount(): number {
    return this.#held.size;
  }

  find(reservationId: string): Reservation | undefined {
    return this.#held.get(reservationId) ?? this.#ended.get(reservationId);
  }

  add(reservation: Reservation): void {
    const { reservationId } = reservation.request;
    this.#ended.delete(reservationId);
    (reservation.state === 'held' ? this.#held : this.#ended).set(reservationId, reservation);
  }

  end(reservation: Reservation, state: 'released' | 'settled', untilMs: number): void {
    const { reservationId } = reservation.request;
    reservation.state = state;
    reservation.untilMs = untilMs;
    this.#held.delete(reservationId);
    this.#ended.delete(reservationId);
    this.#ended.set(reservationId, reservation);
    if (this.#ended.size > maxEnded) {
      const oldest = this.#ended.keys().next().value;
      if (oldest !== undefined) this.#ended.delete(oldest);
    }
  }

  /** Those that nobody settled, released or extended in time. */
  *overdue(nowMs: number): Iterable<Reservation> {
    for (const reservation of [...this.#held.values()]) if (reservation.untilMs <= nowMs) yield reservation;
  }

  forgetEnded(nowMs: number): void {
    for (const [id, { untilMs }] of this.#ended) {
      // Kept in the order in which they ended.
      if (untilMs > nowMs) return;
      this.#ended.delete(id);
    }
  }
}
