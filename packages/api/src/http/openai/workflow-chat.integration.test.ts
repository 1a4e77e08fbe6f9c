import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createOpenAiClient, type OpenAI } from '../../testing/openai-client.ts';
import { createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { approveStep, publish, readRun, untilRun } from '../../testing/run-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let other: OtherTeam;
let client: OpenAI;

const prompt = (id: string, text: string, rest: object = {}) => ({
  id,
  type: 'prompt',
  models: [{ model: 'openai/gpt-4o-mini' }],
  prompt: text,
  ...rest,
});
const workflows = [
  {
    name: 'two-steps',
    inputs: { topic: { type: 'string' }, tone: { type: 'string', default: 'dry' } },
    steps: [
      prompt('draft', 'A {{ inputs.tone }} note on {{ inputs.topic }}'),
      prompt('final', 'Polish {{ steps.draft.output }}'),
    ],
    outputs: { answer: 'steps.final.output', draft: 'steps.draft.output' },
  },
  {
    name: 'pair',
    inputs: { a: { type: 'string' }, b: { type: 'string' } },
    steps: [{ id: 'join', type: 'transform', value: '{"sum": inputs.a + inputs.b}' }],
    outputs: { join: 'steps.join.output' },
  },
  {
    name: 'asks',
    inputs: { text: { type: 'string' } },
    steps: [{ id: 'ok', type: 'approval', message: 'Really?', subject: 'inputs.text' }],
    outputs: { text: 'steps.ok.output.value' },
  },
  {
    name: 'fails',
    inputs: { text: { type: 'string' } },
    steps: [{ id: 'bad', type: 'transform', value: 'int(inputs.text) + 1' }],
  },
];

beforeAll(async () => {
  server = await startTestServer({ speed: 10 });
  other = await createTeam(server.services, 'Other');
  for (const workflow of workflows) await publish(server, { format: 1, ...workflow });
  client = createOpenAiClient(server, { maxRetries: 2 });
});
afterAll(() => server.stop());

const say = (content: string) => [{ role: 'user' as const, content }];
const post = (body: object, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.key}`, ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
const runsOf = async (workflow: string): Promise<LooseJson[]> =>
  (
    await ask(server, 'query($w: String) { runs(filter: { workflow: $w }) { edges { node { id state source } } } }', {
      w: workflow,
    })
  ).runs.edges.map(({ node }: LooseJson) => node);

describe('a workflow as the model of the openai client', () => {
  test('answers with its output, the tokens of all its calls and its run', async () => {
    const { data, response } = await client.chat.completions
      .create({ model: 'workflow:two-steps', messages: say('tides'), temperature: 0.2 })
      .withResponse();
    const runId = response.headers.get('x-switchyard-run') ?? '';
    const run = await readRun(server, runId);
    expect(run).toMatchObject({
      state: 'COMPLETED',
      source: 'OPENAI_COMPATIBLE',
      inputs: { topic: 'tides', tone: 'dry' },
    });
    expect(data.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant' } });
    expect(data.choices[0]?.message.content).toBe(run.outputs.answer);
    expect(data.usage).toMatchObject({ prompt_tokens: run.inputTokens, completion_tokens: run.outputTokens });
    expect((data as LooseJson).switchyard).toMatchObject({
      run: runId,
      workflow: 'two-steps',
      version: 1,
      cost_usd: run.costUsd,
      attempts: 2,
      warnings: [{ setting: 'temperature' }],
    });
  });

  test('streams the step that makes the answer as it is written, with comments about the others', async () => {
    const response = await post({
      model: 'workflow:two-steps',
      messages: say('ice'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const text = await response.text();
    const events = text.split('\n\n').filter((event) => event !== '');
    const chunks = events.filter((event) => event.startsWith('data: {')).map((event) => JSON.parse(event.slice(6)));
    const written = chunks.map(({ choices }: LooseJson) => choices[0]?.delta.content ?? '');
    const run = await readRun(server, response.headers.get('x-switchyard-run') ?? '');
    expect(chunks[0].choices[0].delta).toEqual({ role: 'assistant', content: '' });
    expect(written.join('')).toBe(run.outputs.answer);
    const firstPiece = events.findIndex((event) => /"content":"[^"]/.test(event));
    expect(firstPiece).toBeLessThan(events.findIndex((event) => event.includes('"step-completed","step":"final"')));
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: run.outputTokens } });
    expect(events.at(-1)).toBe('data: [DONE]');
    const progress = events.filter((event) => event.startsWith(': switchyard ')).map((e) => JSON.parse(e.slice(13)));
    expect(progress.map(({ event, step }) => `${event} ${step}`)).toEqual([
      'step-started draft',
      'attempt-started draft',
      'step-completed draft',
      'step-started final',
      'attempt-started final',
      'step-completed final',
    ]);
  });

  test('is read by the client’s own stream, and one output can be asked for', async () => {
    const stream = client.chat.completions.stream({ model: 'workflow:two-steps/draft', messages: say('snow') });
    const completion = await stream.finalChatCompletion();
    const [{ id }] = (await runsOf('two-steps')) as [LooseJson];
    expect(completion.choices[0]?.message.content).toBe((await readRun(server, id)).outputs.draft);
  });

  test('takes its inputs by name: as a JSON message, or beside the messages', async () => {
    const ofMessage = await client.chat.completions.create({
      model: 'workflow:pair',
      messages: say('{"a": "x", "b": "y"}'),
    });
    expect(JSON.parse(ofMessage.choices[0]?.message.content ?? '')).toEqual({ sum: 'xy' });
    const body = { model: 'workflow:pair', messages: say('-'), switchyard: { inputs: { a: '1', b: '2' } } };
    const answer: LooseJson = await (await post(body)).json();
    expect(JSON.parse(answer.choices[0].message.content)).toEqual({ sum: '12' });
  });

  test('is listed with the models, for its own team only', async () => {
    const names = async (key: string) =>
      (await createOpenAiClient(server, { apiKey: key }).models.list()).data.map(({ id }) => id);
    expect(await names(server.key)).toContain('workflow:two-steps');
    expect(await names(other.key)).not.toContain('workflow:two-steps');
    const one: LooseJson = await client.models.retrieve('workflow:two-steps');
    expect(one.switchyard).toMatchObject({ kind: 'workflow', inputs: { topic: { type: 'string' } } });
  });
});

describe('a workflow that does not answer', () => {
  const failure = async (create: Promise<unknown>): Promise<LooseJson> =>
    create.then(
      () => expect.fail('It answered.'),
      (error: unknown) => error,
    );

  test('is told in the form of OpenAI, and is not started again by the client', async () => {
    const before = (await runsOf('fails')).length;
    const create = client.chat.completions.create({ model: 'workflow:fails', messages: say('one') });
    const error = await failure(create);
    expect(error).toMatchObject({ status: 502, code: 'workflow_failed' });
    expect(error.message).toContain('Run: ');
    expect(await runsOf('fails')).toHaveLength(before + 1);
  });

  test('ends a stream without its mark of a whole answer', async () => {
    const text = await (await post({ model: 'workflow:fails', messages: say('one'), stream: true })).text();
    expect(text).toContain('"code":"workflow_failed"');
    expect(text).not.toContain('[DONE]');
  });

  test.each([
    ['workflow:nobody', say('x'), 404, 'model_not_found'],
    ['workflow:pair', say('x'), 400, null],
    ['workflow:pair/product', say('x'), 400, null],
  ])('%s is refused before anything is started', async (model, messages, status, code) => {
    expect(await failure(client.chat.completions.create({ model, messages }))).toMatchObject({ status, code });
  });

  test('does not take tools, which would change what the answer means', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'f', parameters: {} } }];
    const error = await failure(
      client.chat.completions.create({ model: 'workflow:two-steps', messages: say('x'), tools }),
    );
    expect(error).toMatchObject({ status: 400, param: 'tools' });
  });

  test('of another team is not there', async () => {
    const stranger = createOpenAiClient(server, { apiKey: other.key });
    const error = await failure(stranger.chat.completions.create({ model: 'workflow:two-steps', messages: say('x') }));
    expect(error).toMatchObject({ status: 404, code: 'model_not_found' });
  });

  test('waits for a person: the client is told where, and comes back to the same run by its key', async () => {
    const ask = () => post({ model: 'workflow:asks', messages: say('Hello') }, { 'idempotency-key': 'k-1' });
    const refused = await ask();
    expect(refused.status).toBe(409);
    expect(((await refused.json()) as LooseJson).error).toMatchObject({ code: 'approval_required' });
    const runId = refused.headers.get('x-switchyard-run') ?? '';
    const { steps } = await readRun(server, runId);
    await approveStep(server, { runId, approvalId: steps[0].approvals[0].approvalId });
    await untilRun(server, runId, 'COMPLETED');
    const answered = await ask();
    expect(answered.headers.get('x-switchyard-run')).toBe(runId);
    expect(((await answered.json()) as LooseJson).choices[0].message.content).toBe('Hello');
  });
});

describe('a client that goes away', () => {
  const leave = async (headers: Record<string, string>) => {
    const gone = new AbortController();
    const response = await post(
      { model: 'workflow:two-steps', messages: say('x'), stream: true },
      headers,
      gone.signal,
    );
    const runId = response.headers.get('x-switchyard-run') ?? '';
    gone.abort();
    await response.text().catch(() => {});
    return untilRun(server, runId, 'COMPLETED', 'CANCELLED', 'FAILED');
  };

  test('takes the run with it', async () => {
    // So that the run cannot end before the client has gone, however slow the machine is.
    server.simulator.control.addFault({ kind: 'silent' });
    expect((await leave({})).state).toBe('CANCELLED');
    server.simulator.control.clearFaults();
  });

  test('leaves it alone when it can come back by its key', async () => {
    expect((await leave({ 'idempotency-key': 'k-2' })).state).toBe('COMPLETED');
  });
});

test('a workflow where only a model can stand is refused with what to do instead', async () => {
  const document =
    'mutation { complete(input: { model: "workflow:two-steps", prompt: "x" }) { __typename ... on UserError { message } } }';
  expect((await ask(server, document)).complete).toMatchObject({
    __typename: 'NoEligibleModelError',
    message: expect.stringContaining('startRun'),
  });
});
