import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, type LooseJson, send } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import {
  approveStep,
  cancelRun,
  declineStep,
  deleteRun,
  previewStep,
  publish,
  readRun,
  rerunWorkflow,
  retryRun,
  runToEnd,
  startRun,
  untilRun,
} from '../../testing/run-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let other: OtherTeam;
let reader: string;

const prompt = (id: string, text: string, rest: object = {}) => ({
  id,
  type: 'prompt',
  models: [{ model: 'openai/gpt-4o-mini' }],
  prompt: text,
  ...rest,
});
const chain = {
  format: 1,
  name: 'chain',
  title: 'A chain',
  inputs: { topic: { type: 'string' }, words: { type: 'number', default: 20 } },
  steps: [
    prompt('draft', 'Write {{ inputs.words }} words about {{ inputs.topic }}.'),
    prompt('polish', 'Polish: {{ steps.draft.output }}'),
  ],
  outputs: { text: 'steps.polish.output' },
};
const asking = {
  format: 1,
  name: 'asking',
  inputs: { text: { type: 'string' } },
  steps: [
    {
      id: 'check',
      type: 'approval',
      message: 'Send it?',
      subject: 'inputs.text',
      canEdit: true,
      approvers: 'admin',
      onReject: 'fail-run',
    },
    { id: 'sent', type: 'transform', value: 'steps.check.output.value' },
  ],
  outputs: { sent: 'steps.sent.output' },
};

beforeAll(async () => {
  server = await startTestServer();
  const { services } = server;
  const team = await services.prisma.team.findFirstOrThrow();
  other = await createTeam(services, 'Other');
  reader = (await createKey(services, { teamId: team.id }, ['READ'])).key;
  for (const definition of [chain, asking]) await publish(server, definition);
  await publish(server, { ...chain, name: 'chain-of-other' }, { key: other.key });
});
afterAll(() => server.stop());

test('a run begins with pinned outputs, which cost nothing; an unknown step is refused', async () => {
  const input = { workflow: 'chain', inputs: { topic: 'tides' } };
  const pinned = [{ stepId: 'draft', output: 'A pinned draft.' }];
  const run = await runToEnd(server, { ...input, pinned });
  expect(run.steps[0]).toMatchObject({ stepId: 'draft', state: 'COMPLETED', output: 'A pinned draft.', isGiven: true });
  expect(run.steps[1].state).toBe('COMPLETED');
  expect((await startRun(server, { ...input, pinned: [{ stepId: 'nowhere', output: '' }] })).code).toBe(
    'RUNS.UNKNOWN_STEP',
  );
});

describe('a run', () => {
  let run: LooseJson;
  beforeAll(async () => {
    run = await runToEnd(server, { workflow: 'chain', inputs: { topic: 'tides' }, tags: ['nightly'] });
  });

  test('shows what its models were asked, with everything filled in, to its own team alone', async () => {
    const document = `query ($id: ID!) { run(id: $id) { steps { output prompt { system text } } } }`;
    const { steps } = (await ask(server, document, { id: run.id })).run;
    expect(steps[0].prompt).toEqual({ system: null, text: 'Write 20 words about tides.' });
    expect(steps[1].prompt.text).toBe(`Polish: ${steps[0].output}`);
    expect((await ask(server, document, { id: run.id }, { key: other.key })).run).toBeNull();
  });

  test('ends with its outputs, and everybody was paid what the steps add up to', () => {
    expect(run, JSON.stringify(run.error)).toMatchObject({
      state: 'COMPLETED',
      workflowName: 'chain',
      workflowVersion: 1,
      source: 'API',
      inputs: { topic: 'tides', words: 20 },
      tags: ['nightly'],
      stepCount: 2,
      settledStepCount: 2,
      totals: [{ providerId: 'openai', calls: 2 }],
    });
    expect(run.outputs.text).toBe(run.steps[1].output);
    expect(run.outputs.text.length).toBeGreaterThan(0);
    expect(Number(run.costUsd)).toBeGreaterThan(0);
    const paid = run.steps.flatMap(({ attempts }: LooseJson) => attempts.map(({ costUsd }: LooseJson) => costUsd));
    const nano = (text: string) => Math.round(Number(text) * 1e9);
    expect(paid.reduce((sum: number, cost: string) => sum + nano(cost), 0)).toBe(nano(run.costUsd));
  });

  test('has a waterfall: every attempt with its times, model, tokens and cost', () => {
    for (const step of run.steps) {
      expect(step).toMatchObject({
        state: 'COMPLETED',
        type: 'PROMPT',
        modelId: 'openai/gpt-4o-mini',
        attemptCount: 1,
      });
      const [attempt] = step.attempts;
      expect(attempt).toMatchObject({
        state: 'SUCCEEDED',
        providerId: 'openai',
        errorKind: null,
        place: { stepId: step.stepId, slot: 0, attempt: 1 },
      });
      expect(attempt.servedModel).toMatch(/gpt-4o-mini/);
      const times = [attempt.startedAt, attempt.firstTokenAt, attempt.endedAt].map((at) => Date.parse(at));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(attempt.usage.outputTokens).toBeGreaterThan(0);
      expect(step.lanes).toMatchObject([{ isComplete: true, output: step.output, value: step.output }]);
      expect(step.modelOutputs).toEqual([{ modelId: 'openai/gpt-4o-mini', output: step.output }]);
    }
  });

  test('is found by its filter and nobody else’s', async () => {
    const list = async (filter: object, key = server.key) =>
      (
        await ask(
          server,
          'query($filter: RunFilter) { runs(filter: $filter) { totalCount edges { node { id } } } }',
          { filter },
          { key },
        )
      ).runs;
    const found = { totalCount: 1, edges: [{ node: { id: run.id } }] };
    expect(await list({ tag: 'nightly' })).toEqual(found);
    expect(await list({ workflow: 'chain', states: ['COMPLETED'], hasFailover: false, tag: 'nightly' })).toEqual(found);
    expect(await list({ search: 'CHAI', tag: 'nightly' })).toEqual(found);
    expect((await list({ tag: 'daily' })).totalCount).toBe(0);
    expect((await list({ tag: 'nightly', states: ['FAILED'] })).totalCount).toBe(0);
    expect((await list({ tag: 'nightly', startedBefore: '2020-01-01T00:00:00Z' })).totalCount).toBe(0);
    expect((await list({}, other.key)).totalCount).toBe(0);
  });

  test('is a node by its id, for its own team only', async () => {
    const query = 'query($id: ID!) { node(id: $id) { __typename ... on Run { state } } run(id: $id) { state } }';
    expect(await ask(server, query, { id: run.id })).toEqual({
      node: { __typename: 'Run', state: 'COMPLETED' },
      run: { state: 'COMPLETED' },
    });
    expect(await ask(server, query, { id: run.id }, { key: other.key })).toEqual({ node: null, run: null });
  });

  test('of another team answers like one that is not there, whatever is done to it', async () => {
    const as = { key: other.key };
    const answers = await Promise.all([
      cancelRun(server, run.id, as),
      retryRun(server, { runId: run.id }, as),
      rerunWorkflow(server, { runId: run.id }, as),
      approveStep(server, { runId: run.id, approvalId: 'x' }, as),
      deleteRun(server, run.id, as),
      startRun(server, { workflow: 'chain', inputs: { topic: 'x' } }, as),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
  });
});

describe('starting', () => {
  test('the same key twice gives one run, with another input a typed error', async () => {
    const input = { workflow: 'chain', inputs: { topic: 'keys' }, idempotencyKey: 'k1', tags: ['once'] };
    const answers = await Promise.all([startRun(server, input), startRun(server, input)]);
    expect(answers[0].run.id).toBe(answers[1].run.id);
    await untilRun(server, answers[0].run.id, 'COMPLETED');
    expect((await startRun(server, input)).run.id).toBe(answers[0].run.id);
    const count = await ask(server, '{ runs(filter: { tag: "once" }) { totalCount } }');
    expect(count.runs.totalCount).toBe(1);
    expect(await startRun(server, { ...input, inputs: { topic: 'locks' } })).toMatchObject({
      __typename: 'IdempotencyConflictError',
    });
  });

  test('tells everything that is wrong with the inputs at once', async () => {
    const answer = await startRun(server, { workflow: 'chain', inputs: { words: 'many', topik: 1 } });
    expect(answer.__typename).toBe('ValidationError');
    expect(answer.issues.map(({ path }: LooseJson) => path.join('.')).sort()).toEqual([
      'input.inputs.topic',
      'input.inputs.topik',
      'input.inputs.words',
    ]);
  });

  test('wants exactly one workflow that is in force', async () => {
    expect(await startRun(server, {})).toMatchObject({ __typename: 'ValidationError' });
    expect(await startRun(server, { workflow: 'no-such' })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await startRun(server, { workflow: 'chain', version: 7, inputs: { topic: 'x' } })).toMatchObject({
      __typename: expect.stringMatching(/NotFoundError|ConflictError/),
    });
  });

  test('needs the scope RUN', async () => {
    const mutation = 'mutation { startRun(input: { workflow: "chain" }) { __typename } }';
    expect((await ask(server, mutation, {}, { key: reader })).startRun.__typename).toBe('ForbiddenError');
  });
});

describe('pages of runs', () => {
  const page = async (args: string) =>
    (
      await ask(
        server,
        `{ runs(${args}, filter: { tag: "paged" }) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { id } } } }`,
      )
    ).runs;
  let ids: string[];
  beforeAll(async () => {
    for (let count = 0; count < 5; count += 1) {
      await runToEnd(server, { workflow: 'chain', inputs: { topic: String(count) }, tags: ['paged'] });
    }
    ids = (await page('first: 100')).edges.map(({ node }: LooseJson) => node.id);
  });

  test('follow each other without gap or double', async () => {
    const first = await page('first: 2');
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = await page(`first: 3, after: "${first.pageInfo.endCursor}"`);
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect([...first.edges, ...second.edges].map(({ node }: LooseJson) => node.id)).toEqual(ids);
  });

  test('lead from a run to the one before and the one after it', async () => {
    const [newest, second, third] = ids;
    expect((await page(`first: 1, after: "${second}"`)).edges[0].node.id).toBe(third);
    expect((await page(`last: 1, before: "${second}"`)).edges[0].node.id).toBe(newest);
    expect((await page(`last: 1, before: "${ids[4]}"`)).edges[0].node.id).toBe(ids[3]);
  });

  test('have at most 100 entries', async () => {
    const { errors } = await send(server, '{ runs(first: 101) { edges { cursor } } }');
    expect(errors?.[0]?.message).toContain('at most 100');
  });
});

describe('repeating', () => {
  test('a rerun with other inputs is a new run; what nothing changed for is taken over', async () => {
    const before = await runToEnd(server, { workflow: 'chain', inputs: { topic: 'rivers' } });
    const { run } = await rerunWorkflow(server, {
      runId: before.id,
      changes: { models: [{ stepId: 'polish', models: ['anthropic/claude-haiku-4-5'] }] },
    });
    expect(run).toMatchObject({ rerunOfId: before.id, inputs: before.inputs });
    await untilRun(server, run.id, 'COMPLETED');
    const after = await readRun(server, run.id);
    expect(after.steps[0]).toMatchObject({ isGiven: true, output: before.steps[0].output, fromRunId: before.id });
    expect(after.steps[1]).toMatchObject({ isGiven: false, modelId: 'anthropic/claude-haiku-4-5' });
    expect(after.totals).toMatchObject([{ providerId: 'anthropic', calls: 1 }]);
  });

  test('a retry from a step does that step anew and keeps what came before', async () => {
    const before = await runToEnd(server, { workflow: 'chain', inputs: { topic: 'lakes' } });
    const { run } = await retryRun(server, { runId: before.id, fromStepId: 'polish' });
    expect(run.id).toBe(before.id);
    await untilRun(server, run.id, 'COMPLETED');
    const after = await readRun(server, run.id);
    expect(after.retries).toBe(1);
    expect(after.steps.map(({ attemptCount }: LooseJson) => attemptCount)).toEqual([1, 2]);
    expect(await retryRun(server, { runId: before.id })).toMatchObject({ code: 'RUNS.COMPLETED' });
    expect(await retryRun(server, { runId: before.id, fromStepId: 'nowhere' })).toMatchObject({
      code: 'RUNS.UNKNOWN_STEP',
    });
  });
});

describe('a step that asks a person', () => {
  const begin = async (text: string) => {
    const { run } = await startRun(server, { workflow: 'asking', inputs: { text } });
    await untilRun(server, run.id, 'WAITING');
    const read = await readRun(server, run.id);
    return { runId: run.id, approval: read.steps[0].approvals[0] };
  };

  test('shows who may decide, and goes on with what they made of it', async () => {
    const { runId, approval } = await begin('Helo');
    expect(approval).toMatchObject({
      kind: 'STEP',
      message: 'Send it?',
      subject: 'Helo',
      canEdit: true,
      approvers: 'ADMIN',
      mayDecide: true,
      decision: null,
    });
    const answer = { runId, approvalId: approval.approvalId, comment: 'Typo', value: 'Hello' };
    expect((await approveStep(server, answer)).__typename).toBe('ApproveStepSuccess');
    const { outputs } = await untilRun(server, runId, 'COMPLETED', 'FAILED');
    expect(outputs).toEqual({ sent: 'Hello' });
    expect((await readRun(server, runId)).steps[0].approvals[0]).toMatchObject({
      mayDecide: false,
      decision: { isApproved: true, comment: 'Typo' },
    });
    expect(await declineStep(server, { runId, approvalId: approval.approvalId })).toMatchObject({
      __typename: 'ConflictError',
      code: expect.stringMatching(/RUNS\.(APPROVAL_DECIDED|ENDED)/),
    });
  });

  test('is not decided by somebody without the right', async () => {
    const { services } = server;
    const { runId, approval } = await begin('x');
    const team = await services.prisma.team.findFirstOrThrow({ where: { name: { not: 'Other' } } });
    const user = await services.prisma.user.create({
      data: { id: services.ids.next('usr'), name: 'Dev', email: 'dev@switchyard.test' },
    });
    await services.prisma.member.create({
      data: { id: services.ids.next('mem'), teamId: team.id, userId: user.id, role: 'developer' },
    });
    const { key } = await createKey(services, { teamId: team.id, userId: user.id }, ['READ', 'RUN']);
    const seen = await readRun(server, runId, { key });
    expect(seen.steps[0].approvals[0].mayDecide).toBe(false);
    expect(await approveStep(server, { runId, approvalId: approval.approvalId }, { key })).toMatchObject({
      __typename: 'ForbiddenError',
    });
    expect((await untilRun(server, runId, 'WAITING')).pendingApprovals).toBe(1);
    expect((await declineStep(server, { runId, approvalId: approval.approvalId })).__typename).toBe(
      'DeclineStepSuccess',
    );
    expect((await untilRun(server, runId, 'FAILED', 'COMPLETED')).error.code).toBe('APPROVAL.REJECTED');
  });

  test('can be cancelled and then deleted, but not deleted before', async () => {
    const { runId } = await begin('x');
    expect(await deleteRun(server, runId)).toMatchObject({ code: 'RUNS.STILL_RUNNING' });
    expect((await cancelRun(server, runId)).run.id).toBe(runId);
    await untilRun(server, runId, 'CANCELLED');
    expect(await deleteRun(server, runId)).toMatchObject({ deletedId: runId });
    expect(await readRun(server, runId)).toBeNull();
  });
});

describe('trying one step', () => {
  test('runs it alone, with pinned outputs of those before it', async () => {
    const { run } = await previewStep(server, {
      workflow: 'chain',
      stepId: 'polish',
      inputs: { topic: 'x' },
      outputs: [{ stepId: 'draft', output: 'Tides rise.' }],
    });
    expect(run.source).toBe('PREVIEW');
    await untilRun(server, run.id, 'COMPLETED', 'FAILED');
    const read = await readRun(server, run.id);
    expect(read.state, JSON.stringify(read.error)).toBe('COMPLETED');
    expect(read.totals).toMatchObject([{ calls: 1 }]);
    const newest = async (filter: string) =>
      (await ask(server, `{ runs(first: 1, filter: { ${filter} }) { edges { node { id } } } }`)).runs.edges[0].node.id;
    expect(await newest('withPreviews: true')).toBe(run.id);
    expect(await newest('workflow: "chain"')).not.toBe(run.id);
  });

  test('says which outputs it lacks', async () => {
    const answer = await previewStep(server, { workflow: 'chain', stepId: 'polish', inputs: { topic: 'x' } });
    expect(answer).toMatchObject({ code: 'RUNS.SAMPLE_MISSING', message: expect.stringContaining('draft') });
  });

  test('takes a definition that nobody has saved, and tells what is wrong with it', async () => {
    const draft = { ...chain, name: 'unsaved' };
    const { run } = await previewStep(server, { definition: draft, stepId: 'draft', inputs: { topic: 'ice' } });
    await untilRun(server, run.id, 'COMPLETED');
    const wrong = { ...chain, name: 'wrong', steps: [prompt('draft', '{{ inputs.nothing }}')] };
    expect(await previewStep(server, { definition: wrong, stepId: 'draft' })).toMatchObject({
      __typename: 'InvalidWorkflowError',
    });
  });
});
