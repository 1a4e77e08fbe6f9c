import type { ReasoningEffort } from '../../spec/index.ts';

/** What OpenAI's own models take, by family; patterns because dated snapshots share their family's rules. */
export interface OpenAiModelRules {
  readonly reasons: boolean;
  /** The nearest effort the model takes for each of ours. */
  readonly efforts: Readonly<Record<ReasoningEffort, string>>;
  /** Chat Completions refuses tools unless the effort is `none`. */
  readonly toolsNeedNoReasoning: boolean;
}

const sameEfforts = { low: 'low', medium: 'medium', high: 'high' } as const;
const notReasoning: OpenAiModelRules = {
  reasons: false,
  efforts: { none: 'none', minimal: 'minimal', ...sameEfforts },
  toolsNeedNoReasoning: false,
};
const oSeries: OpenAiModelRules = {
  reasons: true,
  efforts: { none: 'low', minimal: 'low', ...sameEfforts },
  toolsNeedNoReasoning: false,
};
const firstGpt5: OpenAiModelRules = {
  reasons: true,
  efforts: { none: 'minimal', minimal: 'minimal', ...sameEfforts },
  toolsNeedNoReasoning: false,
};
const laterGpt5: OpenAiModelRules = {
  reasons: true,
  efforts: { none: 'none', minimal: 'low', ...sameEfforts },
  toolsNeedNoReasoning: false,
};
const gpt6: OpenAiModelRules = { ...laterGpt5, toolsNeedNoReasoning: true };

/** The rules of one of OpenAI's own models. */
export function openAiModelRules(model: string): OpenAiModelRules {
  if (/^o[1-9]/.test(model)) return oSeries;
  if (/^gpt-5(\.\d+)?-chat/.test(model)) return notReasoning;
  if (/^gpt-5(?![.\d])/.test(model)) return firstGpt5;
  if (/^gpt-5\./.test(model)) return laterGpt5;
  if (/^gpt-(?:[6-9]|\d\d)/.test(model)) return gpt6;
  return notReasoning;
}
