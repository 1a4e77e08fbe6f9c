import type { ProbeModelsQuery } from '../../gql/health.ts';

export type ProbeModel = ProbeModelsQuery['models']['edges'][number]['node'];

/** What a probe is asked, and how long its answer may be, as the server makes it. */
const questionTokens = 20;
const answerTokens = 16;
const thinkingTokens = 512;
const dayMs = 86_400_000;

/** The most that one call of a probe costs in US dollars, about; undefined without a known price. */
export function mostUsdPerCall({ price, capabilities }: ProbeModel): number | undefined {
  if (!price) return undefined;
  const written = capabilities.reasoning ? thinkingTokens : answerTokens;
  return (questionTokens * Number(price.inputPerMillionUsd) + written * Number(price.outputPerMillionUsd)) / 1e6;
}

/** Models that can be asked for a word at a known price, the cheapest first. */
export function byProbeCost(models: readonly ProbeModel[]): readonly ProbeModel[] {
  const cost = (model: ProbeModel) => mostUsdPerCall(model) ?? Number.POSITIVE_INFINITY;
  return models
    .filter((model) => model.capabilities.text && model.price)
    .toSorted((left, right) => cost(left) - cost(right) || left.modelId.localeCompare(right.modelId));
}

/** Calls in a day, by how often and how many at most. */
export function callsPerDay(everyMs: number, maxPerDay: number): number {
  return Math.min(maxPerDay, Math.ceil(dayMs / everyMs));
}
