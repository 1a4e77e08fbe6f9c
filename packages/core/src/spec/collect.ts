import type { CallWarning } from './call-warning.ts';
import type { FinishReason } from './finish-reason.ts';
import type { StreamPart } from './stream-part.ts';
import type { Usage } from './usage.ts';

export interface CollectedToolCall {
  readonly id: string;
  readonly toolName: string;
  /** The JSON text the model wrote. */
  readonly input: string;
  /** Goes back to the vendor with the call; see `ToolCallPart`. */
  readonly vendorSignature?: string;
}

/** A whole answer. */
export interface ModelAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly CollectedToolCall[];
  readonly reason: FinishReason;
  readonly usage: Usage;
  readonly warnings: readonly CallWarning[];
  readonly providerRequestId?: string;
  readonly servedModel?: string;
}

/** Joins the parts of one stream into the whole answer. Throws the error of a `stream-error` part. */
export async function collect(parts: AsyncIterable<StreamPart>): Promise<ModelAnswer> {
  let text = '';
  let reasoning = '';
  const toolCalls: CollectedToolCall[] = [];
  const warnings: CallWarning[] = [];
  let metadata: { providerRequestId?: string; servedModel?: string } = {};
  for await (const part of parts) {
    switch (part.type) {
      case 'stream-start':
        warnings.push(...part.warnings);
        break;
      case 'response-metadata':
        metadata = {
          ...metadata,
          ...(part.providerRequestId === undefined ? {} : { providerRequestId: part.providerRequestId }),
          ...(part.servedModel === undefined ? {} : { servedModel: part.servedModel }),
        };
        break;
      case 'text-delta':
        text += part.delta;
        break;
      case 'reasoning-delta':
        reasoning += part.delta;
        break;
      case 'tool-call':
        toolCalls.push({
          id: part.id,
          toolName: part.toolName,
          input: part.input,
          ...(part.vendorSignature === undefined ? {} : { vendorSignature: part.vendorSignature }),
        });
        break;
      case 'stream-error':
        throw part.error;
      case 'stream-end':
        warnings.push(...(part.warnings ?? []));
        return { text, reasoning, toolCalls, reason: part.reason, usage: part.usage, warnings, ...metadata };
    }
  }
  throw new Error('The adapter broke its contract: its stream ended without a terminal part.');
}
