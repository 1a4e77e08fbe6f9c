// A process that makes calls without end under budgets, to be killed. Arguments: URL of the database, data folder, seed.
// Tells its parent of every reservation (`+1`) and of every settlement (`-1`).
import { type ChainDependencies, type DispatchTarget, defaultChainPolicy, runChain } from '@switchyard/core/dispatch';
import type { BudgetLedger } from '@switchyard/core/guardrails';
import { createSeededRandom, silentLog, sleep } from '@switchyard/core/kernel';
import { systemClock, systemIds } from '@switchyard/core/kernel/system';
import { CircuitBreakers, ConcurrencyLimits, defaultDeadlines, RetryBudgets } from '@switchyard/core/policies';
import { type ModelAdapter, ProviderError, type StreamPart } from '@switchyard/core/spec';
import { startLedger } from '../features/guardrails/start-ledger.ts';
import { createMetricsStore } from '../features/metrics/start-metrics.ts';
import { openDatabase } from '../persistence/database.ts';
import { testSettings } from './test-settings.ts';

const [url = '', dataDir = '', seed = '1'] = process.argv.slice(2);
const callsAtOnce = 24;
const clock = systemClock;
const ids = systemIds;
const log = silentLog;
const random = createSeededRandom(Number(seed));
const price = { price: { input: { perMillionUsd: '1' }, output: { perMillionUsd: '10' } }, source: 'test' };

/** Answers in some words with pauses; sometimes it breaks off, and sometimes it does not say what was used. */
const adapter: ModelAdapter = {
  provider: 'scripted',
  async *stream(_call, signal): AsyncGenerator<StreamPart, void, undefined> {
    yield { type: 'stream-start', warnings: [] };
    const chance = random.next();
    for (let word = 0; word < 8; word += 1) {
      await sleep(clock, 2 + random.next() * 20, signal);
      yield { type: 'text-delta', id: 't', delta: `word${word} ` };
      if (chance < 0.2 && word === 4) {
        const error = new ProviderError({ kind: 'network', provider: 'p', model: 'm', message: 'cut' });
        yield { type: 'stream-error', error };
        return;
      }
    }
    const usage = chance < 0.4 ? {} : { inputTokens: 5 + Math.floor(random.next() * 10), outputTokens: 16 };
    yield { type: 'stream-end', reason: { unified: 'stop' }, usage };
  },
  testConnection: () => Promise.reject(new Error('Not needed.')),
};

const database = await openDatabase({ kind: 'server', url });
const instanceId = ids.next('srv');
const metrics = createMetricsStore(database, { clock, log, instanceId, settings: testSettings(dataDir) });
const running = await startLedger(database, { clock, ids, log, storeRecords: () => metrics.writer.flush() });
const told: BudgetLedger = {
  room: (attributes) => running.ledger.room(attributes),
  async reserve(request) {
    const answer = await running.ledger.reserve(request);
    if (answer.isGranted) process.send?.(1);
    return answer;
  },
  extend: (id) => running.ledger.extend(id),
  settle(...given) {
    process.send?.(-1);
    running.ledger.settle(...given);
  },
  release: (id) => running.ledger.release(id),
};
const dependencies: ChainDependencies = {
  ...{ clock, ids, random, recorder: metrics.writer, deadlines: defaultDeadlines, policy: defaultChainPolicy },
  circuits: new CircuitBreakers({ clock, settings: () => ({}) as never }),
  retryBudgets: new RetryBudgets(clock),
  concurrency: new ConcurrencyLimits(clock, () => undefined),
  ledger: told,
};
const target = (modelId: string): DispatchTarget => {
  const [providerId = '', vendorModelId = ''] = modelId.split('/');
  return { providerId, modelId, vendorModelId, origin: 'simulated', adapter, price };
};
const candidates = [target('a/x'), target('b/y')];

async function callForEver(worker: number): Promise<void> {
  for (let n = 0; ; n += 1) {
    const text = 'What is the tide?'.repeat(1 + (n % 4));
    const call = { model: 'm', messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }] };
    const purpose = { teamId: 'team_1', source: 'complete', tags: [`worker-${worker % 3}`], userId: 'user_1' } as const;
    const listener = { onPart: () => {}, onReset: () => {} };
    const [first, second] = n % 2 === 0 ? candidates : [...candidates].reverse();
    if (!first || !second) return;
    await runChain([first, second], { ...call, maxOutputTokens: 40 }, purpose, dependencies, listener);
    await sleep(clock, 1 + random.next() * 5);
  }
}
process.send?.('ready');
await Promise.all(Array.from({ length: callsAtOnce }, (_, worker) => callForEver(worker)));
