import {
  isContentPart,
  type ModelAdapter,
  type ModelCall,
  ProviderError,
  type StreamPart,
  type Usage,
} from '../spec/index.ts';

/** Everything one call gave: its parts, and the error it threw, if it threw. */
export interface ReadResult {
  readonly parts: readonly StreamPart[];
  readonly thrown?: unknown;
}

/** Plays one call to its end and keeps the parts; never throws. */
export async function readParts(
  adapter: ModelAdapter,
  call: ModelCall,
  signal: AbortSignal = new AbortController().signal,
): Promise<ReadResult> {
  const parts: StreamPart[] = [];
  try {
    for await (const part of adapter.stream(call, signal)) parts.push(part);
    return { parts };
  } catch (thrown) {
    return { parts, thrown };
  }
}

/** The call's outcome in one comparable value, with deltas joined per block. */
export function summarise({ parts, thrown }: ReadResult) {
  const terminal = parts.filter((part) => part.type === 'stream-end' || part.type === 'stream-error');
  const end =
    parts.at(-1)?.type === 'stream-end' ? (parts.at(-1) as Extract<StreamPart, { type: 'stream-end' }>) : undefined;
  const error = thrown ?? parts.find((part) => part.type === 'stream-error')?.error;
  return {
    text: joined(parts, 'text-delta'),
    reasoning: joined(parts, 'reasoning-delta'),
    toolCalls: parts.filter((part) => part.type === 'tool-call').map(({ toolName, input }) => ({ toolName, input })),
    reason: end?.reason,
    usage: (end?.usage ?? parts.find((part) => part.type === 'stream-error')?.usage) as Usage | undefined,
    warnings: [
      ...parts.flatMap((part) => (part.type === 'stream-start' ? part.warnings : [])),
      ...(end?.warnings ?? []),
    ].map((warning) => warning.type),
    isComplete: end !== undefined,
    errorKind:
      error instanceof ProviderError
        ? error.kind
        : error === undefined
          ? undefined
          : `not a ProviderError: ${String(error)}`,
    isThrown: thrown !== undefined,
    hasContent: parts.some(isContentPart),
    terminalParts: terminal.length,
  };
}

function joined(parts: readonly StreamPart[], type: 'text-delta' | 'reasoning-delta'): string {
  return parts.map((part) => (part.type === type ? part.delta : '')).join('');
}

/** A user's question as a call. */
export function ask(model: string, text: string, more: Partial<ModelCall> = {}): ModelCall {
  return { model, messages: [{ role: 'user', content: [{ type: 'text', text }] }], ...more };
}
