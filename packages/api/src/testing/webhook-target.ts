import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedMessage {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A target of webhooks on this machine that keeps what it gets and answers as a test says. */
export interface WebhookTarget {
  readonly url: string;
  readonly received: ReceivedMessage[];
  /** Answers the next messages; 200 "ok" when absent. */
  answer: ((response: ServerResponse, message: ReceivedMessage) => void) | undefined;
  stop(): Promise<void>;
}

export async function startWebhookTarget(): Promise<WebhookTarget> {
  const received: ReceivedMessage[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const message = { path: request.url ?? '', headers: request.headers, body };
      received.push(message);
      if (target.answer) target.answer(response, message);
      else response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target: WebhookTarget = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return target;
}
