import { splitModelId } from '../../catalog/index.ts';
import type { PreparedCall } from '../run/prepare-call.ts';
import type { RunError } from '../run/run-fact.ts';
import type { CallEnd, ModelCaller } from '../run/run-ports.ts';

/** What a model says to a call: a text, or how it fails. */
export type ScriptedAnswer =
  | string
  | { readonly error: RunError; readonly isTransient?: boolean; readonly needsApproval?: true }
  | { readonly text: string; readonly rating: number };

export type Script = (prepared: PreparedCall) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** The text of the last message of the user. */
export function promptOf({ messages }: PreparedCall): string {
  const asked = messages.findLast((message) => message.role === 'user');
  return (asked?.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** How a call ends whose model says `answer`; each costs 1,000 nano-dollars. */
export function endWith(prepared: PreparedCall, answer: ScriptedAnswer): CallEnd {
  const modelId = prepared.models[0]?.model ?? 'simulated/model';
  const providerId = splitModelId(modelId)?.providerId ?? 'simulated';
  const usage = { inputTokens: 10, outputTokens: 5 };
  const spend = [{ providerId, calls: 1, usage, costNanoUsd: '1000' }];
  if (typeof answer === 'object' && 'error' in answer) {
    const { error, isTransient = false, needsApproval } = answer;
    return { type: 'failed', error, isTransient, spend, ...(needsApproval && { needsApproval }) };
  }
  const [text, rating] = typeof answer === 'string' ? [answer, undefined] : [answer.text, answer.rating];
  return {
    type: 'answered',
    spend,
    answer: {
      text,
      providerId,
      modelId,
      finishReason: { unified: 'stop' },
      latencyMs: 1,
      retries: 0,
      ...(rating !== undefined && { rating }),
    },
  };
}

/** Answers as a script says and remembers what was asked. */
export class ScriptedCaller implements ModelCaller {
  readonly calls: PreparedCall[] = [];
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  async call(prepared: PreparedCall, _onProgress: unknown, signal: AbortSignal): Promise<CallEnd> {
    this.calls.push(prepared);
    const answer = await this.#script(prepared);
    if (!signal.aborted) return endWith(prepared, answer);
    return { type: 'failed', error: { code: 'CALL.STOPPED', message: 'Stopped.' }, isTransient: false, spend: [] };
  }
}
