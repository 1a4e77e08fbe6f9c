import { formatUsd } from '@switchyard/core/kernel';
import type { CallWarning } from '@switchyard/core/spec';
import type { ChatEnvelope } from '../../features/completions/chat-facts.ts';
import type { RunRecord } from '../../features/runs/run-record.ts';
import { sumCostNanoUsd } from '../../features/runs/run-totals.types.ts';
import { encodeId } from '../../graphql/global-id.ts';

/** Tokens of all calls of a run, as OpenAI writes them; undefined when one provider did not report all of its own. */
function usageOf({ totals }: RunRecord) {
  if (totals.some(({ uncountedCalls }) => uncountedCalls > 0)) return undefined;
  const sum = (pick: 'inputTokens' | 'outputTokens') => totals.reduce((total, each) => total + each[pick], 0);
  const [input, output] = [sum('inputTokens'), sum('outputTokens')];
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

/** What OpenAI's format has no field for. */
function factsOf(run: RunRecord, warnings: readonly CallWarning[]) {
  const cost = sumCostNanoUsd(run.totals);
  return {
    cost_usd: cost === undefined ? null : formatUsd(cost),
    run: encodeId('Run', run.id),
    workflow: run.workflowName,
    version: run.workflowVersion ?? null,
    providers: run.totals.map(({ providerId }) => providerId),
    attempts: run.totals.reduce((total, { calls }) => total + calls, 0),
    ...(warnings.length > 0 && {
      warnings: warnings.map(({ type, setting, message }) => ({ type, ...(setting && { setting }), message })),
    }),
  };
}

/** Writes the answer of a workflow in OpenAI's format. */
export class WorkflowChunks {
  readonly #envelope: ChatEnvelope;
  readonly #model: string;
  readonly #includesUsage: boolean;

  constructor(envelope: ChatEnvelope, model: string, includesUsage: boolean) {
    this.#envelope = envelope;
    this.#model = model;
    this.#includesUsage = includesUsage;
  }

  /** The first chunk, which names the role. */
  begin(): object {
    return this.#chunk({ role: 'assistant', content: '' }, null);
  }

  text(content: string): object {
    return this.#chunk({ content }, null);
  }

  /** The last chunks: how it ended and, when asked for, usage and cost. */
  finish(run: RunRecord, warnings: readonly CallWarning[]): readonly object[] {
    const end = this.#chunk({}, 'stop');
    if (!this.#includesUsage) return [end];
    const facts = { usage: usageOf(run) ?? null, switchyard: factsOf(run, warnings) };
    return [end, { ...this.#head(), choices: [], ...facts }];
  }

  /** The whole answer as a `chat.completion`. */
  whole(content: string, run: RunRecord, warnings: readonly CallWarning[]): object {
    const usage = usageOf(run);
    const message = { role: 'assistant', content, refusal: null };
    return {
      ...this.#envelope,
      object: 'chat.completion',
      model: this.#model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      ...(usage && { usage }),
      switchyard: factsOf(run, warnings),
    };
  }

  #chunk(delta: object, finishReason: 'stop' | null): object {
    return {
      ...this.#head(),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...(this.#includesUsage && { usage: null }),
    };
  }

  #head() {
    return { ...this.#envelope, object: 'chat.completion.chunk', model: this.#model };
  }
}
