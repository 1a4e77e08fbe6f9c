import type { Clock, Timer } from '@switchyard/core/kernel';
import type { ProgressFact } from '@switchyard/core/workflows';

const holdMs = 5;

/**
 * What is told of calls while they run. It is held for a moment, so that of a fast call everything becomes one
 * transaction; it may be lost without harm.
 */
export class HeldProgress {
  readonly #clock: Clock;
  readonly #write: (facts: readonly ProgressFact[]) => void;
  #held: ProgressFact[] = [];
  #timer: Timer | undefined;

  /** `write` is told what was held when its moment is over and nobody has taken it. */
  constructor(clock: Clock, write: (facts: readonly ProgressFact[]) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  tell(facts: readonly ProgressFact[]): void {
    this.#held.push(...facts);
    this.#timer ??= this.#clock.startTimer(holdMs, () => {
      const held = this.take();
      if (held.length > 0) this.#write(held);
    });
  }

  /** What is held, to be written together with something else. */
  take(): readonly ProgressFact[] {
    this.#timer?.cancel();
    this.#timer = undefined;
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
