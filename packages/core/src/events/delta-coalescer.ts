import type { ComparisonFact } from './comparison-event.ts';

type DeltaFact = Extract<ComparisonFact, { type: 'output-delta' | 'reasoning-delta' }>;

/**
 * Gathers the small pieces a model writes into one delta per run of the same kind, in order, with offsets that count
 * on across all deltas of the lane. One for each run of a lane.
 */
export class DeltaCoalescer {
  readonly #laneId: string;
  readonly #length = { 'output-delta': 0, 'reasoning-delta': 0 };
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
    const facts = this.#waiting.map(({ type, pieces }): DeltaFact => {
      const text = pieces.join('');
      const offset = this.#length[type];
      this.#length[type] += text.length;
      return { type, laneId: this.#laneId, text, offset };
    });
    this.#waiting = [];
    return facts;
  }
}
