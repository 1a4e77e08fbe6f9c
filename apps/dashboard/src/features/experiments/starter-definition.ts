import type { JsonMap } from './definition.ts';

/** A draft to begin with: two models, the newest dataset, success as what counts, a small cap. */
export function starterDefinition(modelIds: readonly string[], version: { readonly id: string } | undefined): JsonMap {
  const [first = '', second = first] = modelIds;
  return {
    hypothesis: '',
    source: { type: 'paired', datasetVersionId: version?.id ?? '', repeats: 1 },
    baseline: 'a',
    variants: [
      { key: 'a', model: first },
      { key: 'b', model: second },
    ],
    scorers: {},
    primary: { metric: 'success', margin: 0 },
    guardrails: [],
    smallestEffect: 0.05,
    stop: { alpha: 0.05, onWin: true, onHarm: true, onFutility: true },
    failedAnswers: 'count-as-worst',
    caps: { costUsd: '1.00', concurrency: 4 },
  };
}
