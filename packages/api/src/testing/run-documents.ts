import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { ask, type LooseJson } from './graph-client.ts';

type Server = { readonly graphUrl: string; readonly socketUrl: string; readonly key: string };
type Options = { readonly key?: string };

export const runFields =
  'id state workflowName workflowVersion source inputs outputs error { code message remedy } tags lastSeq costUsd inputTokens outputTokens stepCount settledStepCount pendingApprovals retries rerunOfId totals { providerId calls costUsd }';
const refused = '... on UserError { code message path } ... on ValidationError { issues { path message } }';
const invalid = '... on InvalidWorkflowError { problems { path message } }';
const starting = new Set(['startRun', 'previewStep', 'rerunWorkflow']);

/** Carries out a mutation of runs; `type` is that of its input. Answers its success or its typed error. */
async function change(
  server: Server,
  name: string,
  type: string,
  input: object,
  options: Options,
  fields = `run { ${runFields} }`,
): Promise<LooseJson> {
  const success = `... on ${name[0]?.toUpperCase()}${name.slice(1)}Success { ${fields} }`;
  const document = `mutation($input: ${type}!) { ${name}(input: $input) { __typename ${success} ${refused} ${starting.has(name) ? invalid : ''} } }`;
  return (await ask(server, document, { input }, options))[name];
}

export const startRun = (server: Server, input: object, options: Options = {}) =>
  change(server, 'startRun', 'StartRunInput', input, options);
export const previewStep = (server: Server, input: object, options: Options = {}) =>
  change(server, 'previewStep', 'PreviewStepInput', input, options);
export const rerunWorkflow = (server: Server, input: object, options: Options = {}) =>
  change(server, 'rerunWorkflow', 'RerunWorkflowInput', input, options);
export const retryRun = (server: Server, input: object, options: Options = {}) =>
  change(server, 'retryRun', 'RetryRunInput', input, options);
export const cancelRun = (server: Server, runId: string, options: Options = {}) =>
  change(server, 'cancelRun', 'RunIdInput', { runId }, options);
export const approveStep = (server: Server, input: object, options: Options = {}) =>
  change(server, 'approveStep', 'ApproveStepInput', input, options);
export const declineStep = (server: Server, input: object, options: Options = {}) =>
  change(server, 'declineStep', 'DeclineStepInput', input, options);
export const deleteRun = (server: Server, runId: string, options: Options = {}) =>
  change(server, 'deleteRun', 'RunIdInput', { runId }, options, 'deletedId');

export const stepFields =
  'stepId type title state generation output partialOutput modelId chosen reason isGiven fromRunId attemptCount startedAt endedAt error { code message } items { total completed failed } modelOutputs { modelId output } routes { role strategy explanation place { callId slot } candidates { modelId } } approvals { approvalId kind message subject canEdit approvers mayDecide decision { isApproved comment } } attempts { state providerId modelId servedModel startedAt firstTokenAt endedAt costUsd usage { inputTokens outputTokens } errorKind remedy decisionId place { stepId slot attempt } } lanes { laneId modelId output isComplete value place { stepId slot itemIndex attempt } } totals { providerId calls }';

export const readRun = async (server: Server, id: string, options: Options = {}): Promise<LooseJson> =>
  (
    await ask(
      server,
      `query($id: ID!) { run(id: $id) { ${runFields} definition steps { ${stepFields} } } }`,
      { id },
      options,
    )
  ).run;

/** Waits until a run is in one of `states`. */
export async function untilRun(server: Server, id: string, ...states: readonly string[]): Promise<LooseJson> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { run } = await ask(server, `query($id: ID!) { run(id: $id) { ${runFields} } }`, { id });
    if (states.includes(run.state)) return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The run did not become ${states.join(' or ')}.`);
}

/** Starts a run, waits for its end and answers it with its steps. */
export async function runToEnd(server: Server, input: object): Promise<LooseJson> {
  const { run, ...failure } = await startRun(server, input);
  if (!run) throw new Error(`Not started: ${JSON.stringify(failure)}`);
  await untilRun(server, run.id, 'COMPLETED', 'FAILED', 'CANCELLED');
  return readRun(server, run.id);
}

/** Puts a workflow into force; its name has to be new. */
export async function publish(server: Server, definition: object, options: Options = {}): Promise<string> {
  const name = (definition as { readonly name: string }).name;
  const create =
    'mutation($input: CreateWorkflowInput!) { createWorkflow(input: $input) { ... on WorkflowSuccess { workflow { id } } ... on UserError { message } } }';
  const { createWorkflow } = await ask(server, create, { input: { name, definition } }, options);
  const { id } = createWorkflow.workflow ?? fail(createWorkflow);
  const document =
    'mutation($input: PublishWorkflowInput!) { publishWorkflow(input: $input) { ... on WorkflowPublishedSuccess { version { version } } ... on UserError { message } } }';
  const { publishWorkflow } = await ask(server, document, { input: { workflowId: id, revision: 1 } }, options);
  if (!publishWorkflow.version) fail(publishWorkflow);
  return id;
}

function fail(answer: LooseJson): never {
  throw new Error(answer.message ?? JSON.stringify(answer));
}

export const runEventsDocument = `subscription ($id: ID!, $after: Int) {
  runEvents(runId: $id, afterSeq: $after) {
    __typename
    ... on SequencedEvent { seq at }
    ... on LaneProgress { laneId place { stepId } entry { kind modelId toModelId } }
    ... on RunStarted { retry givenStepIds }
    ... on StepStarted { stepId }
    ... on RouteDecided { routePlace: place { stepId } strategy candidates { modelId } explanation }
    ... on OutputDelta { laneId place { stepId callId attempt slot } text offset }
    ... on OutputReset { laneId reason }
    ... on OutputCompleted { laneId place { stepId slot } whole: text value costUsd answeredModelId usage { outputTokens } spend { providerId costUsd } }
    ... on StepCompleted { stepId stepState: state output modelId }
    ... on ApprovalRequested { stepId approvalId message }
    ... on RunFinished { state outputs error { code } run { state } }
  }
}`;

/** Reads the events of a run after `after`; with `leaveAfter` it disconnects once it has that many, else reads to the end. */
export type RunSubscriber = (server: Server, id: string, after?: number, leaveAfter?: number) => Promise<LooseJson[]>;

async function collect(
  results: AsyncIterableIterator<{ data?: LooseJson; errors?: unknown }>,
  leaveAfter: number,
): Promise<LooseJson[]> {
  const events: LooseJson[] = [];
  for await (const { data, errors } of results) {
    if (errors) throw new Error(JSON.stringify(errors));
    events.push(data.runEvents);
    if (events.length >= leaveAfter) break;
  }
  return events;
}

export const runSubscribers: Readonly<Record<string, RunSubscriber>> = {
  async 'graphql-ws'(server, id, after = 0, leaveAfter = Number.POSITIVE_INFINITY) {
    const client = createSocketClient({
      url: server.socketUrl,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${server.key}` },
      retryAttempts: 0,
    });
    try {
      return await collect(client.iterate({ query: runEventsDocument, variables: { id, after } }), leaveAfter);
    } finally {
      await client.dispose();
    }
  },
  async 'graphql-sse'(server, id, after = 0, leaveAfter = Number.POSITIVE_INFINITY) {
    const client = createSseClient({
      url: server.graphUrl,
      headers: { authorization: `Bearer ${server.key}` },
      retryAttempts: 0,
    });
    try {
      return await collect(client.iterate({ query: runEventsDocument, variables: { id, after } }) as never, leaveAfter);
    } finally {
      client.dispose();
    }
  },
};
