import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '@switchyard/core/kernel';

/** Writes server-sent events; a reader that does not read for too long is disconnected. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #patienceMs: number;

  constructor(response: ServerResponse, clock: Clock, patienceMs: number) {
    this.#response = response;
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  get hasBegun(): boolean {
    return this.#response.headersSent;
  }

  begin(headers: Readonly<Record<string, string>>): void {
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      ...headers,
    });
  }

  /** Sends events in one go. The promise, if there is one, settles when the reader has room again or is gone. */
  send(...events: readonly object[]): Promise<void> | undefined {
    const response = this.#response;
    if (response.destroyed || response.write(events.map(format).join(''))) return undefined;
    return new Promise((resolve) => {
      let patience: Timer | undefined;
      const settle = () => {
        patience?.cancel();
        response.off('drain', settle);
        response.off('close', settle);
        resolve();
      };
      patience = this.#clock.startTimer(this.#patienceMs, () => response.destroy());
      response.once('drain', settle);
      response.once('close', settle);
    });
  }

  /** Sends lines that clients skip: news for people who watch, and a sign of life for proxies. */
  comment(text: string): void {
    if (!this.#response.destroyed) this.#response.write(`: ${text.replaceAll(/[\r\n]+/g, ' ')}\n\n`);
  }

  /** Ends with OpenAI's mark of a complete answer. */
  complete(...events: readonly object[]): void {
    this.#response.end(`${events.map(format).join('')}data: [DONE]\n\n`);
  }

  /** Ends without it: clients must not take what they have for the whole. */
  fail(event: object): void {
    this.#response.end(format(event));
  }
}

function format(event: object): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
