import { type LinkedAbort, linkAbort } from '../kernel/index.ts';
import { isContentPart, type StreamPart } from '../spec/index.ts';
import type { PartListener } from './run-call.ts';

/** The abort reason of a call that another one was quicker than. */
export class HedgeLost extends Error {
  override readonly name = 'HedgeLost';

  constructor() {
    super('Another call answered first.');
  }
}

interface Lane {
  readonly abort: LinkedAbort;
  waiting: StreamPart[];
}

/**
 * Calls side by side, of which the first with content goes on and the others are stopped. Until then nothing of any is
 * passed on; what the winner had said before is passed on first.
 */
export class HedgeRace {
  readonly #parent: AbortSignal | undefined;
  readonly #onWin: (lane: number) => void;
  readonly #output: PartListener;
  readonly #lanes: Lane[] = [];
  readonly #decision = new AbortController();
  #winner: number | undefined;

  /** `onWin` is told the winner's number before its first part goes to `output`. */
  constructor(parent: AbortSignal | undefined, onWin: (lane: number) => void, output: PartListener) {
    this.#parent = parent;
    this.#onWin = onWin;
    this.#output = output;
  }

  get winner(): number | undefined {
    return this.#winner;
  }

  /** Aborts when there is a winner. */
  get decided(): AbortSignal {
    return this.#decision.signal;
  }

  /** Adds a call, numbered from 0 in the order of adding. */
  join(): { readonly signal: AbortSignal; readonly onPart: PartListener } {
    const number = this.#lanes.length;
    const lane: Lane = { abort: linkAbort(this.#parent), waiting: [] };
    this.#lanes.push(lane);
    return { signal: lane.abort.signal, onPart: (part) => this.#take(number, lane, part) };
  }

  /** A call has a complete answer, perhaps without content; true when it is the winner. */
  async finish(number: number): Promise<boolean> {
    if (this.#winner === undefined) await this.#win(number);
    return this.#winner === number;
  }

  /** Stops what still runs, and lets go of the parent signal. */
  close(reason: unknown): void {
    for (const { abort } of this.#lanes) abort.abort(reason);
  }

  #take(number: number, lane: Lane, part: StreamPart): void | Promise<void> {
    if (this.#winner === number) return this.#output(part);
    if (this.#winner !== undefined) return;
    lane.waiting.push(part);
    if (isContentPart(part)) return this.#win(number);
  }

  async #win(number: number): Promise<void> {
    this.#winner = number;
    for (const [index, { abort }] of this.#lanes.entries()) if (index !== number) abort.abort(new HedgeLost());
    this.#decision.abort();
    this.#onWin(number);
    const waiting = this.#lanes[number]?.waiting ?? [];
    for (const part of waiting.splice(0)) {
      const pause = this.#output(part);
      if (pause) await pause;
    }
  }
}
