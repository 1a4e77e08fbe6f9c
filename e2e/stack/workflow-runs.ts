import { askGraph } from './routing-calls.ts';
import { expect } from './test.ts';

/** Plain data as the server takes it, without `format`. */
type Definition = Readonly<Record<string, unknown>> & { readonly name: string };

/** Makes a workflow and puts it into force. */
export async function publishWorkflow(url: string, definition: Definition): Promise<void> {
  const { createWorkflow: made } = await askGraph(
    url,
    `mutation ($input: CreateWorkflowInput!) { createWorkflow(input: $input) {
      ... on WorkflowSuccess { workflow { id draft { revision } } } ... on UserError { message } } }`,
    { input: { name: definition.name, definition: { format: 1, ...definition } } },
  );
  expect(made.message).toBeUndefined();
  const { publishWorkflow: published } = await askGraph(
    url,
    'mutation ($input: PublishWorkflowInput!) { publishWorkflow(input: $input) { __typename ... on UserError { message } } }',
    { input: { workflowId: made.workflow.id, revision: made.workflow.draft.revision } },
  );
  expect(published.message).toBeUndefined();
}

/** Starts a run; answers its id. */
export async function startRun(url: string, workflow: string, inputs: object = {}, more: object = {}): Promise<string> {
  const { startRun: started } = await askGraph(
    url,
    `mutation ($input: StartRunInput!) { startRun(input: $input) {
      ... on StartRunSuccess { run { id } } ... on UserError { message } } }`,
    { input: { workflow, inputs, ...more } },
  );
  expect(started.message).toBeUndefined();
  return started.run.id;
}

/** Waits until a run is in one of the states. */
export async function waitForRun(url: string, id: string, states: readonly string[] = ['COMPLETED']): Promise<void> {
  await expect
    .poll(async () => (await askGraph(url, 'query ($id: ID!) { run(id: $id) { state } }', { id })).run.state, {
      timeout: 60_000,
    })
    .toMatch(new RegExp(states.join('|')));
}

/** The address of a run's page. */
export const runPath = (id: string, more = ''): string => `/runs?id=${encodeURIComponent(id)}${more}`;
