/** Longer texts are parsed each time: what clients send again and again is short. */
const maxKeyCharacters = 16_384;

/**
 * Remembers what was parsed of a text, the last `maxEntries` of them. Yoga's own cache keeps texts of any length, with
 * which anybody who may ask could fill the memory.
 */
export class DocumentCache<Value> {
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Value>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get(text: string): Value | undefined {
    const value = this.#entries.get(text);
    if (value === undefined) return undefined;
    this.#entries.delete(text);
    this.#entries.set(text, value);
    return value;
  }

  set(text: string, value: Value): void {
    if (text.length > maxKeyCharacters) return;
    this.#entries.delete(text);
    this.#entries.set(text, value);
    if (this.#entries.size <= this.#maxEntries) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
