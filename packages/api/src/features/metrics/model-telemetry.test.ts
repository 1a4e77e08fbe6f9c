import { silentLog } from '@switchyard/core/kernel';
import { expect, test } from 'vitest';
import { formatFamilies } from '../../observability/metrics/format-families.ts';
import { callRecord } from '../../testing/call-record.ts';
import { RecordingLog } from '../../testing/recording-log.ts';
import { ModelTelemetry } from './model-telemetry.ts';

const selection = {
  teamId: 'team_1',
  provider: 'openai',
  model: 'openai/gpt-4o',
  decisionType: 'latency-first',
  workflowId: 'w1',
  stepId: 's1',
};

test('scrapers see selections, breaches and latencies', () => {
  const telemetry = new ModelTelemetry(silentLog);
  telemetry.selection(selection);
  telemetry.selection(selection);
  telemetry.breach('team_1', 'cost');
  telemetry.callFinished(callRecord('a', { latencyMs: 1_500 }));
  const text = formatFamilies(telemetry.families());
  for (const line of [
    'model_selection_count{provider="openai"} 2',
    'model_guardrail_breach_total{type="cost"} 1',
    'model_latency_ms_bucket{provider="openai",model="openai/gpt-4o",outcome="succeeded",le="2000"} 1',
    'model_latency_ms_bucket{provider="openai",model="openai/gpt-4o",outcome="succeeded",le="1000"} 0',
  ])
    expect(text.split('\n')).toContain(line);
});

test('a client that invents models cannot make a scraper pay for each', () => {
  const telemetry = new ModelTelemetry(silentLog);
  for (let index = 0; index < 1_000; index += 1)
    telemetry.callFinished(callRecord(`c${index}`, { modelId: `openai/invented-${index}` }));
  const text = formatFamilies(telemetry.families());
  expect(text.match(/model_latency_ms_count/g)?.length).toBeLessThanOrEqual(501);
  expect(text).toContain('model="other"');
});

test('log events carry the fields that pipelines look for', () => {
  const log = new RecordingLog();
  const telemetry = new ModelTelemetry(log);
  telemetry.selection({ ...selection, estimatedCostNanoUsd: 2_500_000n });
  const record = callRecord('a', { workflowId: 'w1', stepId: 's1', latencyMs: 2_000 });
  telemetry.onCallEnd(record, { expectedNanoUsd: 80_000n, latencyTargetMs: 1_500 });
  telemetry.onCallEnd(record, { expectedNanoUsd: undefined, latencyTargetMs: 3_000 });
  const common = {
    channel: 'model_guardrails',
    workflowId: 'w1',
    stepId: 's1',
    provider: 'openai',
    model: 'openai/gpt-4o',
  };
  expect(log.lines).toMatchObject([
    {
      level: 'info',
      fields: { ...common, event: 'model.selection', estimatedCost: '0.0025', decisionType: 'latency-first' },
    },
    {
      level: 'warn',
      fields: {
        ...common,
        ...{ event: 'model.latencyWarning', estimatedCost: '0.00008', actualCost: '0.000075', latencyMs: 2_000 },
      },
    },
  ]);
});
