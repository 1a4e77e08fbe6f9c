import type { Draft } from './draft.ts';

interface PricedModel {
  modelId: string;
  maxOutputTokens: number | null;
  price: { inputPerMillionUsd: string | null; outputPerMillionUsd: string | null } | null;
}

export interface CostEstimate {
  lowUsd: number;
  highUsd: number;
  inputTokens: number;
  /** Models without a known price; they are not in the range. */
  unpriced: number;
}

const charactersPerToken = 4;
const imageTokens = 800;
const shortAnswerTokens = 150;
const longAnswerTokens = 1200;

/** Rough tokens of a text: four characters each, as the vendors' own rule of thumb has it. */
export function roughTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/**
 * A rough range for the Run button: input at four characters a token, answers between a short one and a long one (or the output cap that
 * was set). It stands until the server's own estimate is there; budgets are checked by the server.
 */
export function estimateCost(draft: Draft, models: ReadonlyMap<string, PricedModel>): CostEstimate {
  const inputTokens =
    roughTokens(draft.prompt) + roughTokens(draft.systemPrompt ?? '') + draft.images.length * imageTokens;
  const estimate: CostEstimate = { lowUsd: 0, highUsd: 0, inputTokens, unpriced: 0 };
  for (const modelId of draft.modelIds) {
    const model = models.get(modelId);
    const { inputPerMillionUsd: input, outputPerMillionUsd: output } = model?.price ?? {
      inputPerMillionUsd: null,
      outputPerMillionUsd: null,
    };
    if (input === null || output === null) {
      estimate.unpriced += 1;
      continue;
    }
    const cap =
      draft.parameters.maxOutputTokens ?? Math.min(longAnswerTokens, model?.maxOutputTokens ?? longAnswerTokens);
    const inputUsd = (inputTokens * Number(input)) / 1e6;
    estimate.lowUsd += inputUsd + (Math.min(shortAnswerTokens, cap) * Number(output)) / 1e6;
    estimate.highUsd += inputUsd + (cap * Number(output)) / 1e6;
  }
  return estimate;
}

/** `$0.0012–$0.02`, two significant digits: more would pretend to know. */
export function formatEstimate({ lowUsd, highUsd }: CostEstimate): string {
  const round = (value: number) => {
    if (value === 0) return '$0';
    if (value >= 1) return `$${value.toFixed(2)}`;
    return `$${value.toFixed(Math.min(12, 1 - Math.floor(Math.log10(value))))}`;
  };
  const low = round(lowUsd);
  const high = round(highUsd);
  return low === high ? low : `${low}–${high}`;
}
