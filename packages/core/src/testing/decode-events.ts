import type { DecoderProgress, StreamDecoder } from '../providers/index.ts';
import type { StreamPart } from '../spec/index.ts';

/** Feeds events to a decoder and answers all its parts and where it stands at the end. */
export function decodeEvents<State extends DecoderProgress>(decoder: StreamDecoder<State>, events: readonly unknown[]) {
  let state = decoder.initial;
  const parts: StreamPart[] = [];
  for (const event of events) {
    const step = decoder.reduce(state, event);
    state = step.state;
    parts.push(...step.parts);
  }
  const { reason, usage, failure, warnings } = state as DecoderProgress;
  return { parts, reason, usage, failure, ...(warnings && { warnings }) };
}
