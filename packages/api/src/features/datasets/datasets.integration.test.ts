import { afterAll, beforeAll, expect, test } from 'vitest';
import { experimentDocuments } from '../../testing/experiment-documents.ts';
import { ask, send } from '../../testing/graph-client.ts';
import { createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let stranger: OtherTeam;
let datasetId: string;
let versionId: string;

const { importFile, mutate, change } = experimentDocuments(() => server);

const first = [
  'id,input,expected,cluster,split,topic',
  'one,What is 100% of 5?,5,numbers,test,"a, ""b"""',
  'two,What is 10 plus 5?,15,numbers,train,c',
  'three,Name a colour.,,colours,,d',
].join('\n');
const second = [
  'id,input,expected,cluster,split,topic',
  'one,What is 100% of 5?,five,numbers,test,"a, ""b"""',
  'two,What is 10 plus 5?,15,numbers,train,c',
  'four,Name a bird.,,birds,,e',
].join('\n');

beforeAll(async () => {
  server = await startTestServer();
  stranger = await createTeam(server.services, 'Strangers');
  const made = await importFile({ name: 'Größe & Co', format: 'CSV', content: first });
  datasetId = made.dataset.id;
  versionId = made.version.id;
}, 120_000);
afterAll(() => server.stop());

const keysOf = async (args: string, key?: string): Promise<unknown> => {
  const { node } = await ask(
    server,
    `query($id: ID!) { node(id: $id) { ... on DatasetVersion { items${args} { totalCount edges { node { key } } } } } }`,
    { id: versionId },
    key === undefined ? {} : { key },
  );
  return (
    node && [node.items.totalCount, node.items.edges.map(({ node: { key: name } }: { node: { key: string } }) => name)]
  );
};

test('items are found by text as it is written, by cluster, by split and by being in none', async () => {
  expect(await keysOf('')).toEqual([3, ['one', 'two', 'three']]);
  expect(await keysOf('(search: "100%")')).toEqual([1, ['one']]);
  expect(await keysOf('(search: "%")')).toEqual([1, ['one']]);
  expect(await keysOf('(search: "COLOUR")')).toEqual([1, ['three']]);
  expect(await keysOf('(cluster: "numbers", first: 1)')).toEqual([2, ['one']]);
  expect(await keysOf('(split: "train")')).toEqual([1, ['two']]);
  expect(await keysOf('(isUnsplit: true)')).toEqual([1, ['three']]);
  expect(await keysOf('', stranger.key)).toBeNull();
});

test('two versions are compared by key, with what changed of an item', async () => {
  const made = await importFile({ datasetId, format: 'CSV', content: second });
  const query = `query($id: ID!) { node(id: $id) { ... on DatasetVersion { clusterCount clusters { name itemCount }
    changesSince(version: 1) { added removed changed unchanged
      a: items(kind: ADDED) { hasNextPage changes { key before { input } after { input } } }
      r: items(kind: REMOVED) { changes { key after { input } } }
      c: items(kind: CHANGED, first: 1) { changes { key parts before { expected } after { expected fields } } }
      none: items(kind: ADDED, afterKey: "four") { changes { key } } }
    missing: changesSince(version: 9) { added } } } }`;
  const { node } = await ask(server, query, { id: made.version.id });
  expect(node).toMatchObject({
    clusterCount: 2,
    clusters: [
      { name: 'numbers', itemCount: 2 },
      { name: 'birds', itemCount: 1 },
    ],
    missing: null,
    changesSince: {
      ...{ added: 1, removed: 1, changed: 1, unchanged: 1 },
      a: { hasNextPage: false, changes: [{ key: 'four', before: null, after: { input: 'Name a bird.' } }] },
      r: { changes: [{ key: 'three', after: null }] },
      c: {
        changes: [
          {
            ...{ key: 'one', parts: ['expected'], before: { expected: '5' } },
            after: { expected: 'five', fields: { topic: 'a, "b"' } },
          },
        ],
      },
      none: { changes: [] },
    },
  });
});

test('a preview of a split tells what the split then gives', async () => {
  const splits = [
    { name: 'train', share: 0.5 },
    { name: 'test', share: 0.3 },
  ];
  const query = `query($id: ID!, $splits: [DatasetSplitInput!]!) { previewDatasetSplit(versionId: $id, seed: 3, splits: $splits) {
    splits { name itemCount } unsplitCount } }`;
  const { previewDatasetSplit: preview } = await ask(server, query, { id: versionId, splits });
  const made = await mutate(
    'splitDataset',
    'SplitDatasetInput',
    '... on DatasetVersionSuccess { version { splits { name itemCount } } }',
    { versionId, seed: 3, splits },
  );
  const counts = (list: { name: string; itemCount: number }[]) =>
    Object.fromEntries(list.filter(({ itemCount }) => itemCount > 0).map(({ name, itemCount }) => [name, itemCount]));
  expect(counts(preview.splits)).toEqual(counts(made.version.splits));
  const sum = preview.splits.reduce((total: number, { itemCount }: { itemCount: number }) => total + itemCount, 0);
  expect(sum + preview.unsplitCount).toBe(3);
  const foreign = await ask(server, query, { id: versionId, splits }, { key: stranger.key });
  expect(foreign.previewDatasetSplit).toBeNull();
  const tooMuch = await send(server, query, { id: versionId, splits: [...splits, { name: 'more', share: 0.5 }] });
  expect(tooMuch.errors?.[0]).toMatchObject({ message: expect.stringContaining('more than 1') });
});

test('a dataset knows the tests that name it, in its own team only', async () => {
  await change('createExperiment', 'CreateExperimentInput', {
    name: 'Uses it',
    definition: { source: { type: 'paired', datasetVersionId: versionId } },
  });
  await change('createExperiment', 'CreateExperimentInput', { name: 'Uses nothing', definition: {} });
  const { dataset } = await ask(server, 'query($id: ID!) { dataset(id: $id) { usedByCount usedBy { name state } } }', {
    id: datasetId,
  });
  expect(dataset).toEqual({ usedByCount: 1, usedBy: [{ name: 'Uses it', state: 'draft' }] });
});

test('an empty history gives no items and says so before anything is made', async () => {
  const { previewDatasetFromHistory: preview } = await ask(
    server,
    '{ previewDatasetFromHistory(source: RUNS, workflowName: "none") { itemCount items { input } } }',
  );
  expect(preview).toEqual({ itemCount: 0, items: [] });
});

const download = (query: string, key = server.key) =>
  fetch(`${server.graphUrl.replace('/graphql', '')}/api/datasets/export?${query}`, {
    headers: { authorization: `Bearer ${key}` },
  });

test('an export is a file that an import takes for the same items', async () => {
  for (const format of ['csv', 'jsonl'] as const) {
    const response = await download(`version=${encodeURIComponent(versionId)}&format=${format}`);
    expect(response.status).toBe(200);
    expect(decodeURIComponent(response.headers.get('content-disposition') ?? '')).toContain(`Größe-Co-v1.${format}`);
    const content = await response.text();
    const made = await importFile({ datasetId, format: format.toUpperCase(), content });
    const { node } = await ask(
      server,
      'query($id: ID!) { node(id: $id) { ... on DatasetVersion { changesSince(version: 1) { added removed changed unchanged } } } }',
      { id: made.version.id },
    );
    expect(node.changesSince, format).toEqual({ added: 0, removed: 0, changed: 0, unchanged: 3 });
  }
  const part = await (await download(`version=${encodeURIComponent(versionId)}&format=jsonl&split=test`)).text();
  expect(
    part
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).key),
  ).toEqual(['one']);
});

test('an export is given to nobody else, and an unknown format is refused', async () => {
  const version = `version=${encodeURIComponent(versionId)}`;
  expect((await download(version, stranger.key)).status).toBe(404);
  expect((await download(version, 'sk-nothing')).status).toBe(401);
  expect((await download(`${version}&format=xlsx`)).status).toBe(400);
  expect((await download('version=nonsense')).status).toBe(404);
});
