/** How a Gemini model takes thinking; by name, because the API does not tell. */
export interface GeminiModelRules {
  /** `budget`: a number of tokens (2.5); `level`: a word (3 and later). */
  readonly thinking: 'none' | 'budget' | 'level';
  /** The least thinking the model can be asked for: 0 or a word, or the smallest budget. */
  readonly leastBudgetTokens: number;
  readonly leastLevel: 'minimal' | 'low';
  /** Wants its thought signatures back with the tool calls they came with. */
  readonly wantsSignatures: boolean;
}

/** The rules of one Gemini model; an unknown name is taken for a new one. */
export function geminiModelRules(model: string): GeminiModelRules {
  const name = model.replace(/^models\//, '');
  const isPro = /pro/.test(name);
  const thinking = /^gemini-(?:1|2\.0)|^gemma|^learnlm/.test(name)
    ? 'none'
    : /^gemini-2\.5/.test(name)
      ? 'budget'
      : 'level';
  return {
    thinking,
    leastBudgetTokens: isPro ? 128 : 0,
    leastLevel: isPro ? 'low' : 'minimal',
    wantsSignatures: thinking === 'level',
  };
}
