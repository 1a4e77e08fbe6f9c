import { type Clock, sleep } from '../kernel/index.ts';
import {
  type ConnectionTestResult,
  isContentPart,
  type ModelAdapter,
  type ModelCall,
  ProviderError,
  type ProviderErrorKind,
  type StreamPart,
} from '../spec/index.ts';

/** One step of a scripted answer. `throw` becomes a thrown error or a `stream-error` part, as the contract demands. */
export type ScriptStep =
  | { readonly type: 'part'; readonly part: StreamPart }
  | { readonly type: 'wait'; readonly delayMs: number }
  /** Never answers until the call is aborted. */
  | { readonly type: 'hang' }
  | {
      readonly type: 'throw';
      readonly kind: ProviderErrorKind;
      readonly message?: string;
      readonly retryAfterMs?: number;
    };

/** What one call of the adapter plays. */
export type Script = readonly ScriptStep[];

/** Parts of a plain answer: `words` one delta each, then `stream-end` with the given usage. */
export function scriptText(words: readonly string[], usage = { inputTokens: 10, outputTokens: words.length }): Script {
  return [
    { type: 'part', part: { type: 'stream-start', warnings: [] } },
    ...words.map((delta): ScriptStep => ({ type: 'part', part: { type: 'text-delta', id: 'text', delta } })),
    { type: 'part', part: { type: 'stream-end', reason: { unified: 'stop', raw: 'stop' }, usage } },
  ];
}

/** An adapter that plays scripts, one per call; the last one repeats. It keeps the adapter contract. */
export class ScriptedAdapter implements ModelAdapter {
  readonly provider: string;
  /** Every call it got. */
  readonly calls: ModelCall[] = [];
  /** How many calls were aborted or left early. */
  abortedCalls = 0;
  readonly #scripts: readonly Script[];
  readonly #clock: Clock;

  constructor(options: { provider?: string; clock: Clock; scripts: readonly Script[] }) {
    this.provider = options.provider ?? 'scripted';
    this.#clock = options.clock;
    this.#scripts = options.scripts;
  }

  async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart, void, undefined> {
    this.calls.push(call);
    const script = this.#scripts[Math.min(this.calls.length, this.#scripts.length) - 1] ?? [];
    let hasContent = false;
    let isFinished = false;
    try {
      for (const step of script) {
        const error = await this.#perform(step, call, signal);
        if (error && !hasContent) throw error;
        if (error) {
          isFinished = true;
          yield { type: 'stream-error', error };
          return;
        }
        if (step.type !== 'part') continue;
        hasContent ||= isContentPart(step.part);
        isFinished = step.part.type === 'stream-end' || step.part.type === 'stream-error';
        yield step.part;
      }
    } finally {
      if (!isFinished) this.abortedCalls += 1;
    }
  }

  async testConnection(): Promise<ConnectionTestResult> {
    return { models: ['scripted-model'] };
  }

  async #perform(step: ScriptStep, call: ModelCall, signal: AbortSignal): Promise<ProviderError | undefined> {
    const fail = (kind: ProviderErrorKind, message: string, retryAfterMs?: number) =>
      new ProviderError({
        kind,
        provider: this.provider,
        model: call.model,
        message,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
    try {
      if (step.type === 'wait') await sleep(this.#clock, step.delayMs, signal);
      if (step.type === 'hang')
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
      if (signal.aborted) return fail('cancelled', 'The call was cancelled.');
    } catch {
      return fail('cancelled', 'The call was cancelled.');
    }
    return step.type === 'throw'
      ? fail(step.kind, step.message ?? `Scripted ${step.kind}.`, step.retryAfterMs)
      : undefined;
  }
}
