import type { Readable } from 'node:stream';
import type { JsonRecord } from '../json-shape.ts';
import type { Exchange } from './exchange.ts';
import { EventTooLargeError, type SseEvent, SseFramer } from './sse-framer.ts';

/** Limits that keep a hostile or broken endpoint from filling the memory. */
export const bodyLimits = {
  maxEventCharacters: 8 * 1024 * 1024,
  maxBodyBytes: 128 * 1024 * 1024,
  maxErrorBytes: 256 * 1024,
};

/** How long the rest of a body may take after its end marker before its connection is given up instead of kept alive. */
const drainMs = 1_000;

/**
 * Reads an event stream and yields its sound events, those that arrived together at once. It never throws: on a failure
 * or a broken connection it notes that in `exchange` and ends, so that what came before is delivered.
 */
export async function* frameBody(
  body: Readable,
  exchange: Exchange,
): AsyncGenerator<readonly JsonRecord[], void, undefined> {
  const decoder = new TextDecoder();
  const framer = new SseFramer(bodyLimits.maxEventCharacters);
  let receivedBytes = 0;
  // A connection that breaks after we stopped reading, at a failure or at the end, must not end the process.
  body.on('error', () => {});
  try {
    // Leaving the loop must not destroy the body: after the end marker its connection is to be used again.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      receivedBytes += chunk.length;
      if (receivedBytes > bodyLimits.maxBodyBytes) throw new EventTooLargeError('The answer is too large.');
      const events = acceptAll(framer.push(decoder.decode(chunk, { stream: true })), exchange);
      if (events.length > 0) yield events;
      if (exchange.failure) return;
      if (exchange.isEndMarkerSeen) {
        drain(body, exchange);
        return;
      }
    }
    exchange.isFree = true;
    const last = acceptLast(framer, exchange);
    if (last) yield [last];
  } catch (error) {
    if (error instanceof EventTooLargeError) exchange.fail({ type: 'malformed', message: error.message });
    else exchange.bodyError = error;
  } finally {
    exchange.release();
  }
}

function acceptAll(events: readonly SseEvent[], exchange: Exchange): readonly JsonRecord[] {
  const accepted: JsonRecord[] = [];
  for (const event of events) {
    const sound = exchange.accept(event);
    if (sound) accepted.push(sound);
    if (exchange.failure || exchange.isEndMarkerSeen) break;
  }
  return accepted;
}

/** An event without its blank line counts when it is whole; otherwise it is the stump of a cut stream, not garbage. */
function acceptLast(framer: SseFramer, exchange: Exchange): JsonRecord | undefined {
  const last = framer.end();
  if (!last) return undefined;
  if (last.data.trim() !== '[DONE]') {
    try {
      JSON.parse(last.data);
    } catch {
      return undefined;
    }
  }
  return exchange.accept(last);
}

/** Lets the body end by itself, so that its connection can be used again, but not for long. */
function drain(body: Readable, exchange: Exchange): void {
  exchange.isFree = true;
  if (body.readableEnded || body.destroyed) return;
  const timer = exchange.clock.startTimer(drainMs, () => exchange.close());
  body.once('close', () => timer.cancel());
  body.resume();
}
