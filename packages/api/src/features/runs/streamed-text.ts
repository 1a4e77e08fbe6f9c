/** What a reader is to be sent now; undefined when what was sent turned out to be no part of the answer. */
export type StreamedPiece = string | undefined;

/**
 * The text of an answer for a reader who cannot take back what was sent. An answer that is begun anew catches up in
 * silence as long as it says the same; when it says something else there is no honest way on.
 */
export class StreamedText {
  #sent = '';
  #current = '';

  get sent(): string {
    return this.#sent;
  }

  /** `offset` is the length of the text before `text`, in UTF-16 code units. */
  add(text: string, offset: number): StreamedPiece {
    this.#current = this.#current.slice(0, offset) + text;
    return this.#advance(this.#current);
  }

  /** The answer begins anew. */
  restart(): void {
    this.#current = '';
  }

  /** The whole answer is known. */
  finish(whole: string): StreamedPiece {
    return whole.length < this.#sent.length ? undefined : this.#advance(whole);
  }

  #advance(text: string): StreamedPiece {
    if (text.startsWith(this.#sent)) {
      const piece = text.slice(this.#sent.length);
      this.#sent = text;
      return piece;
    }
    return this.#sent.startsWith(text) ? '' : undefined;
  }
}
