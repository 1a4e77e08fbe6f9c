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
  /** Pieces of a line whose end has not come; joined only then, or a huge line would be copied once per piece. */
  #pieces: string[] = [];
  #pendingCharacters = 0;
  #event: string | undefined;
  #data: string | undefined;

  constructor(maxEventCharacters: number) {
    this.#maxEventCharacters = maxEventCharacters;
  }

  /** Takes the next piece and answers the events it completes. Throws {@link EventTooLargeError}. */
  push(text: string): SseEvent[] {
    const events: SseEvent[] = [];
    // A CR at the end of the last piece may be half of CRLF: it waits for this piece.
    const isWaitingForLineFeed = this.#pieces.at(-1)?.endsWith('\r') ?? false;
    if (isWaitingForLineFeed || text.includes('\n') || text.includes('\r')) {
      const buffer = this.#pieces.length === 0 ? text : this.#pieces.join('') + text;
      this.#keep(this.#takeLines(buffer, events));
    } else if (text !== '') {
      this.#pieces.push(text);
      this.#pendingCharacters += text.length;
    }
    if (this.#pendingCharacters + (this.#data?.length ?? 0) > this.#maxEventCharacters) {
      throw new EventTooLargeError('An event of the stream is too large.');
    }
    return events;
  }

  /**
   * The end of the text. Answers the event that lacks its closing blank line, if there is one: it may be whole (some
   * servers omit the blank line) or cut, which only its reader can tell.
   */
  end(): SseEvent | undefined {
    const events: SseEvent[] = [];
    const rest = this.#pieces.join('');
    if (rest !== '') this.#takeLine(rest.replace(/\r$/, ''), events);
    this.#keep('');
    this.#takeLine('', events);
    return events[0];
  }

  #keep(rest: string): void {
    this.#pieces = rest === '' ? [] : [rest];
    this.#pendingCharacters = rest.length;
  }

  /** Takes every line that is surely at its end and answers the rest. */
  #takeLines(buffer: string, events: SseEvent[]): string {
    let lineStart = 0;
    for (;;) {
      const end = findLineEnd(buffer, lineStart);
      if (end < 0) return lineStart === 0 ? buffer : buffer.slice(lineStart);
      this.#takeLine(buffer.slice(lineStart, end), events);
      lineStart = end + (buffer[end] === '\r' && buffer[end + 1] === '\n' ? 2 : 1);
    }
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

/** Position of the line end from `from` on; -1 when there is none, or only a CR that ends the text. */
function findLineEnd(buffer: string, from: number): number {
  const lineFeed = buffer.indexOf('\n', from);
  const carriageReturn = buffer.indexOf('\r', from);
  if (carriageReturn < 0 || (lineFeed >= 0 && lineFeed < carriageReturn)) return lineFeed;
  return carriageReturn === buffer.length - 1 ? -1 : carriageReturn;
}
