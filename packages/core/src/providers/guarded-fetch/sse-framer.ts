/** One server-sent event. */
export interface SseEvent {
  readonly event: string | undefined;
  /** The data lines, joined by line feeds. */
  readonly data: string;
}

/** An event that is larger than allowed. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';
}

/**
 * Cuts text that arrives in arbitrary pieces into server-sent events (WHATWG HTML §9.2.6): LF, CR and CRLF end a line,
 * comments and unknown fields are dropped. The result does not depend on where the pieces were cut.
 */
export class SseFramer {
  readonly #maxEventCharacters: number;
  #buffer = '';
  #scannedTo = 0;
  #event: string | undefined;
  #data: string | undefined;

  constructor(maxEventCharacters: number) {
    this.#maxEventCharacters = maxEventCharacters;
  }

  /** Takes the next piece and answers the events it completes. Throws {@link EventTooLargeError}. */
  push(text: string): SseEvent[] {
    this.#buffer += text;
    const events: SseEvent[] = [];
    let lineStart = 0;
    for (;;) {
      const end = this.#findLineEnd(Math.max(lineStart, this.#scannedTo));
      if (end < 0) break;
      const isPair = this.#buffer[end] === '\r' && this.#buffer[end + 1] === '\n';
      this.#takeLine(this.#buffer.slice(lineStart, end), events);
      lineStart = end + (isPair ? 2 : 1);
      this.#scannedTo = 0;
    }
    this.#buffer = lineStart === 0 ? this.#buffer : this.#buffer.slice(lineStart);
    // A trailing CR may be half of CRLF: it is looked at again with the next piece.
    this.#scannedTo = this.#buffer.endsWith('\r') ? this.#buffer.length - 1 : this.#buffer.length;
    if (this.#buffer.length + (this.#data?.length ?? 0) > this.#maxEventCharacters)
      throw new EventTooLargeError('An event of the stream is too large.');
    return events;
  }

  /**
   * The end of the text. Answers the event that lacks its closing blank line, if there is one: it may be whole (some
   * servers omit the blank line) or cut, which only its reader can tell.
   */
  end(): SseEvent | undefined {
    const events: SseEvent[] = [];
    if (this.#buffer !== '') this.#takeLine(this.#buffer.replace(/\r$/, ''), events);
    this.#buffer = '';
    this.#scannedTo = 0;
    this.#takeLine('', events);
    return events[0];
  }

  #findLineEnd(from: number): number {
    const buffer = this.#buffer;
    const lineFeed = buffer.indexOf('\n', from);
    const carriageReturn = buffer.indexOf('\r', from);
    if (carriageReturn < 0 || (lineFeed >= 0 && lineFeed < carriageReturn)) return lineFeed;
    return carriageReturn === buffer.length - 1 ? -1 : carriageReturn;
  }

  #takeLine(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (this.#data !== undefined) events.push({ event: this.#event, data: this.#data });
      this.#data = undefined;
      this.#event = undefined;
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') return;
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.#event = value;
    else this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }
}
