import type { AnswerPiece } from '../generation/answer.ts';
import type { StreamEncoder } from '../protocols/chat-protocol.ts';
import type { Timing } from '../timing/draw-timing.ts';
import { cutConnection } from './cut-connection.ts';
import type { Exchange } from './exchange.ts';

const DEFAULT_AFTER_TOKENS = 20;
/** Headers come when the upstream has picked the request up, a little before the first token. */
const HEADERS_SHARE = 0.8;
const UNKNOWN_EVERY_PIECES = 5;
const GARBAGE_EVERY_MS = 50;
const YIELD_EVERY_PIECES = 16;

/** Waits between tokens; a `rate` fault paces in real time whatever the simulator's speed is. */
function createPacer(exchange: Exchange, timing: Timing): (tokens: number) => Promise<boolean> | boolean {
  const rate = exchange.fault('rate');
  const perSecond = rate?.tokensPerSecond ?? timing.tokensPerSecond * exchange.speed;
  if (perSecond === Number.POSITIVE_INFINITY) {
    let pieces = 0;
    return () =>
      ++pieces % YIELD_EVERY_PIECES === 0
        ? new Promise((resolve) => setImmediate(() => resolve(!exchange.closed)))
        : !exchange.closed;
  }
  let dueAt = performance.now();
  return (tokens) => {
    const jitter = rate ? 1 : Math.exp(0.35 * exchange.random.normal() - 0.06);
    dueAt += (1000 * tokens * jitter) / perSecond;
    const now = performance.now();
    if (dueAt < now - 1000) dueAt = now;
    return dueAt > now + 1 ? exchange.wait(dueAt - now) : !exchange.closed;
  };
}

/** Things that happen once, when enough tokens have gone out; each returns false when the stream is over. */
function plannedIncidents(
  exchange: Exchange,
  encoder: StreamEncoder,
): { afterTokens: number; happen: () => Promise<boolean> }[] {
  const incidents: { afterTokens: number; happen: () => Promise<boolean> }[] = [];
  const plan = (afterTokens: number | undefined, happen: () => Promise<boolean>): void => {
    incidents.push({ afterTokens: afterTokens ?? DEFAULT_AFTER_TOKENS, happen });
  };
  for (const fault of exchange.faults) {
    if (fault.kind === 'cut') {
      plan(fault.afterTokens, async () => {
        await cutConnection(exchange, fault.mode ?? 'fin');
        return false;
      });
    } else if (fault.kind === 'stall') {
      plan(fault.afterTokens, () => exchange.wait(fault.forMs ?? Number.POSITIVE_INFINITY));
    } else if (fault.kind === 'malformed') {
      plan(fault.afterTokens, async () => {
        do {
          if (!(await exchange.write(encoder.malformed()))) return false;
        } while (fault.fatal === true && (await exchange.wait(GARBAGE_EVERY_MS)));
        return fault.fatal !== true;
      });
    } else if (fault.kind === 'stream-error') {
      plan(fault.afterTokens, async () => {
        await exchange.write(encoder.error({ code: fault.code ?? 'overloaded', message: fault.message }));
        exchange.response.end();
        return false;
      });
    }
  }
  return incidents.sort((left, right) => left.afterTokens - right.afterTokens);
}

/** Streams the answer with the vendor's rhythm, or what the faults make of it. Returns when the answer ended or the client left. */
export async function playAnswer(
  exchange: Exchange,
  encoder: StreamEncoder,
  pieces: readonly AnswerPiece[],
  timing: Timing,
  headers: (processingMs: number) => Record<string, string>,
): Promise<void> {
  const { response, entry } = exchange;
  const startedAt = performance.now();
  const slow = exchange.fault('slow-first-token');
  if (slow === undefined && !(await exchange.waitScaled(timing.firstTokenMs * HEADERS_SHARE))) return;
  response.writeHead(200, headers(performance.now() - startedAt));
  response.flushHeaders();
  entry.status = 200;
  if (slow === undefined && !(await exchange.waitScaled(timing.firstTokenMs * (1 - HEADERS_SHARE)))) return;
  if (!(await exchange.write(encoder.open()))) return;
  if (slow !== undefined && !(await exchange.wait(slow.delayMs))) return;

  const pace = createPacer(exchange, timing);
  const incidents = plannedIncidents(exchange, encoder);
  const unknownEvents = exchange.fault('unknown-events') !== undefined;
  let sentTokens = 0;
  const meetIncidents = async (upToTokens: number): Promise<boolean> => {
    while (incidents[0] !== undefined && incidents[0].afterTokens <= upToTokens) {
      if (!(await incidents.shift()?.happen())) return false;
    }
    return true;
  };

  for (const [index, piece] of pieces.entries()) {
    if (incidents.length > 0 && !(await meetIncidents(sentTokens))) return;
    const extra = unknownEvents && index % UNKNOWN_EVERY_PIECES === 0 ? encoder.unknown() : '';
    if (!(await exchange.write(extra + encoder.piece(piece)))) return;
    sentTokens += piece.tokens;
    entry.tokensSent = Math.round(sentTokens);
    if (!(await pace(piece.tokens))) return;
  }
  // An incident planned for later than the answer is long happens at its end, before the finish reason.
  if (!(await meetIncidents(Number.POSITIVE_INFINITY))) return;
  if (!(await exchange.write(encoder.finish()))) return;
  const missingEnd = exchange.fault('missing-end');
  if (missingEnd?.hold === true) await exchange.wait(Number.POSITIVE_INFINITY);
  else response.end(missingEnd === undefined ? encoder.end() : undefined);
}
