import { applyRunEvent } from './apply-run-event.ts';
import type { RunEvent, RunRecord } from './run-record.ts';

const noticeIntervalMs = 60;

/** Holds one run's stream outside React. Events are applied at once; listeners hear of them at most 16 times a second. */
export class RunStore {
  #record: RunRecord;
  #shown: RunRecord;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Server clock minus own clock, from the fastest event seen while it is new. */
  clockSkewMs = 0;
  #hasSkew = false;

  constructor(record: RunRecord) {
    this.#record = record;
    this.#shown = record;
  }

  /** With every event that came. */
  get record(): RunRecord {
    return this.#record;
  }

  /** As it was told to listeners last. */
  snapshot = (): RunRecord => this.#shown;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  apply(event: RunEvent): void {
    const skew = Date.parse(event.at) - Date.now();
    // Events of the past are told late, so only the latest moments say something about clocks.
    if (!this.#hasSkew || skew > this.clockSkewMs) {
      this.clockSkewMs = skew > -5000 ? skew : 0;
      this.#hasSkew = skew > -5000;
    }
    const next = applyRunEvent(this.#record, event);
    if (next === this.#record) return;
    this.#record = next;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#shown = this.#record;
      for (const listener of this.#listeners) listener();
    }, noticeIntervalMs);
  }
}
