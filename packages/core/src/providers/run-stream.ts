import type { Clock, Log, Timer } from '../kernel/index.ts';
import { type CallWarning, isContentPart, ProviderError, type StreamPart } from '../spec/index.ts';
import {
  callError,
  cancelledError,
  cutStreamError,
  type FailureContext,
  toProviderError,
} from './failures/to-provider-error.ts';
import type { Exchange } from './guarded-fetch/exchange.ts';
import { findRequestId } from './guarded-fetch/header-map.ts';
import { readRateLimits } from './guarded-fetch/rate-limit-headers.ts';
import type { JsonRecord } from './json-shape.ts';
import type { DecoderProgress, StreamDecoder } from './stream-decoder.ts';

/** How long a stream may stay open after its finish reason: for the usage, if that is still missing, or for its end. */
const waitForUsageMs = 2_000;
const waitForEndMs = 250;

export interface StreamRun<State extends DecoderProgress> {
  readonly exchange: Exchange;
  readonly context: FailureContext;
  readonly log: Log;
  readonly decoder: StreamDecoder<State>;
  readonly warnings: readonly CallWarning[];
  /** Sends the request through the SDK; the events of the answer are then in `exchange`. */
  readonly open: () => Promise<void>;
}

/**
 * The one shell of all adapters: opens the exchange, feeds the decoder, and turns every way in which a stream can end
 * into exactly one terminal part (or, before the first content part, into a thrown `ProviderError`).
 */
export async function* runStream<State extends DecoderProgress>(
  run: StreamRun<State>,
  signal: AbortSignal,
): AsyncGenerator<StreamPart, void, undefined> {
  const { exchange, context, decoder } = run;
  let state = decoder.initial;
  let hasContent = false;
  let hasToolCall = false;
  let iterator: AsyncIterator<readonly JsonRecord[]> | undefined;
  const patience = new Patience(exchange.clock);
  if (signal.aborted) throw cancelledError(exchange, context);
  const onAbort = () => exchange.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    let error: unknown;
    try {
      await run.open();
      yield { type: 'stream-start', warnings: run.warnings };
      const metadata = metadataOf(exchange);
      if (metadata) yield metadata;
      iterator = exchange.events?.[Symbol.asyncIterator]();
      while (iterator) {
        const next = state.reason ? await patience.wait(iterator.next(), state) : await iterator.next();
        if (!next || next.done) break;
        for (const event of next.value) {
          const step = decoder.reduce(state, event);
          state = step.state;
          for (const part of step.parts) {
            if (isContentPart(part)) hasContent = true;
            if (part.type === 'tool-call') hasToolCall = true;
            yield part;
          }
        }
      }
    } catch (thrown) {
      error = thrown;
    }
    if (signal.aborted) error = cancelledError(exchange, context);
    else if (exchange.failure) error = toProviderError(exchange, error, context);
    else if (state.failure) error = callError(context, state.failure.kind, state.failure.message, state.failure.code);
    // A text with a gap shows it; a tool call whose arguments lost a piece would be carried out.
    else if (state.reason && exchange.warnings.length > 0 && (hasToolCall || state.reason.unified === 'tool-calls'))
      error = callError(context, 'invalid-response', 'An event was lost in an answer that calls a tool.');
    else if (state.reason) {
      const warnings = [...exchange.warnings, ...(state.warnings ?? [])];
      yield { type: 'stream-end', reason: state.reason, usage: state.usage, ...(warnings.length > 0 && { warnings }) };
      return;
    } else error = error === undefined ? cutStreamError(exchange, context) : toProviderError(exchange, error, context);
    // Some vendors (OpenRouter) report the usage beside the error.
    if (exchange.failure?.type === 'in-band') state = decoder.reduce(state, exchange.failure.body).state;
    logFailure(run, error);
    if (!hasContent) throw error;
    yield { type: 'stream-error', error: error as ReturnType<typeof cutStreamError>, usage: state.usage };
  } finally {
    signal.removeEventListener('abort', onAbort);
    patience.end();
    exchange.release();
    // Not awaited: it may wait for a connection that hangs; the released exchange ends it.
    iterator?.return?.()?.catch(() => {});
  }
}

/** Ordinary failures belong to dispatch; what an operator must learn of the wire itself is said here. */
function logFailure(
  { log, context, exchange }: Pick<StreamRun<DecoderProgress>, 'log' | 'context' | 'exchange'>,
  error: unknown,
): void {
  if (!(error instanceof ProviderError) || error.kind !== 'invalid-response') return;
  const cause = exchange.bodyError instanceof Error ? context.redact(exchange.bodyError.message) : undefined;
  log.warn(
    { ...error.details, ...(cause !== undefined && { cause }) },
    'A provider gave an answer that cannot be used.',
  );
}

/** Waits for what may follow a complete answer, but only for a bounded time in all. */
class Patience {
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #timeout: Promise<undefined> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers `next`, or undefined when the time is over. */
  wait<Value>(next: Promise<Value>, { usage }: DecoderProgress): Promise<Value | undefined> {
    if (!this.#timeout) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const waitMs = usage.outputTokens === undefined ? waitForUsageMs : waitForEndMs;
      this.#timer = this.#clock.startTimer(waitMs, () => resolve(undefined));
      this.#timeout = promise;
    }
    return Promise.race([next, this.#timeout]);
  }

  end(): void {
    this.#timer?.cancel();
  }
}

function metadataOf(exchange: Exchange): StreamPart | undefined {
  const providerRequestId = findRequestId(exchange.headers);
  const rateLimits = readRateLimits(exchange.headers, exchange.clock.nowMs());
  if (providerRequestId === undefined && rateLimits.length === 0) return undefined;
  return {
    type: 'response-metadata',
    ...(providerRequestId !== undefined && { providerRequestId }),
    ...(rateLimits.length > 0 && { rateLimits }),
  };
}
