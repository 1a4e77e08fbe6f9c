import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createKey } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { findPublished } from './find-workflow.ts';

let folder: string;
let path: string;
let server: TestServer;
let teamId: string;

const ofFile = `version: 1
roles:
  filed: { models: [openai/gpt-4o-mini], default: true }
workflows:
  from-file:
    steps:
      - { id: only, type: prompt, role: filed, prompt: Say hello. }
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-workflows-'));
  path = join(folder, 'switchyard.yaml');
  await writeFile(path, ofFile);
  server = await startTestServer({ environment: { SWITCHYARD_CONFIG: path } });
  teamId = (await server.services.prisma.team.findFirstOrThrow()).id;
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const facts = 'id name publishedVersion sourceDetail draft { revision basedOn definition } positions { stepId x y }';
const problems =
  'problems { isError code path message suggestion position { line column } filePosition { line column } }';
const changed = `... on WorkflowSuccess { workflow { ${facts} } ${problems} }`;
const invalid = `... on InvalidWorkflowError { ${problems} }`;
const published = `... on WorkflowPublishedSuccess { workflow { ${facts} } version { version restoredFrom note definition } } ${invalid}`;
const answers: Readonly<Record<string, readonly [input: string, fields: string]>> = {
  createWorkflow: ['CreateWorkflowInput', changed],
  importWorkflow: ['ImportWorkflowInput', `${changed} ${invalid}`],
  duplicateWorkflow: ['DuplicateWorkflowInput', changed],
  createWorkflowFromGallery: ['CreateWorkflowFromGalleryInput', changed],
  saveWorkflowDraft: ['SaveWorkflowDraftInput', changed],
  discardWorkflowDraft: ['WorkflowIdInput', changed],
  moveWorkflowCards: ['MoveWorkflowCardsInput', changed],
  publishWorkflow: ['PublishWorkflowInput', published],
  restoreWorkflowVersion: ['RestoreWorkflowVersionInput', published],
  deleteWorkflow: ['WorkflowIdInput', '... on DeleteWorkflowSuccess { workflowId }'],
};

/** Carries out one mutation. */
const change = async (name: keyof typeof answers, input: object, key = server.key): Promise<LooseJson> => {
  const [type, fields] = answers[name] ?? [];
  const document = `mutation($input: ${type}!) { ${name}(input: $input) { __typename ${fields} ... on UserError { code message } } }`;
  return (await ask(server, document, { input }, { key }))[name];
};
const definitionOf = (name: string, prompt: string) => ({
  format: 1,
  name,
  steps: [{ id: 'one', type: 'prompt', role: 'coder', prompt }],
});
const exportText = async (workflowId: string, format: string, version?: number): Promise<string> => {
  const document =
    'query($workflowId: ID!, $format: WorkflowFormat!, $version: Int) { exportWorkflow(workflowId: $workflowId, format: $format, version: $version) { fileName text } }';
  return (await ask(server, document, { workflowId, format, version })).exportWorkflow?.text;
};

test('every workflow of the gallery becomes a draft without errors and is published as it is', async () => {
  const { workflowGallery } = await ask(server, '{ workflowGallery { name title category definition sample } }');
  expect(workflowGallery.length).toBeGreaterThan(4);
  for (const { name } of workflowGallery) {
    const made = await change('createWorkflowFromGallery', { gallery: name });
    expect(made.workflow, JSON.stringify(made)).toMatchObject({ name, publishedVersion: null, draft: { revision: 1 } });
    const done = await change('publishWorkflow', { workflowId: made.workflow.id, revision: 1 });
    expect(done.version?.version, JSON.stringify(done)).toBe(1);
  }
});

test('what was exported and imported is exported again byte for byte, as YAML and as JSON', async () => {
  const { workflows } = await ask(server, '{ workflows(search: "review") { edges { node { id name } } } }');
  const { id, name } = workflows.edges[0].node;
  for (const format of ['YAML', 'JSON']) {
    const text = await exportText(id, format);
    const copy = await change('importWorkflow', { text, name: `${name}-${format.toLowerCase()}` });
    expect(copy.problems.filter(({ isError }: LooseJson) => isError)).toEqual([]);
    expect(await exportText(copy.workflow.id, format)).toBe(text.replace(name, `${name}-${format.toLowerCase()}`));
  }
  const text = await exportText(id, 'YAML');
  expect((await change('deleteWorkflow', { workflowId: id })).workflowId).toBe(id);
  const back = await change('importWorkflow', { text });
  expect(await exportText(back.workflow.id, 'YAML')).toBe(text);
  expect((await change('importWorkflow', { text })).code).toBe('WORKFLOWS.NAME_TAKEN');
});

test('of two who save one draft at once one is told, and nothing is lost', async () => {
  const { workflow } = await change('createWorkflow', { name: 'raced' });
  const save = (prompt: string, revision: number) =>
    change('saveWorkflowDraft', { workflowId: workflow.id, revision, definition: definitionOf('raced', prompt) });
  const both = await Promise.all([save('First.', 1), save('Second.', 1)]);
  expect(both.map(({ code }) => code).sort()).toEqual(['WORKFLOWS.CHANGED', undefined]);
  const winner = both.find(({ workflow: saved }) => saved)?.workflow;
  expect(winner.draft).toMatchObject({ revision: 2, basedOn: 0 });
  const publish = { workflowId: workflow.id, revision: 2, idempotencyKey: 'once' };
  const twice = await Promise.all([change('publishWorkflow', publish), change('publishWorkflow', publish)]);
  expect(twice.map(({ version }) => version?.version)).toEqual([1, 1]);
  expect((await change('publishWorkflow', { ...publish, idempotencyKey: 'again' })).code).toBe('WORKFLOWS.CHANGED');
});

test('versions are told apart, compared and put back; a draft that is out of date is refused', async () => {
  const definition = definitionOf('told', 'First.');
  const { workflow } = await change('createWorkflow', { name: 'told', definition });
  const workflowId = workflow.id;
  await change('publishWorkflow', { workflowId, revision: 1, note: 'The first.' });
  await change('saveWorkflowDraft', { workflowId, revision: 0, definition: definitionOf('told', 'Second.') });
  const second = await change('publishWorkflow', { workflowId, revision: 1 });
  expect(second).toMatchObject({ workflow: { draft: null }, version: { version: 2 } });
  const diff =
    'query($id: ID!) { diffWorkflowVersions(workflowId: $id, from: 1, to: 2) { kind stepId field before after } }';
  expect((await ask(server, diff, { id: workflowId })).diffWorkflowVersions).toEqual([
    { kind: 'CHANGED', stepId: 'one', field: 'prompt', before: 'First.', after: 'Second.' },
  ]);
  await change('saveWorkflowDraft', { workflowId, revision: 0, definition: definitionOf('told', 'Third.') });
  const restored = await change('restoreWorkflowVersion', { workflowId, version: 1 });
  expect(restored.version).toMatchObject({ version: 3, restoredFrom: 1, definition });
  expect((await findPublished(server.services, teamId, 'told'))?.definition).toEqual(definition);
  expect((await change('publishWorkflow', { workflowId, revision: 1 })).code).toBe('WORKFLOWS.OUTDATED');
  const rebased = { workflowId, revision: 1, definition: definitionOf('told', 'Third.'), basedOn: 3 };
  await change('saveWorkflowDraft', rebased);
  expect((await change('publishWorkflow', { workflowId, revision: 2 })).version.version).toBe(4);
});

test('all problems are told at once with their places, and keep a draft from being published', async () => {
  const text = 'format: 1\nname: wrong\nsteps:\n  - { id: a, type: prompt, role: codr, prompt: "{{ inputs.x }}" }\n';
  const validate = `query($text: String!) { validateWorkflow(input: { text: $text }) { isValid ${problems} } }`;
  const { validateWorkflow } = await ask(server, validate, { text });
  expect(validateWorkflow.isValid).toBe(false);
  const codes = validateWorkflow.problems.map(({ code, filePosition }: LooseJson) => `${code} ${filePosition.line}`);
  expect(codes.sort()).toEqual(['UNKNOWN_ROLE 4', 'UNKNOWN_VARIABLE 4']);
  expect(validateWorkflow.problems.map(({ suggestion }: LooseJson) => suggestion).join()).toContain('coder');
  // What a team lacks does not stand in the way of an import.
  const { workflow } = await change('importWorkflow', { text });
  const refused = await change('publishWorkflow', { workflowId: workflow.id, revision: 1 });
  expect(refused).toMatchObject({ __typename: 'InvalidWorkflowError', code: 'WORKFLOWS.INVALID' });
  expect(refused.problems).toHaveLength(2);
  const broken = await change('importWorkflow', { text: 'format: 1\nname: x\nsteps:\n  - { id: a, type: promt }\n' });
  expect(broken.problems[0]).toMatchObject({ isError: true, filePosition: { line: 4 } });
});

test('moving a card is no edit: draft and version stay, and two who move different cards both win', async () => {
  const { workflow } = await change('createWorkflow', { name: 'moved', definition: definitionOf('moved', 'Hi.') });
  const move = (stepId: string, x: number) =>
    change('moveWorkflowCards', { workflowId: workflow.id, positions: [{ stepId, x, y: 5 }] });
  await Promise.all([move('one', 10), move('two', 20)]);
  const { workflow: after } = await move('one', 11);
  expect(after.draft).toEqual(workflow.draft);
  expect(after.positions.toSorted((a: LooseJson, b: LooseJson) => a.x - b.x)).toEqual([
    { stepId: 'one', x: 11, y: 5 },
    { stepId: 'two', x: 20, y: 5 },
  ]);
  const copy = await change('duplicateWorkflow', { workflowId: workflow.id, name: 'copied' });
  expect(copy.workflow).toMatchObject({ name: 'copied', draft: { definition: { name: 'copied' } } });
});

test('viewers look, developers draft, admins publish and delete', async () => {
  const owner = { teamId };
  const viewer = await createKey(server.services, owner, ['READ']);
  const developer = await createKey(server.services, owner, ['READ', 'RUN']);
  expect((await change('createWorkflow', { name: 'seen' }, viewer.key)).code).toBe('TEAMS.FORBIDDEN');
  const definition = definitionOf('seen', 'Hi.');
  const { workflow } = await change('createWorkflow', { name: 'seen', definition }, developer.key);
  const publish = { workflowId: workflow.id, revision: 1 };
  expect((await change('publishWorkflow', publish, developer.key)).code).toBe('TEAMS.FORBIDDEN');
  expect((await change('deleteWorkflow', { workflowId: workflow.id }, developer.key)).code).toBe('TEAMS.FORBIDDEN');
  expect((await change('publishWorkflow', publish)).version.version).toBe(1);
});

test('roles know the steps that name them, and what names a workflow keeps it', async () => {
  await ask(
    server,
    'mutation { setRole(input: { name: "needed", models: [{ model: "openai/gpt-4o-mini" }], revision: 0 }) { __typename } }',
  );
  const definition = {
    ...definitionOf('needs', 'Hi.'),
    steps: [{ id: 's', type: 'prompt', role: 'needed', prompt: 'Hi.' }],
  };
  const { workflow } = await change('createWorkflow', { name: 'needs', definition });
  const { role } = await ask(server, '{ role(name: "needed") { usedBy { workflowName stepIds } } }');
  expect(role.usedBy).toEqual([{ workflowName: 'needs', stepIds: ['s'] }]);
  const { deleteRole } = await ask(
    server,
    'mutation { deleteRole(input: { name: "needed" }) { ... on UserError { code } } }',
  );
  expect(deleteRole.code).toBe('ROLES.IN_USE');
  await server.services.routing.repository.saveSetting(
    teamId,
    'step:needs/s',
    0,
    { strategy: 'cost-first' },
    {
      id: 'aud_1',
      at: new Date(server.services.clock.nowMs()),
      action: 'changed-settings',
      userId: undefined,
      apiKeyId: undefined,
      summary: 'x',
    },
  );
  expect((await change('deleteWorkflow', { workflowId: workflow.id })).code).toBe('WORKFLOWS.IN_USE');
});

test('roles and workflows of the configuration file are there for every team, read-only, and follow the file', async () => {
  const { workflows, roles } = await ask(
    server,
    '{ workflows(search: "from-file") { edges { node { id sourceDetail isPublished definition } } } roles { name source sourceDetail isDefault } }',
  );
  const [{ node }] = workflows.edges;
  expect(node).toMatchObject({
    sourceDetail: 'switchyard.yaml:5',
    isPublished: true,
    definition: { name: 'from-file' },
  });
  expect(roles.find(({ name }: LooseJson) => name === 'filed')).toEqual({
    name: 'filed',
    source: 'FILE',
    sourceDetail: 'switchyard.yaml:3',
    isDefault: true,
  });
  expect((await change('deleteWorkflow', { workflowId: node.id })).code).toBe('WORKFLOWS.READ_ONLY');
  expect((await change('createWorkflow', { name: 'from-file' })).code).toBe('WORKFLOWS.NAME_TAKEN');
  const set = 'mutation { setRole(input: { name: "filed", models: [], revision: 0 }) { ... on UserError { code } } }';
  expect((await ask(server, set)).setRole.code).toBe('ROLES.READ_ONLY');
  await writeFile(path, ofFile.replace('Say hello.', 'Say goodbye.').replace('openai/gpt-4o-mini', 'openai/gpt-4o'));
  await server.services.provisioner.reloadFile();
  const found = await findPublished(server.services, teamId, 'from-file');
  expect(JSON.stringify(found?.definition)).toContain('Say goodbye.');
  expect(server.services.roles.of(teamId).resolved.get('filed')?.models[0]?.model).toBe('openai/gpt-4o');
});

test('an editor is told what a step can name', async () => {
  const definition = {
    ...definitionOf('edited', 'Hi.'),
    inputs: { topic: { type: 'string' } },
    steps: [...definitionOf('edited', 'Hi.').steps, { id: 'two', type: 'prompt', role: 'coder', prompt: '' }],
  };
  const query =
    'query($definition: JSON!) { workflowCompletions(definition: $definition, stepId: "two") { variables { text type } filters } }';
  const { workflowCompletions } = await ask(server, query, { definition });
  const names = workflowCompletions.variables.map(({ text }: LooseJson) => text);
  expect(names).toEqual(expect.arrayContaining(['inputs.topic', 'steps.one.output']));
  expect(workflowCompletions.filters.length).toBeGreaterThan(5);
});
