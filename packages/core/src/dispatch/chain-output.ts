import { isContentPart, type StreamPart } from '../spec/index.ts';
import type { DeliveryMode } from './chain-policy.ts';
import { toPrefill, WhitespaceSeam } from './prefill.ts';

type Pause = void | Promise<void>;

/** Where a chain's output goes. A promise holds the stream back until it settles. */
export interface OutputSink {
  part(part: StreamPart): Pause;
  /** Everything passed on so far is void; `voidedLength` is its text's length. */
  reset(voidedLength: number): Pause;
}

/**
 * What a reader has seen, and what of an attempt may be shown to him. Parts before the first content of an attempt are
 * kept back, so that a failed try leaves no trace. What an earlier attempt had passed on is voided only when the next
 * one has something in its place: until then, and when everything fails, the reader keeps the partial text.
 */
export class ChainOutput {
  readonly #mode: DeliveryMode;
  readonly #sink: OutputSink;
  #waiting: StreamPart[] = [];
  #aside: StreamPart[] = [];
  #seam: WhitespaceSeam | undefined;
  #isContinuation = false;
  #isFlowing = false;
  #hasOutput = false;
  #hasToolCall = false;
  #text = '';
  #textLength = 0;

  constructor(mode: DeliveryMode, sink: OutputSink) {
    this.#mode = mode;
    this.#sink = sink;
  }

  /** Whether the present attempt has passed content on. */
  get isFlowing(): boolean {
    return this.#isFlowing;
  }

  /** Whether the reader has content that stands. */
  get hasOutput(): boolean {
    return this.#hasOutput;
  }

  /** The text so far as a prefill, without final white space; empty when there is none or when more than text was seen. */
  get prefill(): string {
    return this.#hasToolCall ? '' : toPrefill(this.#text);
  }

  /** A new attempt begins: from scratch, or writing on after {@link prefill}. */
  begin(isContinuation: boolean): void {
    this.#waiting = [];
    this.#isFlowing = false;
    this.#isContinuation = isContinuation;
    this.#seam = isContinuation ? new WhitespaceSeam(this.#text) : undefined;
  }

  /** Takes the next part of the present attempt. */
  take(part: StreamPart): Pause {
    if (this.#isFlowing) return this.#pass(part);
    this.#waiting.push(part);
    if (this.#mode !== 'hold-back' && isContentPart(part)) return this.#release();
  }

  /** The present attempt is complete: passes on what still waits. */
  async finish(): Promise<void> {
    if (!this.#isFlowing) await this.#release();
  }

  /** The present attempt is complete but a better one is sought: what still waits is kept in case there is none. */
  keepAside(): void {
    this.#aside = this.#isFlowing ? [] : this.#waiting;
  }

  /** Nothing better was found, and nothing was passed on since {@link keepAside}: passes on what was kept. */
  async restore(): Promise<void> {
    if (this.#aside.length === 0) return;
    this.begin(false);
    this.#waiting = this.#aside;
    this.#aside = [];
    await this.#release();
  }

  async #release(): Promise<void> {
    this.#isFlowing = true;
    if (this.#hasOutput && !this.#isContinuation) await this.#void();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const part of waiting) {
      const pause = this.#pass(part);
      if (pause) await pause;
    }
  }

  #void(): Pause {
    const voidedLength = this.#textLength;
    this.#hasOutput = false;
    this.#hasToolCall = false;
    this.#text = '';
    this.#textLength = 0;
    return this.#sink.reset(voidedLength);
  }

  #pass(part: StreamPart): Pause {
    // A continued answer is one stream and has begun already.
    if (part.type === 'stream-start' && this.#isContinuation) return;
    if (part.type !== 'text-delta') {
      if (isContentPart(part)) this.#hasOutput = true;
      if (part.type === 'tool-call') this.#hasToolCall = true;
      return this.#sink.part(part);
    }
    const delta = this.#seam ? this.#seam.join(part.delta) : part.delta;
    if (delta === '' && part.delta !== '') return;
    this.#hasOutput = true;
    this.#textLength += delta.length;
    if (this.#mode === 'continue') this.#text += delta;
    return this.#sink.part(delta === part.delta ? part : { ...part, delta });
  }
}
