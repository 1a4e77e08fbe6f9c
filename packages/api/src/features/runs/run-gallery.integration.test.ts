import { gallery } from '@switchyard/core/workflows';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { approveStep, readRun, startRun, untilRun } from '../../testing/run-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function publishFromGallery(name: string): Promise<void> {
  const create =
    'mutation($gallery: String!) { createWorkflowFromGallery(input: { gallery: $gallery }) { ... on WorkflowSuccess { workflow { id } } ... on UserError { message } } }';
  const { createWorkflowFromGallery: made } = await ask(server, create, { gallery: name });
  const publish =
    'mutation($id: ID!) { publishWorkflow(input: { workflowId: $id, revision: 1 }) { __typename ... on UserError { message } } }';
  const { publishWorkflow } = await ask(server, publish, { id: made.workflow.id });
  expect(publishWorkflow.__typename, publishWorkflow.message).toBe('WorkflowPublishedSuccess');
}

/** Runs it with its sample and says yes to whatever people are asked. */
async function carryOut(workflow: string, inputs: object): Promise<LooseJson> {
  const { run, ...failure } = await startRun(server, { workflow, inputs });
  expect(run, JSON.stringify(failure)).toBeDefined();
  for (;;) {
    const { state } = await untilRun(server, run.id, 'COMPLETED', 'FAILED', 'CANCELLED', 'WAITING');
    const read = await readRun(server, run.id);
    if (state !== 'WAITING') return read;
    for (const { approvals } of read.steps) {
      for (const { approvalId, decision } of approvals) {
        if (!decision) await approveStep(server, { runId: run.id, approvalId });
      }
    }
  }
}

test.each(gallery.map(({ definition, sample }) => [definition.name, sample] as const))(
  '%s runs to its outputs on the simulator',
  async (name, sample) => {
    await publishFromGallery(name);
    const run = await carryOut(name, sample);
    const failed = run.steps.filter(({ error }: LooseJson) => error);
    expect(run.state, JSON.stringify([run.error, failed.map(({ stepId, error }: LooseJson) => [stepId, error])])).toBe(
      'COMPLETED',
    );
    const declared = gallery.find(({ definition }) => definition.name === name)?.definition.outputs ?? {};
    expect(Object.keys(run.outputs).sort()).toEqual(Object.keys(declared).sort());
    for (const [output, value] of Object.entries(run.outputs)) {
      expect(value, `${name}.${output}`).not.toBeNull();
      expect(value, `${name}.${output}`).not.toBe('');
    }
  },
);
