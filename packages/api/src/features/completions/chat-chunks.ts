import type { ChainOutcome } from '@switchyard/core/dispatch';
import type { CallWarning, StreamPart } from '@switchyard/core/spec';
import { type ChatEnvelope, encodeChatFacts } from './chat-facts.ts';
import { encodeChatFinish } from './chat-finish.ts';
import { encodeChatToolCall } from './chat-tool-call.ts';
import { encodeChatUsage } from './chat-usage.ts';

/** Clients that only look at text have it already; this tells the others that it was a refusal. */
const refusalNotice = 'The model refused to answer.';

/** Writes the parts of one answer as `chat.completion.chunk` objects. */
export class ChatChunks {
  readonly #envelope: ChatEnvelope;
  readonly #includesUsage: boolean;
  #toolCallCount = 0;

  constructor(envelope: ChatEnvelope, includesUsage: boolean) {
    this.#envelope = envelope;
    this.#includesUsage = includesUsage;
  }

  /** The first chunk, which names the role. */
  begin(model: string): object {
    return this.#chunk(model, { role: 'assistant', content: '' });
  }

  /** The chunk of a content part; undefined for parts that readers of this format do not see. */
  encode(part: StreamPart, model: string): object | undefined {
    switch (part.type) {
      case 'text-delta':
        return this.#chunk(model, { content: part.delta });
      case 'reasoning-delta':
        return this.#chunk(model, { reasoning_content: part.delta });
      case 'tool-call': {
        const index = this.#toolCallCount++;
        return this.#chunk(model, { tool_calls: [{ index, ...encodeChatToolCall(part) }] });
      }
      default:
        return undefined;
    }
  }

  /** The last chunks of a complete answer: how it ended and, when asked for, usage and cost. */
  finish(model: string, outcome: ChainOutcome, warnings: readonly CallWarning[]): readonly object[] {
    const { record } = outcome;
    const isRefusal = record?.finishReason?.unified === 'refusal';
    const end = this.#chunk(model, isRefusal ? { refusal: refusalNotice } : {}, encodeChatFinish(record?.finishReason));
    if (!this.#includesUsage) return [end];
    const usage = {
      ...this.#head(model),
      choices: [],
      usage: encodeChatUsage(record?.usage ?? {}) ?? null,
      switchyard: encodeChatFacts(outcome, warnings),
    };
    return [end, usage];
  }

  #chunk(model: string, delta: object, finish: object = { finish_reason: null }): object {
    return {
      ...this.#head(model),
      choices: [{ index: 0, delta, logprobs: null, ...finish }],
      ...(this.#includesUsage && { usage: null }),
    };
  }

  #head(model: string) {
    return { ...this.#envelope, object: 'chat.completion.chunk' as const, model };
  }
}
