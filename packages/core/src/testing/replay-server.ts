import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A whole HTTP answer as bytes. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How to send an answer: cut into pieces of `pieceBytes`, and broken off after `cutAtByte` bytes. */
export interface ReplayOptions {
  readonly pieceBytes?: number;
  readonly cutAtByte?: number;
  /** How the connection ends at the cut: an orderly close, or a reset. */
  readonly cutMode?: 'fin' | 'rst';
}

/** A local server under the control of a test. */
export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startTestServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestServer> {
  const server = createServer({ noDelay: true }, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Stands between adapter and simulator and keeps the last answer. */
export async function startRecorder(targetUrl: string): Promise<TestServer & { last(): RecordedAnswer }> {
  let last: RecordedAnswer | undefined;
  const server = await startTestServer((incoming, response) => {
    const outgoing = request(
      targetUrl + incoming.url,
      { method: incoming.method, headers: { ...incoming.headers, host: new URL(targetUrl).host } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const headers = Object.fromEntries(
            Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
          );
          delete headers['transfer-encoding'];
          delete headers['content-length'];
          delete headers.connection;
          last = { status: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks) };
          response.writeHead(last.status, last.headers).end(last.body);
        });
      },
    );
    incoming.pipe(outgoing);
  });
  return {
    ...server,
    last() {
      if (!last) throw new Error('Nothing was recorded.');
      return last;
    },
  };
}

/** Sends one recorded answer again and again, as `options()` says at that moment. */
export function startReplay(answer: RecordedAnswer, options: () => ReplayOptions): Promise<TestServer> {
  return startTestServer((incoming, response) => {
    incoming.resume();
    incoming.on('end', () => void replay(answer, options(), response));
  });
}

async function replay(
  answer: RecordedAnswer,
  { pieceBytes, cutAtByte, cutMode }: ReplayOptions,
  response: ServerResponse,
): Promise<void> {
  response.on('error', () => {});
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  const body = answer.body.subarray(0, cutAtByte ?? answer.body.length);
  const step = pieceBytes ?? Math.max(1, body.length);
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    await new Promise<void>((resolve) => response.write(body.subarray(at, at + step), () => resolve()));
    if (pieceBytes !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
  if (cutAtByte === undefined) response.end();
  else if (cutMode === 'rst') response.socket?.resetAndDestroy();
  else response.socket?.destroySoon();
}
