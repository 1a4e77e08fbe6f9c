import type { ChainEvent, ChainPolicy, DispatchTarget } from '@switchyard/core/dispatch';
import { isContentPart, type StreamPart } from '@switchyard/core/spec';
import type { ChatCall } from '../../features/completions/chat-call.ts';
import { ChatChunks } from '../../features/completions/chat-chunks.ts';
import type { ChatEnvelope } from '../../features/completions/chat-facts.ts';
import { watchIdentity } from '../watch-identity.ts';
import { EventStream } from './event-stream.ts';
import { wrongKey } from './key-failures.ts';
import type { OpenAiExchange } from './openai-exchange.ts';
import { encodeFailure, fromChainOutcome, respondFailure } from './openai-failure.ts';
import { outcomeHeaders, targetHeaders } from './target-headers.ts';

const keyEnded = new Error('The API key has ended.');

/**
 * Streams one answer as it is written. Nothing is sent before the first content part, so that a failure until then has
 * its own status; a failure after it is an event, and the stream then ends without `[DONE]`. A stream of this format
 * cannot take back what it sent: an answer that breaks off is continued by a model that can, or fails.
 */
export async function streamChatCompletion(
  { services, response, credential, identity }: OpenAiExchange,
  { resolution, policy, run }: ChatCall,
  envelope: ChatEnvelope,
  includesUsage: boolean,
  stop: AbortController,
): Promise<void> {
  const { clock, dispatcher, identities } = services;
  // Sooner than the call's own idle deadline, so that a client that stops reading is not blamed on the provider.
  const stream = new EventStream(response, clock, dispatcher.chain.deadlines.idleMs * 0.8);
  const chunks = new ChatChunks(envelope, includesUsage);
  let target: DispatchTarget = resolution.targets[0];
  let model = target.vendorModelId;
  const begin = (): readonly object[] => {
    if (stream.hasBegun) return [];
    stream.begin(targetHeaders(target));
    return [chunks.begin(model)];
  };
  const onPart = (part: StreamPart) => {
    if (part.type === 'response-metadata' && part.servedModel !== undefined) model = part.servedModel;
    if (!isContentPart(part) || response.destroyed) return undefined;
    const first = begin();
    const chunk = chunks.encode(part, model);
    return chunk && stream.send(...first, chunk);
  };
  const onEvent = (event: ChainEvent) => {
    if (event.type !== 'attempt-started') return;
    target = resolution.targets.find(({ modelId }) => modelId === event.modelId) ?? target;
    model = target.vendorModelId;
  };
  const onReset = () => {
    throw new Error('A stream that cannot be voided was reset.');
  };
  const stopWatching = watchIdentity(identities, clock, credential, () => stop.abort(keyEnded), identity);
  try {
    const outcome = await run({ onPart, onReset, onEvent }, stop.signal, streamPolicy(policy));
    if (response.destroyed) return;
    const { record, warnings, error } = outcome;
    if (!error && record) {
      stream.complete(...begin(), ...chunks.finish(model, outcome, warnings));
      return;
    }
    const failure = stop.signal.reason === keyEnded ? wrongKey : fromChainOutcome(outcome);
    if (stream.hasBegun) stream.fail(encodeFailure(failure));
    else respondFailure(response, failure, outcomeHeaders(outcome));
  } finally {
    stopWatching();
  }
}

/** What was sent cannot be taken back: continue where `restart` was wished. */
function streamPolicy({ delivery }: ChainPolicy): Partial<ChainPolicy> {
  return { canReset: false, delivery: delivery === 'restart' ? 'continue' : delivery };
}
