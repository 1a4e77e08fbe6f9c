import type { Clock } from '../../kernel/index.ts';
import type { CallWarning } from '../../spec/index.ts';
import { isRecord, type JsonRecord, parseJson } from '../json-shape.ts';
import type { HeaderMap } from './header-map.ts';
import type { SseEvent } from './sse-framer.ts';

/** What went wrong in an exchange, as the bytes told it. */
export type ExchangeFailure =
  /** An answer with a failing status; `body` is its JSON, if it is JSON. */
  | { readonly type: 'http'; readonly status: number; readonly body: unknown; readonly text: string }
  /** An error inside a stream that had begun with status 200. */
  | { readonly type: 'in-band'; readonly body: unknown }
  /** Garbage that is not just a one-off, or an answer that is no stream of events at all. */
  | { readonly type: 'malformed'; readonly message: string }
  /** No connection, or it broke before the headers. */
  | { readonly type: 'transport'; readonly error: unknown }
  /** The address policy, the origin binding or the redirect rule refused the request. */
  | { readonly type: 'refused'; readonly message: string };

/** One event that is not JSON is skipped; a second one means that the stream is garbage. */
const maxMalformedEvents = 1;

/** One object for all: making an error with its stack for every call costs more than the rest of closing. */
const closed = new Error('The exchange was closed.');

/** What one request and its answer are known to be, filled while they happen. Lives as long as one call of a model. */
export class Exchange {
  readonly clock: Clock;
  /** Whether the answer should be a stream of events; a whole JSON answer is then handed on as one event. */
  readonly expectsStream: boolean;
  readonly #abort = new AbortController();
  headers: HeaderMap = {};
  status: number | undefined;
  failure: ExchangeFailure | undefined;
  /** The body broke off; whether that matters depends on whether the answer was complete. */
  bodyError: unknown;
  /** `[DONE]` or `message_stop` went by: nothing follows that matters. */
  isEndMarkerSeen = false;
  readonly warnings: CallWarning[] = [];
  /** The sound events of a streamed answer, as they arrive together; set once its headers are there. */
  events: AsyncIterable<readonly JsonRecord[]> | undefined;
  /** The answer was read, or the rest of it is being read, so that its connection can be used again. */
  isFree = false;
  #malformedEvents = 0;

  constructor(clock: Clock, expectsStream: boolean) {
    this.clock = clock;
    this.expectsStream = expectsStream;
  }

  /** Aborts when the exchange is closed. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Closes the connection at once, if it is still busy with this exchange. Idempotent. */
  close(): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(closed);
  }

  /** Ends the exchange: closes the connection, except one that is about to become free by itself. */
  release(): void {
    if (!this.isFree) this.close();
  }

  /** Keeps the first failure: later ones are its consequences. */
  fail(failure: ExchangeFailure): void {
    this.failure ??= failure;
  }

  /** Judges one event and answers it parsed, or undefined when there is nothing to hand on. */
  accept({ event, data }: SseEvent): JsonRecord | undefined {
    if (data === '') return undefined;
    if (data.trim() === '[DONE]') {
      this.isEndMarkerSeen = true;
      return undefined;
    }
    const json = parseJson(data);
    if (!isRecord(json)) {
      this.#noteMalformed();
      return undefined;
    }
    if (isErrorEvent(event, json)) {
      this.fail({ type: 'in-band', body: json });
      return undefined;
    }
    const type = typeof json.type === 'string' ? json.type : undefined;
    if (type === 'message_stop') this.isEndMarkerSeen = true;
    return type === 'ping' ? undefined : json;
  }

  #noteMalformed(): void {
    this.#malformedEvents += 1;
    if (this.#malformedEvents > maxMalformedEvents) {
      this.fail({ type: 'malformed', message: 'The provider sent several events that are not JSON.' });
      return;
    }
    this.warnings.push({ type: 'malformed-event', message: 'One event of the stream was not JSON and was skipped.' });
  }
}

function isErrorEvent(event: string | undefined, json: Readonly<Record<string, unknown>>): boolean {
  if (event === 'error' || json.type === 'error' || isRecord(json.error)) return true;
  if (typeof json.error === 'string' && json.error !== '') return true;
  // Cohere's form: nothing but a message.
  return typeof json.message === 'string' && json.choices === undefined && json.type === undefined;
}
