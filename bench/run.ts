/** Runs one benchmark and commits its table to `bench/results/`: `pnpm bench <name>`; without a name it lists them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runAddedLatency } from './added-latency.ts';
import { runFailover } from './failover.ts';
import { runFanOut } from './fan-out.ts';
import type { BenchReport } from './harness/report.ts';
import { renderReport } from './harness/report.ts';
import { runLedger } from './ledger.ts';
import { runMetricsIngest } from './metrics-ingest.ts';
import { runMetricsQueries } from './metrics-queries.ts';
import { runObservability } from './observability.ts';
import { runRouterReplay } from './router-replay.ts';
import { runRoutingDecision } from './routing-decision.ts';
import { runStreaming } from './streaming.ts';
import { runTenantWall } from './tenant-wall.ts';
import { runTestKill } from './test-kill.ts';
import { runWorkflowKill } from './workflow-kill.ts';
import { runWorkflowOverhead } from './workflow-overhead.ts';

const benches: Readonly<Record<string, () => Promise<BenchReport>>> = {
  'added-latency': runAddedLatency,
  streaming: runStreaming,
  failover: runFailover,
  'fan-out': runFanOut,
  ledger: runLedger,
  'routing-decision': runRoutingDecision,
  'metrics-ingest': runMetricsIngest,
  'metrics-queries': runMetricsQueries,
  observability: runObservability,
  'tenant-wall': runTenantWall,
  'test-kill': runTestKill,
  'workflow-kill': runWorkflowKill,
  'workflow-overhead': runWorkflowOverhead,
  'routing-quality': () => runRouterReplay(process.argv[3]),
};

const name = process.argv[2] ?? '';
const bench = benches[name];
if (!bench) {
  console.error(`Name a benchmark: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const text = renderReport(name, await bench());
console.log(text);
const folder = join(import.meta.dirname, 'results');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, `${name}.md`), text);
process.exit(0);
