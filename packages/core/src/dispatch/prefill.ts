import { estimateTokens } from '../catalog/index.ts';
import type { ModelCall } from '../spec/index.ts';

/**
 * The part of `text` that is sent as a prefill: vendors refuse one that ends with white space. The rest was passed on
 * to the reader all the same; see {@link WhitespaceSeam}.
 */
export function toPrefill(text: string): string {
  return text.trimEnd();
}

/**
 * The call that lets a model write on after `prefill`; an assistant message that stands last already is extended. What
 * has been written counts against `maxOutputTokens` (by estimate); at least one token is left.
 */
export function continueCall(call: ModelCall, prefill: string): ModelCall {
  const part = { type: 'text' as const, text: prefill };
  const last = call.messages.at(-1);
  const messages: ModelCall['messages'] =
    last?.role === 'assistant'
      ? [...call.messages.slice(0, -1), { ...last, content: [...last.content, part] }]
      : [...call.messages, { role: 'assistant', content: [part] }];
  if (call.maxOutputTokens === undefined) return { ...call, messages };
  return { ...call, messages, maxOutputTokens: Math.max(1, call.maxOutputTokens - estimateTokens(prefill)) };
}

/** Joins a continuation to text whose final white space was not part of the prefill, so that it does not come twice. */
export class WhitespaceSeam {
  #expected: string;

  constructor(text: string) {
    this.#expected = text.slice(toPrefill(text).length);
  }

  /** The part of the next delta that the reader has not seen yet. */
  join(delta: string): string {
    let seen = 0;
    while (seen < delta.length && seen < this.#expected.length && delta[seen] === this.#expected[seen]) seen += 1;
    // Over with the first character that differs.
    this.#expected = seen < delta.length ? '' : this.#expected.slice(seen);
    return delta.slice(seen);
  }
}
