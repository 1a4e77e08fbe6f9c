// A server that executes tests of variants, in a process of its own, to be killed. Arguments: data folder, base URLs of the
// simulator, more environment as JSON, milliseconds of a lease. Tells how many answers are stored.
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowDefinition } from '@switchyard/core/workflows';
import { importDataset } from '../features/datasets/import-dataset.ts';
import { createExperiment } from '../features/experiments/change-experiment.ts';
import { startExperiment } from '../features/experiments/start-experiment.ts';
import { encodeId } from '../graphql/global-id.ts';
import { createApiServer } from '../server.ts';
import { RunStage } from './run-stage.ts';
import { testSettings } from './test-settings.ts';

export type ToTestChild = { readonly type: 'prepare'; readonly items: number; readonly capUsd: string };

export type FromTestChild =
  | { readonly type: 'ready' }
  | { readonly type: 'prepared'; readonly experimentIds: readonly string[] }
  /** Stored so far, and whether all tests have ended. */
  | { readonly type: 'answers'; readonly count: number; readonly isOver: boolean };

const workflow = 'answers-in-two-steps';
const steps = [
  {
    id: 'plan',
    type: 'prompt',
    models: [{ model: 'openai/gpt-4o-mini' }],
    parameters: { maxOutputTokens: 16 },
    prompt: 'Plan: {{ inputs.question }}',
  },
  {
    id: 'write',
    type: 'prompt',
    models: [{ model: 'google/gemini-2.5-flash' }],
    parameters: { maxOutputTokens: 16 },
    prompt: 'Write: {{ steps.plan.output }}',
  },
] as unknown as WorkflowDefinition['steps'];

/** Calls that each test may have open at a time. */
export const testConcurrency = 6;

const [dataDir = '', simulatorBaseUrls = '{}', environment = '{}', leaseMs = '1000'] = process.argv.slice(2);
const tell = (message: FromTestChild) => process.send?.(message);
const server = createApiServer(testSettings(dataDir, JSON.parse(environment)), {
  simulatorBaseUrls: JSON.parse(simulatorBaseUrls),
  runLeaseMs: Number(leaseMs),
});
const { services } = await server.start();
const stage = await RunStage.of(services);

/** A test of three variants to its last item, and one that its cap ends. */
async function prepare({ items, capUsd }: ToTestChild): Promise<readonly string[]> {
  await stage.publish(workflow, steps, { inputs: { question: { type: 'string' } } });
  const lines = Array.from({ length: items }, (_, index) => JSON.stringify({ input: `Explain topic ${index}` }));
  const content = [Buffer.from(lines.join('\n'))];
  const { versionId } = await importDataset(
    services,
    stage.identity,
    undefined,
    { name: 'Killed', format: 'jsonl' },
    content,
  );
  const definition = (cap: string) => ({
    hypothesis: 'Nothing is lost.',
    source: { type: 'paired', datasetVersionId: encodeId('DatasetVersion', versionId) },
    baseline: 'one',
    variants: [
      { key: 'one', model: 'openai/gpt-4o-mini', parameters: { maxOutputTokens: 24 } },
      { key: 'two', model: 'anthropic/claude-haiku-4-5', parameters: { maxOutputTokens: 24 } },
      { key: 'flow', workflow: { name: workflow, version: 1 } },
    ],
    primary: { metric: 'outputTokens' },
    smallestEffect: 1,
    stop: { onWin: false, onHarm: false, onFutility: false },
    caps: { costUsd: cap, concurrency: testConcurrency },
  });
  const ids: string[] = [];
  for (const [name, cap] of [
    ['Whole', '100'],
    ['Capped', capUsd],
  ] as const) {
    const id = await createExperiment(services, stage.identity, { name, definition: definition(cap) });
    ids.push(await startExperiment(services, stage.identity, id, { revision: 1 }));
  }
  return ids;
}

process.on('message', (message: ToTestChild) => {
  if (message.type === 'prepare')
    void prepare(message).then((experimentIds) => tell({ type: 'prepared', experimentIds }));
});
tell({ type: 'ready' });
for (;;) {
  const count = await services.prisma.experimentAnswer.count();
  const running = await services.prisma.experiment.count({ where: { state: { not: 'ended' } } });
  tell({ type: 'answers', count, isOver: count > 0 && running === 0 });
  await delay(25);
}
