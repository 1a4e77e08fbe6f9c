import { askGraph } from './routing-calls.ts';
import { expect } from './test.ts';

/** Imports `items` questions as a dataset and runs a paired test of two models on them. Answers the ids when it has ended. */
export async function runPairedTest(
  url: string,
  items: number,
): Promise<{ readonly experimentId: string; readonly datasetId: string }> {
  const content = [
    'input',
    ...Array.from({ length: items }, (_, index) => `Explain topic ${index + 1} in a sentence.`),
  ];
  const { importDataset: made } = await askGraph(
    url,
    `mutation ($input: ImportDatasetInput!) { importDataset(input: $input) {
      ... on DatasetVersionSuccess { dataset { id } version { id } } ... on UserError { message } } }`,
    { input: { name: `Questions ${items}`, format: 'CSV', content: content.join('\n') } },
  );
  const definition = {
    hypothesis: 'The smaller model answers as well.',
    source: { type: 'paired', datasetVersionId: made.version.id },
    baseline: 'large',
    variants: [
      { key: 'large', model: 'openai/gpt-4o-mini' },
      { key: 'small', model: 'anthropic/claude-haiku-4-5' },
    ],
    primary: { metric: 'success' },
    smallestEffect: 0.1,
    caps: { costUsd: '5', concurrency: 8 },
  };
  const { createExperiment } = await askGraph(
    url,
    `mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) {
      ... on ExperimentSuccess { experiment { id revision } } ... on UserError { message } } }`,
    { input: { name: 'Large or small', definition } },
  );
  const { id, revision } = createExperiment.experiment;
  await askGraph(
    url,
    `mutation ($input: StartExperimentInput!) { startExperiment(input: $input) { __typename ... on UserError { message } } }`,
    { input: { experimentId: id, revision } },
  );
  const state = async () =>
    (await askGraph(url, 'query ($id: ID!) { experiment(id: $id) { state } }', { id })).experiment.state;
  await expect.poll(state, { timeout: 90_000 }).toBe('ended');
  return { experimentId: id, datasetId: made.dataset.id };
}
