import { isContentPart, type StreamPart } from '@switchyard/core/spec';
import type { ChatCall } from '../../features/completions/chat-call.ts';
import { ChatChunks } from '../../features/completions/chat-chunks.ts';
import type { ChatEnvelope } from '../../features/completions/chat-facts.ts';
import { watchIdentity } from '../watch-identity.ts';
import { EventStream } from './event-stream.ts';
import { wrongKey } from './key-failures.ts';
import type { OpenAiExchange } from './openai-exchange.ts';
import { encodeFailure, fromProviderError, respondFailure } from './openai-failure.ts';
import { targetHeaders } from './target-headers.ts';

const keyEnded = new Error('The API key has ended.');

/**
 * Streams one answer as it is written. Nothing is sent before the first content part, so that a failure until then has
 * its own status; a failure after it is an event, and the stream then ends without `[DONE]`.
 */
export async function streamChatCompletion(
  { services, response, credential }: OpenAiExchange,
  { target, run }: ChatCall,
  envelope: ChatEnvelope,
  includesUsage: boolean,
  stop: AbortController,
): Promise<void> {
  const { clock, dispatch, identities } = services;
  // Sooner than the call's own idle deadline, so that a client that stops reading is not blamed on the provider.
  const stream = new EventStream(response, clock, dispatch.deadlines.idleMs * 0.8);
  const chunks = new ChatChunks(envelope, includesUsage);
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
  const stopWatching = watchIdentity(identities, clock, credential, () => stop.abort(keyEnded));
  try {
    const { record, warnings, error } = await run(onPart, stop.signal);
    if (response.destroyed) return;
    if (!error) {
      stream.complete(...begin(), ...chunks.finish(model, record, warnings));
      return;
    }
    const failure = stop.signal.reason === keyEnded ? wrongKey : fromProviderError(error);
    if (stream.hasBegun) stream.fail(encodeFailure(failure));
    else respondFailure(response, failure, targetHeaders(target));
  } finally {
    stopWatching();
  }
}
