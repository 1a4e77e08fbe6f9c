import type { ChainOutcome } from '@switchyard/core/dispatch';
import type { CallWarning, CollectedToolCall, StreamPart } from '@switchyard/core/spec';
import { type ChatEnvelope, encodeChatFacts } from './chat-facts.ts';
import { encodeChatFinish } from './chat-finish.ts';
import { encodeChatToolCall } from './chat-tool-call.ts';
import { encodeChatUsage } from './chat-usage.ts';

/** Gathers the parts of one answer into a `chat.completion`. */
export class ChatCollector {
  #text = '';
  #reasoning = '';
  #toolCalls: CollectedToolCall[] = [];

  add(part: StreamPart): void {
    if (part.type === 'text-delta') this.#text += part.delta;
    else if (part.type === 'reasoning-delta') this.#reasoning += part.delta;
    else if (part.type === 'tool-call') this.#toolCalls.push(part);
  }

  /** What was gathered is void. */
  clear(): void {
    this.#text = '';
    this.#reasoning = '';
    this.#toolCalls = [];
  }

  /** The whole answer; `model` names the model that served it. */
  finish(envelope: ChatEnvelope, model: string, outcome: ChainOutcome, warnings: readonly CallWarning[]) {
    const { record } = outcome;
    const isRefusal = record?.finishReason?.unified === 'refusal';
    const usage = encodeChatUsage(record?.usage ?? {});
    return {
      ...envelope,
      object: 'chat.completion' as const,
      model,
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant' as const,
            content: isRefusal || (this.#text === '' && this.#toolCalls.length > 0) ? null : this.#text,
            refusal: isRefusal ? this.#text : null,
            ...(this.#reasoning !== '' && { reasoning_content: this.#reasoning }),
            ...(this.#toolCalls.length > 0 && { tool_calls: this.#toolCalls.map(encodeChatToolCall) }),
          },
          logprobs: null,
          ...encodeChatFinish(record?.finishReason),
        },
      ],
      ...(usage && { usage }),
      switchyard: encodeChatFacts(outcome, warnings),
    };
  }
}
