import { toStorableText } from '../kernel/index.ts';
import type { ComparisonFact } from './comparison-event.ts';

type DeltaFact = Extract<ComparisonFact, { type: 'output-delta' | 'reasoning-delta' }>;

/**
 * Gathers the small pieces a model writes into one delta per run of the same kind, in order, with offsets that count
 * on across all deltas of the lane. One for each run of a lane.
 *
 * Every delta can be stored: a character whose halves come in two pieces waits until it is whole, and what no store can
 * hold is replaced (see `toStorableText`).
 */
export class DeltaCoalescer {
  readonly #laneId: string;
  readonly #length = { 'output-delta': 0, 'reasoning-delta': 0 };
  /** The first half of a character whose second half has not come yet. */
  readonly #half = { 'output-delta': '', 'reasoning-delta': '' };
  #waiting: { type: DeltaFact['type']; pieces: string[] }[] = [];

  constructor(laneId: string) {
    this.#laneId = laneId;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(type: DeltaFact['type'], text: string): void {
    if (text === '') return;
    const last = this.#waiting.at(-1);
    if (last?.type === type) last.pieces.push(text);
    else this.#waiting.push({ type, pieces: [text] });
  }

  /** Takes what was gathered since the last drain, oldest first. */
  drain(): DeltaFact[] {
    const facts = this.#waiting.flatMap(({ type, pieces }) => {
      const text = this.#half[type] + pieces.join('');
      const isCut = endsWithHalf(text);
      this.#half[type] = isCut ? text.slice(-1) : '';
      return this.#toFacts(type, isCut ? text.slice(0, -1) : text);
    });
    this.#waiting = [];
    return facts;
  }

  /** The last {@link drain} of a lane: nothing waits for another half any more. */
  finish(): DeltaFact[] {
    const facts = this.drain();
    for (const type of ['reasoning-delta', 'output-delta'] as const) {
      facts.push(...this.#toFacts(type, this.#half[type]));
      this.#half[type] = '';
    }
    return facts;
  }

  #toFacts(type: DeltaFact['type'], text: string): DeltaFact[] {
    if (text === '') return [];
    const offset = this.#length[type];
    this.#length[type] += text.length;
    return [{ type, laneId: this.#laneId, text: toStorableText(text), offset }];
  }
}

function endsWithHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
