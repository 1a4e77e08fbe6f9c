import { askGraph } from './routing-calls.ts';

/** Imports questions as a dataset and answers the id of its version. */
export async function importQuestions(url: string, name: string, count: number): Promise<string> {
  const topics = [
    'the water cycle',
    'photosynthesis',
    'compound interest',
    'black holes',
    'sourdough',
    'tides',
    'vaccines',
  ];
  const rows = Array.from(
    { length: count },
    (_, index) =>
      `"Explain ${topics[index % topics.length]} to a new colleague, please. Question ${index + 1}.",${index}`,
  );
  const query = `mutation($input: ImportDatasetInput!) { importDataset(input: $input) {
    __typename ... on DatasetVersionSuccess { version { id } } ... on UserError { message } } }`;
  const input = {
    name,
    format: 'CSV',
    content: `question,number\n${rows.join('\n')}\n`,
    mapping: { input: 'question' },
  };
  const { importDataset } = await askGraph(url, query, { input });
  if (!importDataset.version) throw new Error(JSON.stringify(importDataset));
  return importDataset.version.id;
}

/** A test of three variants whose answers are cut at different lengths; "brief" wins by the score. */
export const briefTest = (versionId: string, change: object = {}) => ({
  hypothesis: 'Answers that are cut short are short enough for a chat, and cost less.',
  source: { type: 'paired', datasetVersionId: versionId, repeats: 1 },
  baseline: 'full',
  variants: [
    { key: 'full', model: 'openai/gpt-4o-mini' },
    { key: 'brief', model: 'openai/gpt-4o-mini', parameters: { maxOutputTokens: 40 } },
    { key: 'haiku', model: 'anthropic/claude-haiku-4-5' },
  ],
  scorers: { short: { check: { type: 'length', unit: 'words', max: 60 } } },
  primary: { metric: 'score:short', margin: 0 },
  guardrails: [{ metric: 'latencyMs', margin: 2000 }],
  smallestEffect: 0.15,
  stop: { alpha: 0.05, onWin: true, onHarm: true, onFutility: true },
  caps: { costUsd: '2.00', concurrency: 6 },
  ...change,
});

const created = `__typename ... on ExperimentSuccess { experiment { id revision state } } ... on UserError { message }
  ... on InvalidExperimentError { problems { path message } }`;

/** Makes a draft; answers its id. */
export async function createDraft(
  url: string,
  name: string,
  definition: object,
): Promise<{ id: string; revision: number }> {
  const query = `mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { ${created.split('... on Invalid')[0]} } }`;
  const { createExperiment } = await askGraph(url, query, { input: { name, definition } });
  if (!createExperiment.experiment) throw new Error(JSON.stringify(createExperiment));
  return createExperiment.experiment;
}

/** Makes a test and starts it; answers its id. */
export async function startExperiment(url: string, name: string, definition: object): Promise<string> {
  const { id, revision } = await createDraft(url, name, definition);
  const query = `mutation($input: StartExperimentInput!) { startExperiment(input: $input) { ${created} } }`;
  const { startExperiment: started } = await askGraph(url, query, {
    input: { experimentId: id, revision },
  });
  if (!started.experiment) throw new Error(JSON.stringify(started));
  return id;
}

/** Waits until a test has ended. */
export async function waitForEnd(url: string, id: string, withinMs = 120_000): Promise<void> {
  const query = 'query($id: ID!) { experiment(id: $id) { state } }';
  for (const until = Date.now() + withinMs; Date.now() < until; ) {
    const { experiment } = await askGraph(url, query, { id });
    if (experiment.state === 'ended') return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('The test did not end in time.');
}
