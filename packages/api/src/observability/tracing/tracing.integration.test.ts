import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { decodeId } from '../../graphql/global-id.ts';
import { createApiServer } from '../../server.ts';
import { ask } from '../../testing/graph-client.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../testing/otlp-receiver.ts';
import { approveStep, publish, readRun, startRun, untilRun } from '../../testing/run-documents.ts';
import { RunStage } from '../../testing/run-stage.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { spanIdOf, traceIdOfRun } from './trace-ids.ts';

/** Stands in every prompt of these tests, and may stand in nothing that is exported. */
const canary = 'canary-prompt-4711';
const clientTrace = '4bf92f3577b34da6a3ce929d0e0e4736';
const clientSpan = '00f067aa0ba902b7';

let collector: OtlpReceiver;
let server: TestServer;
beforeAll(async () => {
  collector = await startOtlpReceiver();
  server = await startTestServer({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=blue%20team',
      OTEL_SERVICE_NAME: 'gate',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_METRIC_EXPORT_INTERVAL: '300',
      SWITCHYARD_TRACE_PROVIDERS: 'openai',
    },
  });
});
afterEach(() => server.simulator.control.reset());
afterAll(async () => {
  await server?.stop();
  await collector?.stop();
});

const patiently = { timeout: 20_000 };

async function chat(model: string, headers: Readonly<Record<string, string>> = {}, rest: object = {}): Promise<string> {
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: `${canary} Say hello.` }], ...rest }),
  });
  await answer.text();
  return answer.headers.get('x-request-id') ?? '';
}

/** The spans of one trace once all of `names` are among them. */
async function spansOf(traceId: string, ...names: readonly string[]): Promise<readonly ReceivedSpan[]> {
  const own = () => collector.spans.filter((span) => span.traceId === traceId);
  await expect.poll(() => own().map(({ name }) => name), patiently).toEqual(expect.arrayContaining([...names]));
  return own();
}

const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
  const span = spans.find((each) => each.name === name);
  if (!span) throw new Error(`There is no span ${name}.`);
  return span;
};

describe('one call', () => {
  test('is request, route and attempt in the trace of the client, with what the GenAI conventions name', async () => {
    const requestId = await chat(
      'openai/gpt-4o-mini',
      { traceparent: `00-${clientTrace}-${clientSpan}-01` },
      { stream: true },
    );
    const request = 'POST /v1/chat/completions';
    const spans = await spansOf(clientTrace, request, 'route openai/gpt-4o-mini', 'chat gpt-4o-mini');
    const attempt = named(spans, 'chat gpt-4o-mini');
    expect(named(spans, request)).toMatchObject({
      parentSpanId: clientSpan,
      kind: 2,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/chat/completions',
        'http.response.status_code': 200,
        'switchyard.request.id': requestId,
      },
    });
    expect(named(spans, 'route openai/gpt-4o-mini').parentSpanId).toBe(named(spans, request).spanId);
    expect(attempt).toMatchObject({
      parentSpanId: named(spans, 'route openai/gpt-4o-mini').spanId,
      kind: 3,
      statusCode: 0,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.response.model': expect.any(String),
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': expect.any(Number),
        'gen_ai.usage.output_tokens': expect.any(Number),
        'gen_ai.request.stream': true,
        'gen_ai.response.time_to_first_chunk': expect.any(Number),
        'server.address': expect.any(String),
        'switchyard.attempt.reason': 'first',
      },
    });
    expect(attempt.spanId).toBe(spanIdOf('call', String(attempt.attributes['switchyard.call.id'])));
    expect(attempt.endMs).toBeGreaterThanOrEqual(attempt.startMs);
    expect(collector.resource()).toMatchObject({ 'service.name': 'gate', 'deployment.environment.name': 'test' });
    expect(collector.headers()['x-tenant']).toBe('blue team');
  });

  test('that fails over is two attempts side by side, the second with the reason', async () => {
    server.simulator.control.addFault({ kind: 'error', status: 503, vendor: 'openai' });
    const document = `mutation($input: CompleteInput!) { complete(input: $input) { __typename ... on CompleteSuccess { text } } }`;
    const input = { model: 'openai/gpt-4o-mini', fallbacks: ['anthropic/claude-haiku-4-5'], prompt: `${canary} Hi` };
    const before = new Set(collector.spans.map(({ traceId }) => traceId));
    const { complete } = await ask(server, document, { input });
    expect(complete.__typename).toBe('CompleteSuccess');
    const found = () =>
      collector.spans.find(({ name, traceId }) => name === 'chat claude-haiku-4-5' && !before.has(traceId));
    await expect.poll(() => found()?.traceId, patiently).toBeDefined();
    const spans = await spansOf(found()?.traceId ?? '', 'POST /graphql', 'route openai/gpt-4o-mini');
    const attempts = spans.filter(({ kind }) => kind === 3);
    const route = named(spans, 'route openai/gpt-4o-mini');
    expect(new Set(attempts.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([route.spanId]));
    expect(named(spans, 'chat gpt-4o-mini')).toMatchObject({ statusCode: 2 });
    expect(named(spans, 'chat claude-haiku-4-5').attributes).toMatchObject({
      'gen_ai.provider.name': 'anthropic',
      'switchyard.attempt.reason': 'fallback',
    });
    expect(route.events.map(({ name }) => name)).toContain('failover');
    expect(route.attributes).toMatchObject({ 'switchyard.model.answered': 'anthropic/claude-haiku-4-5' });
    expect(named(spans, 'POST /graphql').attributes).toMatchObject({ 'graphql.operation.type': 'mutation' });
  });

  test('a provider that was named gets the trace, and no other one does', async () => {
    server.simulator.control.reset();
    await chat('openai/gpt-4o-mini', { traceparent: `00-${'ab'.repeat(16)}-${clientSpan}-01`, tracestate: 'vendor=1' });
    await chat('anthropic/claude-haiku-4-5', { traceparent: `00-${'cd'.repeat(16)}-${clientSpan}-01` });
    const spans = await spansOf('ab'.repeat(16), 'chat gpt-4o-mini');
    const asked = server.simulator.control.requests().filter(({ method }) => method === 'POST');
    const sent = (vendor: string) => asked.find((request) => request.vendor === vendor)?.headers;
    const { spanId } = named(spans, 'chat gpt-4o-mini');
    expect(sent('openai')).toMatchObject({ traceparent: `00-${'ab'.repeat(16)}-${spanId}-01`, tracestate: 'vendor=1' });
    expect(sent('anthropic')).not.toHaveProperty('traceparent');
  });

  test('what a client writes into traceparent is taken only when it is one', async () => {
    const before = collector.spans.length;
    await chat('openai/gpt-4o-mini', { traceparent: `00-${'0'.repeat(32)}-${clientSpan}-01` });
    await expect.poll(() => collector.spans.length, patiently).toBeGreaterThan(before + 2);
    expect(collector.spans.some(({ traceId }) => /^0+$/.test(traceId))).toBe(false);
  });
});

describe('a run', () => {
  test('is one trace from its start to its end, with the wait for a person in it and requests that point at it', async () => {
    await publish(server, {
      format: 1,
      name: 'traced',
      inputs: { topic: { type: 'string' } },
      steps: [
        { id: 'draft', type: 'prompt', models: [{ model: 'openai/gpt-4o-mini' }], prompt: '{{ inputs.topic }}' },
        { id: 'check', type: 'approval', message: 'Well?', subject: 'steps.draft.output' },
      ],
      outputs: { text: 'steps.draft.output' },
    });
    const { run } = await startRun(server, { workflow: 'traced', inputs: { topic: canary } });
    await untilRun(server, run.id, 'WAITING');
    const waiting = await readRun(server, run.id);
    const { approvalId } = waiting.steps.find(({ stepId }: { stepId: string }) => stepId === 'check').approvals[0];
    await approveStep(server, { runId: run.id, approvalId });
    await untilRun(server, run.id, 'COMPLETED');
    const runId = decodeId(run.id, 'Run') ?? '';
    const traceId = traceIdOfRun(runId);
    const spans = await spansOf(traceId, 'invoke_workflow traced', 'step draft', 'step check', 'chat gpt-4o-mini');
    const root = named(spans, 'invoke_workflow traced');
    expect(root).toMatchObject({ parentSpanId: '', spanId: spanIdOf('run', runId) });
    expect(root.attributes).toMatchObject({ 'switchyard.run.outcome': 'completed', 'gen_ai.workflow.name': 'traced' });
    expect(named(spans, 'step draft').parentSpanId).toBe(root.spanId);
    const route = named(spans, 'route openai/gpt-4o-mini');
    expect(route.parentSpanId).toBe(named(spans, 'step draft').spanId);
    expect(named(spans, 'chat gpt-4o-mini').parentSpanId).toBe(route.spanId);
    expect(named(spans, 'step check').attributes).toMatchObject({ 'switchyard.approval.decision': 'approved' });
    const pointing = () => collector.spans.filter(({ links }) => links.some((link) => link.traceId === traceId));
    await expect.poll(() => pointing().length, patiently).toBeGreaterThanOrEqual(2);
  }, 60_000);
});

test('metrics come too, under the names of the conventions and under our own', async () => {
  await chat('openai/gpt-4o-mini');
  await expect.poll(() => [...collector.metrics.keys()], patiently).toContain('gen_ai.client.token.usage');
  const duration = collector.metrics.get('gen_ai.client.operation.duration');
  expect(duration?.unit).toBe('s');
  const ofChat = duration?.points.find(({ attributes }) => attributes['gen_ai.request.model'] === 'gpt-4o-mini');
  expect(ofChat).toMatchObject({
    count: expect.any(Number),
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai' },
  });
  expect(collector.metrics.get('switchyard_http_requests_total')?.points.length).toBeGreaterThan(0);
  expect(collector.metrics.get('switchyard_database_up')?.points).toMatchObject([{ value: 1 }]);
});

test('nothing of prompts, answers and secrets is exported', async () => {
  await chat('openai/gpt-4o-mini');
  const bytes = collector.bytes().toString('latin1');
  expect(bytes).toContain('gen_ai.usage.output_tokens');
  for (const secret of [canary, server.key]) expect(bytes).not.toContain(secret);
});

test('a run that another process ends is the same trace; what waits is sent at the stop; content only when switched on', async () => {
  await publish(server, {
    format: 1,
    name: 'handed-over',
    steps: [
      { id: 'draft', type: 'prompt', models: [{ model: 'openai/gpt-4o-mini' }], prompt: 'Before' },
      { id: 'check', type: 'approval', message: 'Well?' },
      {
        id: 'final',
        type: 'prompt',
        models: [{ model: 'openai/gpt-4o-mini' }],
        prompt: `${canary} {{ steps.check.output.approved }}`,
      },
    ],
    outputs: { text: 'steps.final.output' },
  });
  const { run } = await startRun(server, { workflow: 'handed-over', inputs: {} });
  const runId = decodeId(run.id, 'Run') ?? '';
  const traceId = traceIdOfRun(runId);
  await untilRun(server, run.id, 'WAITING');
  const before = server.services.instanceId;
  const { settings } = server.services;
  await server.stopServer(1_000);
  const { telemetry } = settings;
  if (!telemetry) throw new Error('The server of these tests has a collector.');
  // Nothing is due for an hour: what arrives was sent at the stop.
  const patient = { ...telemetry, capturesContent: true, batch: { ...telemetry.batch, delayMs: 3_600_000 } };
  const next = createApiServer(
    { ...settings, telemetry: patient },
    { simulatorBaseUrls: server.simulator.baseUrls, log: server.log },
  );
  const { services } = await next.start();
  try {
    const { teamId } = await services.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    const stage = new RunStage(services, teamId);
    const details = await services.runs.details(teamId, runId);
    const approvalId = details?.steps[1]?.approvals[0]?.approvalId ?? '';
    await services.runs.decideApproval(stage.identity, { runId, approvalId, isApproved: true });
    expect(await stage.finish(runId)).toMatchObject({ state: 'completed' });
    expect(collector.spans.some(({ name }) => name === 'invoke_workflow handed-over')).toBe(false);
  } finally {
    await next.stop(5_000);
  }
  const spans = collector.spans.filter((span) => span.traceId === traceId);
  const root = named(spans, 'invoke_workflow handed-over');
  expect(named(spans, 'step draft')).toMatchObject({ instance: before, parentSpanId: root.spanId });
  for (const name of ['step check', 'step final'])
    expect(named(spans, name)).toMatchObject({ instance: services.instanceId, parentSpanId: root.spanId });
  const check = named(spans, 'step check');
  expect(check.startMs).toBeLessThan(check.endMs);
  expect(root.startMs).toBeLessThanOrEqual(named(spans, 'step draft').startMs);
  const answered = spans.find(({ instance, kind }) => instance === services.instanceId && kind === 3);
  expect(answered?.attributes['gen_ai.input.messages']).toContain(canary);
  expect(answered?.attributes['gen_ai.output.messages']).toContain('assistant');
}, 60_000);
