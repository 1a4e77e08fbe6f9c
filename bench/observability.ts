import {
  inScope,
  ModelTelemetry,
  Observability,
  readTelemetrySettings,
  startTracing,
} from '@switchyard/api/observability';
import type { CallFacts, ChainOutcome } from '@switchyard/core/dispatch';
import { silentLog } from '@switchyard/core/kernel';
import { systemClock } from '@switchyard/core/kernel/system';
import type { CallPurpose, CallRecord } from '@switchyard/core/metrics';
import type { BenchReport } from './harness/report.ts';

const calls = 20_000;
const warmUp = 5_000;
/** Processor time of this process, all its threads: what else the machine does disturbs a round or two, not the median of them. */
const roundCount = 5;

const purpose: CallPurpose = { teamId: 'team_1', source: 'openai-compatible' };
const target = {
  ...{ providerId: 'openai', modelId: 'openai/gpt-4o-mini', vendorModelId: 'gpt-4o-mini', origin: 'live' },
} as CallFacts['target'];
const recordOf = (id: string): CallRecord => ({
  ...purpose,
  ...{ id, attempt: 1, providerId: 'openai', modelId: 'openai/gpt-4o-mini', origin: 'live', outcome: 'succeeded' },
  ...{ usage: { inputTokens: 812, outputTokens: 140 }, costNanoUsd: 205_800n, startedAtMs: Date.now() },
  ...{ latencyMs: 900, timeToFirstTokenMs: 210, finishReason: { unified: 'stop', raw: 'stop' } },
});

/** What watching costs a call: counters alone, with the hooks of logs and traces, and with a collector configured. */
export async function runObservability(): Promise<BenchReport> {
  const models = new ModelTelemetry(silentLog);
  const environment: Readonly<Record<string, string>> = {
    // Nobody listens there, and nothing is sent within the time of the measurement.
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_METRICS_EXPORTER: 'none' },
    ...{
      OTEL_BSP_SCHEDULE_DELAY: '100000000',
      OTEL_BSP_MAX_QUEUE_SIZE: '2048',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2048',
    },
  };
  const settings = readTelemetrySettings((name) => environment[name], []);
  if (!settings) throw new Error('The variables ask for traces.');
  const describe = () => ({ type: 'openai', baseUrl: 'https://api.openai.com/v1' }) as const;
  const tracing = startTracing({ settings, clock: systemClock, log: silentLog, instanceId: 'bench', describe });
  const counters = await measure((id) => countOnly(models, id));
  const off = await measure((id) => watched(new Observability(models), models, id));
  const on = await measure((id) => watched(new Observability(models, tracing), models, id));
  const row = (name: string, us: number) => [name, `${us.toFixed(1)} µs`];
  return {
    title: 'What watching costs a call',
    method: `One call that is answered at once, through the same hooks as every call, without anything else of the gateway: its counters and histograms for Prometheus; then also the scope of its log lines and the watch over its chain, without a collector (the default); then with two spans (route, attempt) for OpenTelemetry, whose queue is full. ${calls} calls after ${warmUp} to warm up, one at a time, processor time of the process with its collection of garbage, medians of ${roundCount} rounds.`,
    columns: ['what', 'per call'],
    rows: [row('counters alone', counters), row('and hooks, no collector', off), row('and traces', on)],
    promises: [
      {
        text: `without a collector hooks add ≤ 10 µs (${(off - counters).toFixed(1)} µs)`,
        isKept: off - counters <= 10,
      },
      { text: `traces cost ≤ 100 µs (${on.toFixed(1)} µs)`, isKept: on <= 100 },
    ],
  };
}

async function measure(once: (id: string) => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < roundCount; round += 1) {
    for (let index = 0; index < warmUp; index += 1) await once(`call_w${round}_${index}`);
    const before = process.cpuUsage();
    for (let index = 0; index < calls; index += 1) await once(`call_${round}_${index}`);
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / calls);
  }
  return rounds.toSorted((a, b) => a - b)[Math.floor(roundCount / 2)] ?? 0;
}

const noFacts = { expectedNanoUsd: undefined, latencyTargetMs: undefined };

async function countOnly(models: ModelTelemetry, id: string): Promise<void> {
  models.onCallEnd(recordOf(id), noFacts);
}

function watched(observability: Observability, models: ModelTelemetry, callId: string): Promise<ChainOutcome> {
  const call = { model: 'gpt-4o-mini', messages: [] };
  const facts: CallFacts = {
    ...{ callId, attempt: 1, operation: 'chat', target, call, purpose, isHedge: false },
    readReceived: () => '',
  };
  const resolution = {
    ...{ requested: 'openai/gpt-4o-mini', kind: 'model', targets: [target], refused: [], policy: {} },
  } as unknown as Parameters<Observability['watchChain']>[0];
  const go = async (): Promise<ChainOutcome> => {
    const record = recordOf(callId);
    await observability.aroundCall(facts, async () => record);
    models.onCallEnd(record, noFacts);
    observability.callEnded(record);
    return { record, records: [record], target, warnings: [] };
  };
  const listener = { onPart: () => {}, onReset: () => {} };
  return inScope({ requestId: 'req_1' }, () => observability.watchChain(resolution, purpose, listener, go));
}
