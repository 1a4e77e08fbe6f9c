import type { Exchange } from './exchange/exchange.ts';
import { asRecord } from './json-value.ts';

interface FixedAnswer {
  body: Buffer;
  contentType: string;
  outputTokens: number;
}

/** Answers encoded once and sent many times: the upstream of benchmarks. */
export interface FixedAnswers {
  /** Sends the stored answer for requests of this shape; false when there is none yet. */
  send(
    exchange: Exchange,
    requestBody: unknown,
    settingsVersion: number,
    headers: () => Record<string, string>,
  ): boolean;
  store(exchange: Exchange, requestBody: unknown, answer: FixedAnswer): void;
}

/** Requests that get the same bytes: same path, model and kind of answer. */
function shapeOf(exchange: Exchange, requestBody: unknown): string {
  const { model, stream, stream_options: options } = asRecord(requestBody);
  return `${exchange.url.pathname}${exchange.url.search} ${model} ${stream} ${asRecord(options).include_usage}`;
}

export function createFixedAnswers(): FixedAnswers {
  const answers = new Map<string, FixedAnswer>();
  let storedVersion = -1;
  return {
    send(exchange, requestBody, settingsVersion, headers) {
      if (settingsVersion !== storedVersion) {
        answers.clear();
        storedVersion = settingsVersion;
      }
      const answer = answers.get(shapeOf(exchange, requestBody));
      if (answer === undefined) return false;
      const { entry, response } = exchange;
      entry.status = 200;
      entry.firstByteAt = Date.now();
      entry.tokensSent = answer.outputTokens;
      response.writeHead(200, {
        'content-type': answer.contentType,
        'content-length': answer.body.length,
        ...headers(),
      });
      response.end(answer.body);
      return true;
    },
    store(exchange, requestBody, answer) {
      answers.set(shapeOf(exchange, requestBody), answer);
    },
  };
}
