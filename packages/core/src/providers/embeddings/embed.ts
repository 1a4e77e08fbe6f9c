import { type CallWarning, type EmbeddingCall, type EmbeddingResult, ProviderError } from '../../spec/index.ts';
import { callError, cancelledError, type FailureContext, toProviderError } from '../failures/to-provider-error.ts';
import type { Exchange } from '../guarded-fetch/exchange.ts';
import type { GuardedFetch } from '../guarded-fetch/guarded-fetch.ts';
import { findRequestId } from '../guarded-fetch/header-map.ts';
import { readRateLimits } from '../guarded-fetch/rate-limit-headers.ts';
import type { JsonRecord } from '../json-shape.ts';
import type { DecodedEmbeddings, EmbeddingsProtocol, EncodedEmbeddings } from './embeddings-protocol.ts';
import { readVector } from './read-vector.ts';

/** What a connection brings to a call for vectors. */
export interface EmbedParts {
  readonly baseUrl: string;
  readonly fetch: GuardedFetch;
  readonly context: FailureContext;
  readonly protocol: EmbeddingsProtocol;
  /** What `protocol.check` said. */
  readonly warnings: readonly CallWarning[];
  createExchange(): Exchange;
}

/** Asks for the vectors of all inputs, in as many requests as the vendor needs. Throws `ProviderError`. */
export async function embed(parts: EmbedParts, call: EmbeddingCall, signal: AbortSignal): Promise<EmbeddingResult> {
  const { protocol, context } = parts;
  const vectors: Float32Array[] = [];
  let inputTokens: number | undefined = 0;
  let facts: Omit<EmbeddingResult, 'vectors' | 'usage' | 'warnings'> = {};
  for (let at = 0; at < call.inputs.length; at += protocol.maxInputs) {
    const inputs = call.inputs.slice(at, at + protocol.maxInputs);
    const { exchange, decoded } = await send(parts, protocol.encode(call, inputs), signal);
    const batch = decoded.vectors.map(readVector);
    const length = (vectors[0] ?? batch[0])?.length;
    if (batch.length !== inputs.length || !batch.every((vector) => vector !== undefined && vector.length === length))
      throw callError(
        context,
        'invalid-response',
        `The answer of ${context.displayName} does not hold one vector of numbers for each input.`,
      );
    vectors.push(...(batch as Float32Array[]));
    const told: number | undefined = decoded.usage.inputTokens;
    inputTokens = inputTokens === undefined || told === undefined ? undefined : inputTokens + told;
    facts = factsOf(exchange, decoded);
  }
  const usage = { outputTokens: 0, ...(inputTokens !== undefined && { inputTokens }) };
  return { vectors, usage, warnings: parts.warnings, ...facts };
}

async function send(
  parts: EmbedParts,
  { path, body }: EncodedEmbeddings,
  signal: AbortSignal,
): Promise<{ exchange: Exchange; decoded: DecodedEmbeddings }> {
  const { context, protocol } = parts;
  const exchange = parts.createExchange();
  if (signal.aborted) throw cancelledError(exchange, context);
  const onAbort = () => exchange.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await parts.fetch(exchange, parts.baseUrl.replace(/\/+$/, '') + path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await firstEvent(exchange);
    if (signal.aborted) throw cancelledError(exchange, context);
    const decoded = exchange.failure || !answer ? undefined : protocol.decode(answer);
    if (!decoded) throw toProviderError(exchange, new Error('it holds no vectors'), context);
    return { exchange, decoded };
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if (signal.aborted) throw cancelledError(exchange, context);
    throw toProviderError(exchange, error, context);
  } finally {
    signal.removeEventListener('abort', onAbort);
    exchange.release();
  }
}

/** The whole answer, which the guarded fetch hands on as one event. */
async function firstEvent(exchange: Exchange): Promise<JsonRecord | undefined> {
  for await (const [event] of exchange.events ?? []) return event;
  return undefined;
}

function factsOf(exchange: Exchange, { servedModel }: DecodedEmbeddings) {
  const providerRequestId = findRequestId(exchange.headers);
  const rateLimits = readRateLimits(exchange.headers, exchange.clock.nowMs());
  return {
    ...(servedModel !== undefined && { servedModel }),
    ...(providerRequestId !== undefined && { providerRequestId }),
    ...(rateLimits.length > 0 && { rateLimits }),
  };
}
