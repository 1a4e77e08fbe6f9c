import type { Timing } from '../timing/draw-timing.ts';
import { cutConnection } from './cut-connection.ts';
import type { Exchange } from './exchange.ts';

/**
 * Sends an answer that is not streamed, after the time it takes to generate it. Faults of the middle of a stream hit the
 * middle of the body: `cut` and `stall` after half the bytes, `malformed` breaks the JSON.
 */
export async function sendWhole(
  exchange: Exchange,
  body: string,
  outputTokens: number,
  hiddenReasoningTokens: number,
  timing: Timing,
  headers: (processingMs: number) => Record<string, string>,
): Promise<void> {
  const { response, entry } = exchange;
  const startedAt = performance.now();
  const rate = exchange.fault('rate');
  const generationMs =
    (1000 * (outputTokens - hiddenReasoningTokens)) / (rate?.tokensPerSecond ?? timing.tokensPerSecond);
  const slow = exchange.fault('slow-first-token');
  const head = (): void => {
    response.writeHead(200, {
      ...headers(performance.now() - startedAt),
      'content-length': String(Buffer.byteLength(sent)),
    });
    entry.status = 200;
  };
  const malformed = exchange.fault('malformed');
  const sent =
    malformed === undefined
      ? body
      : `${body.slice(0, body.length / 2)}\u0001<<<not json>>>${body.slice(body.length / 2)}`;
  if (slow !== undefined) {
    head();
    response.flushHeaders();
    if (!(await exchange.wait(slow.delayMs))) return;
  }
  if (!(await exchange.waitScaled(timing.firstTokenMs + (rate ? 0 : generationMs)))) return;
  if (rate !== undefined && !(await exchange.wait(generationMs))) return;
  if (!response.headersSent) head();

  const cut = exchange.fault('cut');
  const stall = exchange.fault('stall');
  if (cut !== undefined || stall !== undefined) {
    const half = Buffer.from(sent).subarray(0, Math.ceil(Buffer.byteLength(sent) / 2));
    if (!(await exchange.write(half))) return;
    if (cut !== undefined) return cutConnection(exchange, cut.mode ?? 'fin');
    if (!(await exchange.wait(stall?.forMs ?? Number.POSITIVE_INFINITY))) return;
    response.end(Buffer.from(sent).subarray(half.length));
  } else {
    entry.firstByteAt = Date.now();
    response.end(sent);
  }
  entry.tokensSent = outputTokens;
}
