// A server that executes runs, in a process of its own, to be killed. Arguments: data folder, base URLs of the
// simulator, more environment as JSON, milliseconds of a lease. Is told what to do by messages and tells of events.
import type { WorkflowDefinition } from '@switchyard/core/workflows';
import { createApiServer } from '../server.ts';
import { RunStage } from './run-stage.ts';
import { testSettings } from './test-settings.ts';

export type ToRunChild =
  /** Publishes the workflow and makes a budget; once for a database. */
  | { readonly type: 'prepare' }
  | { readonly type: 'start'; readonly count: number }
  | { readonly type: 'follow'; readonly runId: string; readonly afterSeq: number };

export type FromRunChild =
  | { readonly type: 'ready' | 'prepared' }
  | { readonly type: 'started'; readonly runIds: readonly string[] }
  | { readonly type: 'event'; readonly runId: string; readonly seq: number; readonly event: string };

export const killedWorkflow = 'killed-again-and-again';

/** Clarify, plan, generate on two models side by side, a map over a list, review. */
const steps = [
  { id: 'clarify', type: 'prompt', models: [{ model: 'openai/gpt-4o-mini' }], prompt: 'Clarify: {{ inputs.task }}' },
  { id: 'plan', type: 'prompt', role: 'planner', prompt: 'Plan: {{ steps.clarify.output }}' },
  {
    id: 'generate',
    type: 'prompt',
    strategy: 'parallel',
    models: [{ model: 'anthropic/claude-haiku-4-5' }, { model: 'google/gemini-2.5-flash' }],
    prompt: 'Write: {{ steps.plan.output }}',
  },
  {
    id: 'parts',
    type: 'map',
    over: 'inputs.parts',
    concurrency: 3,
    do: { type: 'prompt', models: [{ model: 'openai/gpt-4o-mini' }], prompt: '{{ item }} of {{ steps.plan.output }}' },
  },
  {
    id: 'review',
    type: 'prompt',
    models: [{ model: 'openai/gpt-4o-mini' }],
    prompt: 'Review: {{ steps.generate.output }} {{ steps.parts.output | bullets }}',
  },
] as unknown as WorkflowDefinition['steps'];

const [dataDir = '', simulatorBaseUrls = '{}', environment = '{}', leaseMs = '1000'] = process.argv.slice(2);
const tell = (message: FromRunChild) => process.send?.(message);
const server = createApiServer(testSettings(dataDir, JSON.parse(environment)), {
  simulatorBaseUrls: JSON.parse(simulatorBaseUrls),
  runLeaseMs: Number(leaseMs),
});
const { services } = await server.start();
const stage = await RunStage.of(services);

async function prepare(): Promise<void> {
  const { teamId } = stage.identity;
  const common = { teamId, timeZone: 'UTC', mode: 'hard', onBreach: 'skip-to-next', whenAllBreach: 'fail' };
  const json = { alertThresholds: [], unpriced: { kind: 'refuse' }, raises: [], scope: [] };
  const amount = { unit: 'cost', window: 'lifetime', limitAmount: 100_000_000_000n };
  const long = new Date(Date.now() - 60_000);
  const times = { createdAt: long, updatedAt: long };
  await services.prisma.budget.create({
    data: { id: 'bud_all', name: 'All', ...common, ...json, ...amount, ...times },
  });
  await services.budgets.book.reload();
  const inputs = { task: { type: 'string' }, parts: { type: 'list' } } as const;
  await stage.publish(killedWorkflow, steps, { inputs });
}

async function start(count: number): Promise<void> {
  const inputs = { task: 'A small tool.', parts: ['One', 'Two', 'Three', 'Four', 'Five'] };
  const runs = await Promise.all(Array.from({ length: count }, () => stage.start(killedWorkflow, { inputs })));
  tell({ type: 'started', runIds: runs.map(({ id }) => id) });
}

async function follow(runId: string, afterSeq: number): Promise<void> {
  const signal = new AbortController().signal;
  for await (const event of services.runs.follow(stage.identity.teamId, runId, afterSeq, signal))
    tell({ type: 'event', runId, seq: event.seq, event: event.type });
}

process.on('message', (message: ToRunChild) => {
  if (message.type === 'prepare') void prepare().then(() => tell({ type: 'prepared' }));
  if (message.type === 'start') void start(message.count);
  if (message.type === 'follow') void follow(message.runId, message.afterSeq);
});
tell({ type: 'ready' });
